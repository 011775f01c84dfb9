"""Fits the refusal threshold per language on one half of the questions, and shows it on the other.

Half "a" is the split "dev" where there are splits, else half of the groups (articles, documents).

The threshold is the lowest confidence from which the answers given are right in the share asked
for (target precision), judged on questions of half "a". Half "b" says what that is worth. Beside it
stands an isotonic map from confidence to probability and the curve that the choice came from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from eval.errors import RunError
from eval.measures.refusal import aurc, expected_calibration_error, refusal_scores
from eval.scoring import Scores
from eval.select import part_of
from eval.stats.isotonic import isotonic
from eval.summary import confidence_and_right
from eval.types import Outcome, Question

FEWEST = 20  # questions of a half below which nothing is fitted
KNOTS = 50  # points kept of a fitted map


@dataclass(frozen=True, slots=True)
class Point:
    """One threshold: answers given at or above it, and what they are worth."""

    threshold: float
    coverage: float
    precision: float
    refusal_precision: float
    refusal_recall: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted for one language on half "a", and its worth on half "b".

    `reached` is False when no threshold had the precision asked for; the threshold is then the one
    with the best. `ece_before` and `ece_after` are those of the confidence as it comes and through
    the map, on half "b".
    """

    language: str
    threshold: float
    reached: bool
    fitted_on: int
    shown_on: int
    shown: Point
    aurc: float
    ece_before: float
    ece_after: float
    knots: tuple[tuple[float, float], ...]
    curve: tuple[Point, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def fit_thresholds(
    questions: Sequence[Question],
    outcomes: Mapping[str, Outcome],
    scores: Scores,
    target: float,
) -> list[Fit]:
    """One fit per question language. Raises `RunError` when a half has too few questions."""
    return [
        _fit(language, halves, outcomes, scores, target)
        for language, halves in halves_of(questions).items()
    ]


def halves_of(questions: Sequence[Question]) -> dict[str, dict[str, list[Question]]]:
    """The two halves per question language. Raises `RunError` when one has too few questions."""
    found = {}
    for language in sorted({question.language for question in questions}):
        own = [question for question in questions if question.language == language]
        halves = {half: [q for q in own if part_of(q) == half] for half in "ab"}
        if min(len(part) for part in halves.values()) < FEWEST:
            raise RunError(
                f"The data set has too few questions in {language!r} to fit on one half and show "
                f"on the other ({FEWEST} each are needed); take a larger one."
            )
        found[language] = halves
    return found


def _fit(
    language: str,
    halves: Mapping[str, Sequence[Question]],
    outcomes: Mapping[str, Outcome],
    scores: Scores,
    target: float,
) -> Fit:
    sure, right = _arrays(halves["a"], outcomes, scores)
    answerable = np.asarray([question.answerable for question in halves["a"]])
    curve = tuple(_point(t, sure, right, answerable) for t in _thresholds(sure))
    good = [point for point in curve if point.precision >= target]
    best = good[0] if good else max(curve, key=lambda point: point.precision)
    x, y = isotonic(sure, right)
    kept = np.unique(np.linspace(0, len(x) - 1, KNOTS).astype(int))
    other, worth = _arrays(halves["b"], outcomes, scores)
    shown = np.asarray([question.answerable for question in halves["b"]])
    mapped = np.interp(other, x[kept], y[kept])
    return Fit(
        language,
        best.threshold,
        bool(good),
        len(sure),
        len(other),
        _point(best.threshold, other, worth, shown),
        aurc(other, worth),
        expected_calibration_error(other, worth),
        expected_calibration_error(mapped, worth),
        tuple((float(x[place]), float(y[place])) for place in kept),
        curve,
    )


def _arrays(
    questions: Sequence[Question], outcomes: Mapping[str, Outcome], scores: Scores
) -> tuple[np.ndarray, np.ndarray]:
    confidence, right = confidence_and_right(questions, outcomes, scores)
    return np.asarray(confidence, float), np.asarray(right, float)


def _thresholds(sure: np.ndarray) -> np.ndarray:
    """Up to 101 thresholds, rising, each a confidence that occurs."""
    values: np.ndarray = np.unique(np.quantile(sure, np.linspace(0, 1, 101), method="lower"))
    return values


def _point(threshold: float, sure: np.ndarray, right: np.ndarray, answerable: np.ndarray) -> Point:
    answered = sure >= threshold
    precision, recall, _ = refusal_scores(answerable.tolist(), answered.tolist())
    worth = float(right[answered].mean()) if answered.any() else 0.0
    return Point(float(threshold), float(answered.mean()), worth, precision, recall)


def curve_csv(fits: Sequence[Fit]) -> str:
    """The curves as CSV, one row per language and threshold."""
    names = ("threshold", "coverage", "precision", "refusal_precision", "refusal_recall")
    lines = [",".join(("language", *names))]
    lines += [
        ",".join((fit.language, *(f"{getattr(point, name):.6f}" for name in names)))
        for fit in fits
        for point in fit.curve
    ]
    return "\n".join(lines) + "\n"
