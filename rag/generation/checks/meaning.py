"""How far a quote supports a sentence, by the alignment of their words and by their vectors.

A row of numbers per pair feeds a logistic model fitted on XNLI (entailment against the rest, both
languages and across: `python -m rag.generation.fitting`). It is a weak judge of fine differences,
which the other checks see, and a fair one of sentences that speak of something else.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from rag.generation.checks.elements import Text, words
from rag.generation.checks.polarity import stance

NAMES = (
    "cosine",
    "match",
    "worst_match",
    "unmatched",
    "covered",
    "negation",
    "length",
    "across",
)
Row = npt.NDArray[np.float32]
_POOR = 0.35  # centred cosine below which a word has no counterpart
_DATA = "data/entailment.json"


def row_of(sentence: Text, quote: Text, cosine: float, across: bool) -> Row:
    """(len(NAMES),) the features of one pair; `cosine` is that of the two texts' vectors."""
    own, other = words(sentence, ()), words(quote, ())
    if own and other:
        alike = np.stack([w.vector for w in own]) @ np.stack([w.vector for w in other]).T
        best, back = alike.max(axis=1), alike.max(axis=0)
    else:
        best = back = np.zeros(1, np.float32)
    mine, theirs = stance(sentence.text), stance(quote.text)
    values = {
        "cosine": cosine,
        "match": float(best.mean()),
        "worst_match": float(best.min()),
        "unmatched": float((best < _POOR).mean()),
        "covered": float(back.mean()),
        "negation": float(bool(mine.negated) != bool(theirs.negated)),
        "length": min(len(own) / max(len(other), 1), 3.0),
        "across": float(across),
    }
    return np.array([values[name] for name in NAMES], np.float32)


@dataclass(frozen=True, slots=True)
class Entailment:
    """p = 1 / (1 + exp(-(bias + weights . (row - mean) / scale))), and the p from which on a
    sentence counts as supported, within one language and across."""

    bias: float
    weights: Row
    mean: Row
    scale: Row
    same: float
    across: float

    def supports(self, row: Row) -> bool:
        """Whether the quote behind this row says enough for its sentence."""
        wanted = self.across if row[NAMES.index("across")] else self.same
        return self.probability(row) >= wanted

    def probability(self, row: Row) -> float:
        """That the quote entails the sentence behind this row."""
        logit = self.bias + float(((row - self.mean) / self.scale) @ self.weights)
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


@cache
def load_entailment() -> Entailment:
    """The shipped weights."""
    held = json.loads(resources.files("rag").joinpath(_DATA).read_text("utf-8"))
    columns = held["columns"]
    weights, mean, scale = (
        np.array([columns[name][part] for name in NAMES], np.float32)
        for part in ("weight", "mean", "scale")
    )
    return Entailment(
        float(held["bias"]), weights, mean, scale, float(held["same"]), float(held["across"])
    )
