"""Rows for the calibration: questions with their passage in the index, and with it taken out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rag.answering.evidence import judged, weigh
from rag.answering.fitting.passages import Corpus, right
from rag.answering.fitting.tasks import Task
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


def judge(passages: Passages, ranker: Ranker, language: str, shown: int = 3) -> Row | None:
    """The row for a question over these passages, as the pipeline makes it."""
    evidence = weigh(passages, language, ranker)
    if evidence is None:
        return None
    order = evidence.order()[:shown]
    cited = list(dict.fromkeys(evidence.candidates[at].passage for at in order))
    return judged(evidence, passages, cited, ranker.token_weights(passages.question))[0]


def removals(task: Task, ranker: Ranker, step: int = 1) -> Iterator[Judged]:
    """Every `step`-th question twice: as it is, and with its gold passage out of the index."""
    corpus = Corpus(task)
    language = task.questions.language
    for asked in task.asked[::step]:
        for without in (None, asked.passage):
            numbers = corpus.best(asked.question, without=without)
            passages = corpus.passages(asked.question, numbers)
            row = judge(passages, ranker, language)
            evidence = weigh(passages, language, ranker)
            if row is None or evidence is None:
                continue
            good = bool(right(evidence, asked, numbers)[int(np.argmax(evidence.scores))])
            yield Judged(language, row, good, without is None, asked.question)
