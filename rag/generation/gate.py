"""Whether to answer at all: the extractive answerer's probability and the model's own, together.

p = 1 / (1 + exp(-(bias + a logit(extractive) + b logit(model)))), per language. The shipped weights
were fitted on the `dev` questions with a model of 1.5 billion parameters (decision 0802;
`python benchmarks/llm.py --fit-gate`). The gate only refuses what the extractive answerer would
answer; without log-probabilities that one decides alone.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Gate:
    """The weights of one language, and the probability from which on an answer is tried."""

    bias: float
    extractive: float
    model: float
    threshold: float

    def probability(self, extractive: float, model: float | None) -> float:
        """That the sources answer the question; the extractive one's when the model tells none."""
        if model is None:
            return extractive
        z = self.bias + self.extractive * logit(extractive) + self.model * logit(model)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def logit(probability: float) -> float:
    """log(p / (1 - p)), with p kept off 0 and 1."""
    held = max(0.001, min(0.999, probability))
    return math.log(held / (1 - held))


@cache
def load_gates() -> dict[str, Gate]:
    """The shipped weights by language of the question."""
    text = resources.files("rag").joinpath("data/gate.json").read_text("utf-8")
    return {
        language: Gate(
            float(held["bias"]),
            float(held["extractive"]),
            float(held["model"]),
            float(held["threshold"]),
        )
        for language, held in json.loads(text)["languages"].items()
    }
