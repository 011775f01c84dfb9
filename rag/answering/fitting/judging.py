"""Rows for the calibration: questions with their passage in the index, and with it taken out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.answering.evidence import Evidence, judged, weigh
from rag.answering.fitting.passages import Corpus, right
from rag.answering.fitting.tasks import Task
from rag.answering.grouping import groups
from rag.answering.ranker import Ranker, Row
from rag.answering.sources import Passages


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: its `judge.NAMES` row, whether the best sentence is right, whether the index
    has an answer at all, and its weight in the fit. `group` keeps its variants in one fold."""

    language: str
    row: Row
    right: bool
    answerable: bool
    group: int
    weight: float = 1.0


def judge(evidence: Evidence, passages: Passages, ranker: Ranker, shown: int = 3) -> Row:
    """The row for a question, as the pipeline makes it."""
    cited = list(dict.fromkeys(group.passage for group in groups(evidence, shown)))
    return judged(evidence, passages, cited, ranker.token_weights(passages.question))[0]


def first_right(evidence: Evidence, good: npt.NDArray[np.bool_]) -> bool:
    """Whether the first quote holds a candidate that `good` (n,) calls right."""
    members = groups(evidence, 1)[0].members
    return any(good[at] for at, candidate in enumerate(evidence.candidates) if candidate in members)


def removals(task: Task, ranker: Ranker, step: int = 1) -> Iterator[Judged]:
    """Every `step`-th question twice: as it is, and with its gold passage out of the index."""
    corpus = Corpus(task)
    language = task.questions.language
    for asked in task.asked[::step]:
        for without in (None, asked.passage):
            numbers = corpus.best(asked.question, without=without)
            passages = corpus.passages(asked.question, numbers)
            evidence = weigh(passages, language, ranker)
            if evidence is not None:
                row = judge(evidence, passages, ranker)
                good = first_right(evidence, right(evidence, asked, numbers))
                yield Judged(language, row, good, without is None, asked.question)
