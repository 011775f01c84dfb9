"""How well a system knows when not to answer.

- Refusal precision and recall: "refused" is the positive class.
- Risk-coverage curve and its area, AURC (El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017): take
  questions by falling confidence; risk is the share of wrong ones among those taken.
- Expected calibration error (Naeini et al. 2015): mean gap between confidence and the share right,
  over bins of equal width, weighted by their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = Sequence[float] | Sequence[bool] | Floats  # (n,)


def refusal_scores(
    answerable: Sequence[bool], answered: Sequence[bool]
) -> tuple[float, float, float]:
    """Precision, recall and F1 of refusing; 0.0 where nothing was (or ought to be) refused."""
    right = sum(not a and not b for a, b in zip(answerable, answered, strict=True))
    refused, ought = answered.count(False), answerable.count(False)
    precision = right / refused if refused else 0.0
    recall = right / ought if ought else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def risk_coverage(confidence: Numbers, right: Numbers) -> tuple[Floats, Floats]:
    """Coverage 1/n ... 1 and the risk at each. Equal confidences share their mean outcome.

    Without that rule the order of ties, which a system does not choose, would change the area.
    """
    order = np.argsort(-np.asarray(confidence, float), kind="stable")
    wrong = 1.0 - np.asarray(right, float)[order]
    sure = np.asarray(confidence, float)[order]
    _, inverse, counts = np.unique(-sure, return_inverse=True, return_counts=True)
    wrong = (np.bincount(inverse, weights=wrong) / counts)[inverse]
    taken = np.arange(1, len(wrong) + 1)
    return taken / max(len(wrong), 1), np.cumsum(wrong) / taken


def aurc(confidence: Numbers, right: Numbers) -> float:
    """Area under the risk-coverage curve: mean risk over the coverages 1/n ... 1; 0 is best."""
    _, risk = risk_coverage(confidence, right)
    return float(risk.mean()) if len(risk) else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of the reliability diagram: mean confidence, share right, and how many."""

    low: float
    high: float
    confidence: float
    right: float
    count: int


def reliability(confidence: Numbers, right: Numbers, bins: int = 10) -> list[Bin]:
    """Bins of equal width over [0, 1] that hold at least one question."""
    sure, outcome = np.asarray(confidence, float), np.asarray(right, float)
    place = np.minimum((np.clip(sure, 0, 1) * bins).astype(int), bins - 1)
    found = []
    for number in range(bins):
        inside = place == number
        if inside.any():
            mean, share = float(sure[inside].mean()), float(outcome[inside].mean())
            low, high = number / bins, (number + 1) / bins
            found.append(Bin(low, high, mean, share, int(inside.sum())))
    return found


def expected_calibration_error(confidence: Numbers, right: Numbers, bins: int = 10) -> float:
    """ECE in [0, 1]; 0 is best."""
    total = len(confidence)
    return sum(
        found.count / total * abs(found.confidence - found.right)
        for found in reliability(confidence, right, bins)
    )
