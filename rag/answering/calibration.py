"""Probabilities that the best sentence is right and that the passages hold an answer at all.

p = 1 / (1 + exp(-(a + b . row))) with the row of `judge.NAMES`, fitted per language of the question
(Platt 1999, over several scores). `rag/data/answer_calibration.json` keeps the weights and, for
held-out questions, which share of those at least as probable was right: a wanted precision is
looked up there, so settings never hold raw scores.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from rag.answering.judge import NAMES

_WITHOUT = {"weight": 0.0, "mean": 0.0, "scale": 1.0}  # a column that a model does not look at


@dataclass(frozen=True, slots=True)
class Model:
    """One probability. `curve` pairs probabilities, ascending, with the precision of all
    held-out answers, in any language, that were at least as probable."""

    bias: float
    weights: npt.NDArray[np.float32]
    mean: npt.NDArray[np.float32]
    scale: npt.NDArray[np.float32]
    curve: tuple[tuple[float, float], ...]

    def probability(self, row: npt.NDArray[np.float32]) -> float:
        """Of the question behind this row."""
        logit = self.bias + float(((row - self.mean) / self.scale) @ self.weights)
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    def threshold(self, precision: float) -> float:
        """The least probability from which on answers were right at least this often; above
        every probability seen if none were."""
        reached = [probability for probability, share in self.curve if share >= precision]
        return min(reached, default=self.curve[-1][0] if self.curve else 1.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """One language's models: the best sentence is `right`; the passages make it `answerable`."""

    right: Model
    answerable: Model


@cache
def load_calibrations(*, read: bool) -> dict[str, Calibration]:
    """The shipped models by language of the question, for answers whose quotes were `read`
    (`rag.answering.reading`) or not."""
    text = resources.files("rag").joinpath("data/answer_calibration.json").read_text("utf-8")
    return {
        language: Calibration(_parse(entry["right"]), _parse(entry["answerable"]))
        for language, entry in json.loads(text)["read" if read else "unread"].items()
    }


def _parse(entry: dict) -> Model:
    columns = [entry["columns"].get(name, _WITHOUT) for name in NAMES]
    weights, mean, scale = (
        np.array([column[part] for column in columns], np.float32)
        for part in ("weight", "mean", "scale")
    )
    curve = tuple((float(p), float(share)) for p, share in entry["curve"])
    return Model(float(entry["bias"]), weights, mean, scale, curve)
