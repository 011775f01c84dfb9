"""Rows for the calibration: what was asked of passages, judged with some ranker's scores."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.encoders.joint_reader import JointReader
from rag.answering.evidence import Evidence, weigh
from rag.answering.features import NAMES
from rag.answering.fitting.gold import AskedGold, mark_of
from rag.answering.fitting.linear import Rated
from rag.answering.fitting.passages import Corpus, right
from rag.answering.fitting.tasks import Asked, Task
from rag.answering.language import question_language
from rag.answering.options import AnswerOptions
from rag.answering.ranker import Ranker, Row
from rag.answering.reading import best_quotes
from rag.answering.sources import Passages
from rag.answering.verdict import judged

Source = Literal["own", "other", "xquad"]  # "other": by hands never taught


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: its `judge.NAMES` row, whether the best sentence is right, whether the index
    has an answer at all, and what documents it is asked of. `group` keeps its variants in one
    fold."""

    language: str
    row: Row
    right: bool
    answerable: bool
    group: int
    source: Source = "xquad"


@dataclass(frozen=True, slots=True)
class Trial:
    """A question with its passages, weighed once; `good` (n,) tells which candidates are right."""

    language: str
    passages: Passages
    evidence: Evidence
    good: npt.NDArray[np.bool_]
    answerable: bool
    group: int

    def rated(self, weight: float = 1.0) -> Rated:
        """For the fit of the ranker."""
        rows = np.stack([self.evidence.columns[name] for name in NAMES], axis=1)
        same = self.evidence.columns["same_language"] > 0.5
        return Rated(rows, self.good, same, weight)

    def scored(self, ranker: Ranker) -> Evidence:
        """The evidence with this ranker's scores."""
        return replace(self.evidence, scores=ranker.scores(self.evidence.columns))

    def judged(self, ranker: Ranker, joint: JointReader | None, source: Source = "xquad") -> Judged:
        """For the calibration, as the pipeline would judge it, with quotes read by `joint`."""
        evidence = self.scored(ranker)
        quotes = best_quotes(evidence, self.passages, AnswerOptions(), joint)
        row = judged(evidence, self.passages, quotes, ranker)[0]
        members = quotes.groups[0].members
        every = enumerate(evidence.candidates)
        first = any(self.good[at] for at, candidate in every if candidate in members)
        return Judged(self.language, row, first, self.answerable, self.group, source)


def trial_of(asked: AskedGold) -> Trial:
    """A question over documents like the product's own."""
    question = asked.gold.question
    return Trial(
        question_language(question),
        asked.passages,
        asked.evidence,
        asked.right,
        bool(asked.gold.answers),
        mark_of(asked.gold.fact),
    )


def trials(task: Task, ranker: Ranker, step: int = 1) -> Iterator[Trial]:
    """Every `step`-th question twice: as it is, and with its gold passages out of the index."""
    corpus = Corpus(task)
    for asked in task.asked[::step]:
        for without in ((), tuple(asked.places)):
            yield from _tried(corpus, asked, ranker, asked.question, without)


def near_trials(task: Task, ranker: Ranker) -> Iterator[Trial]:
    """The questions of a task and its near misses; those of one passage are one group."""
    corpus = Corpus(task)
    for asked in (*task.asked, *task.misses):
        yield from _tried(corpus, asked, ranker, mark_of(task.passages.texts[asked.passage]))


def _tried(
    corpus: Corpus, asked: Asked, ranker: Ranker, group: int, without: tuple[int, ...] = ()
) -> Iterator[Trial]:
    """One question, unless its passages have no sentence."""
    language = corpus.task.questions.language
    numbers = corpus.best(asked.question, without=without)
    passages = corpus.passages(asked.question, numbers)
    evidence = weigh(passages, language, ranker)
    if evidence is not None:
        good = right(evidence, asked, numbers)
        known = bool(asked.spans) and not without
        yield Trial(language, passages, evidence, good, known, group)
