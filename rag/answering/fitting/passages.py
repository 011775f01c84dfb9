"""The passages that a search would hand over for a question of a task."""

from collections import Counter

import numpy as np
import numpy.typing as npt

from index.analysis.analyzer import Analyzer
from index.search.bridges import Bridges
from index.search.glossary import Glossary, shipped_glossary
from index.search.lexical import idf
from index.search.question import understand
from index.search.settings import SearchSettings
from index.types import Chunk, Hit
from rag.answering.evidence import Evidence
from rag.answering.fitting.tasks import Asked, Task
from rag.answering.sources import Passages
from rag.answering.words import terms_of

_DENSE = 20
_ANALYZER = Analyzer()
_BRIDGES = Bridges(_ANALYZER, Glossary(shipped_glossary(), _ANALYZER), SearchSettings())


class Corpus:
    """A task's passages, searched by vectors and then by MaxSim."""

    def __init__(self, task: Task, keep: int = 6) -> None:
        self.task = task
        self.keep = keep
        own = task.passages
        self._frequency: Counter[str] = Counter()
        for text in own.texts:
            self._frequency.update({term.term for term in terms_of(text, own.language)})
        self._hits = [
            Hit(_chunk(number, text, own.language), 0.0, 1, ())
            for number, text in enumerate(own.texts)
        ]

    def best(self, question: int, *, without: int | None = None) -> list[int]:
        """Numbers of the best passages, `without` one that is to be missing."""
        dense = self.task.passages.vectors @ self.task.questions.vectors[question]
        if without is not None:
            dense[without] = -2.0
        tokens = self.task.questions.tokens[question]
        near = np.argsort(-dense, kind="stable")[:_DENSE]
        own = self.task.passages.tokens
        late = [float((tokens @ own[place].T).max(axis=1).mean()) for place in near]
        order = np.argsort(-np.array(late), kind="stable")[: self.keep]
        return [int(near[place]) for place in order if int(near[place]) != without]

    def passages(self, question: int, numbers: list[int]) -> Passages:
        """These passages for this question."""
        questions, own = self.task.questions, self.task.passages
        text = questions.texts[question]
        query = _BRIDGES.extend(understand(text, _ANALYZER))
        total = len(own.texts)
        return Passages(
            hits=tuple(self._hits[number] for number in numbers),
            query=query,
            question=questions.tokens[question],
            question_spans=questions.spans[question],
            tokens=tuple(own.tokens[number] for number in numbers),
            spans=tuple(own.spans[number] for number in numbers),
            titles=("",) * len(numbers),
            rarity={t.term: idf(self._frequency.get(t.term, 0), total) for t in query.terms},
        )


def right(evidence: Evidence, asked: Asked, numbers: list[int]) -> npt.NDArray[np.bool_]:
    """(n,) which candidates hold (a part of) the answer in its own passage."""
    return np.array(
        [
            numbers[candidate.passage] == asked.passage
            and any(s < candidate.end and e > candidate.start for s, e in asked.spans)
            for candidate in evidence.candidates
        ]
    )


def _chunk(number: int, text: str, language: str) -> Chunk:
    name = f"document{number}"
    return Chunk(f"{name}:0-{len(text)}", name, 0, len(text), (1,), "", language, "public", text)
