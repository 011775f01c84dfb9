"""Whether the passages answer the question at all: one row of numbers about the whole choice.

The row feeds a logistic model (see `calibration`) whose output is the probability that the best
sentence answers. `NAMES` are its columns and the keys of the model's weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.types import Spans, Vectors
from rag.answering.concepts import Concept
from rag.answering.holdings import Holdings

NAMES = (
    "best",
    "margin",
    "match",
    "passage_match",
    "least_match",
    "names_match",
    "terms",
    "terms_in_context",
    "names",
    "names_in_context",
    "numbers",
    "names_missing",
    "numbers_missing",
    "names_far",
    "other_place",
    "other_year",
    "lacks_figure",
    "lacks_name",
    "offers_figure",
    "offers_name",
    "offers_exact",
    "offer_near",
    "focus",
    "name_gap",
    "place_gap",
    "year_gap",
    "number_gap",
    "uncovered",
    "least_covered",
    "rank",
    "agreement",
    "same_language",
    "read_first",
    "read_any",
    "read_again",
)
# The columns of `reading`, 0 where nothing was read.
READ = ("read_first", "read_any", "read_again")
_SURE = 12.0  # log-odds beyond which nothing is told


@dataclass(frozen=True, slots=True)
class Missing:
    """What the question names and the cited passages do not: its own wording. `years` are those
    of which a figure is asked for while the first quote speaks of other years only."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    years: tuple[str, ...] = ()


def concept_match(
    concept: Concept, text: str, question: Vectors, spans: Spans, passage: Vectors
) -> float:
    """How well a passage answers to a concept's words: the mean over their tokens of the best
    centred cosine; 1 when the concept has no token."""
    start = text.find(concept.surface)
    mask = (spans[:, 0] < start + len(concept.surface)) & (spans[:, 1] > start)
    if start < 0 or not mask.any() or not len(passage):
        return 1.0
    return float((question[mask] @ passage.T).max(axis=1).mean())


def judge_row(
    best: int,
    scores: npt.NDArray[np.float32],
    columns: dict[str, npt.NDArray[np.float32]],
    passages: Sequence[int],
    names: Sequence[float],
    missing: Mapping[str, float],
) -> npt.NDArray[np.float32]:
    """(len(NAMES),) the row for candidates with these ranker `scores` and feature `columns`, of
    which number `best` is quoted first.

    `passages[i]` is the passage of candidate i, `names` how well the best passage answers to each
    name of the question, `missing` the columns about what the question says and the quotes do not.
    """
    order = np.argsort(-scores, kind="stable")
    rivals = [i for i in order if passages[i] != passages[best]]
    margin = float(scores[best] - scores[rivals[0]]) if rivals else 5.0
    row = {
        "best": float(scores[best]),
        "margin": float(np.clip(margin, -10.0, 10.0)),
        "match": float(columns["weighted_match"][best]),
        "passage_match": float(columns["weighted_passage_match"][best]),
        "names_match": min(names, default=1.0),
        "terms": float(columns["terms"][best]),
        "terms_in_context": float(columns["terms_in_context"][best]),
        "agreement": _agreement(columns, passages, best),
    }
    row = {name: float(columns[name][best]) for name in NAMES if name in columns} | row
    row |= missing
    return np.array([row[name] for name in NAMES], np.float32)


def read_columns(odds: Sequence[float], again: Sequence[float] = ()) -> dict[str, float]:
    """The log-odds that the first quote answers, that any that was read does, and that any does of
    those that were read `again`, by that reader alone; all against none doing so."""
    if not odds:
        return dict.fromkeys(READ, 0.0)
    first = float(np.clip(odds[0], -_SURE, _SURE))
    return dict(zip(READ, (first, _any(odds), _any(again) if again else 0.0), strict=True))


def _any(odds: Sequence[float]) -> float:
    return min(float(np.logaddexp.reduce(np.array(odds))), _SURE)


def _agreement(
    columns: dict[str, npt.NDArray[np.float32]], passages: Sequence[int], best: int
) -> float:
    """The share of the passage-wide signals that put the best sentence's passage first."""
    signals = ("weighted_passage_match", "dense_passage", "passage_terms")
    votes = [passages[int(np.argmax(columns[name]))] == passages[best] for name in signals]
    return sum(votes) / len(votes)


def missing_from(
    held: Holdings, passages: Sequence[int], matches: dict[int, float], threshold: float
) -> Missing:
    """Names and numbers of the question that none of these passages holds.

    A name in another language that no table knows still counts as held when its tokens answer to
    tokens of the passage better than `threshold`; a number must stand there.
    """
    found = set().union(*(held.passage(each) for each in passages)) if passages else set()
    names: list[str] = []
    numbers: list[str] = []
    for at, concept in enumerate(held.concepts):
        if at in found:
            continue
        if concept.sort == "number":
            numbers.append(concept.surface)
        elif concept.sort == "name" and matches.get(at, 0.0) < threshold:
            names.append(concept.surface)
    return Missing(tuple(names), tuple(numbers))
