"""The passages that a search would hand over for a question of a task."""

from collections import Counter
from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from index.analysis.analyzer import Analyzer
from index.analysis.words import terms_of
from index.search.bridges import Bridges
from index.search.glossary import own_glossary
from index.search.lexical import idf
from index.search.question import understand
from index.search.settings import SearchSettings
from index.types import Chunk, Hit
from index.types import Evidence as Seen
from rag.answering.evidence import Evidence
from rag.answering.fitting.tasks import Asked, Task
from rag.answering.fitting.texts import languages_of
from rag.answering.sources import Passages, context_of

_DENSE = 20
_ANALYZER = Analyzer()
_BRIDGES = Bridges(_ANALYZER, own_glossary(), SearchSettings())


class Corpus:
    """A task's passages, searched by vectors and then by MaxSim, each language by itself."""

    def __init__(self, task: Task, keep: int = 6) -> None:
        self.task = task
        own = task.passages
        self._pools = [np.flatnonzero(some) for some in languages_of(own)]
        self._keep = max(keep // len(self._pools), 4)
        self._frequency: Counter[str] = Counter()
        for number, text in enumerate(own.texts):
            terms = terms_of(text, own.language_of(number))
            self._frequency.update({term.term for term in terms})
        nothing = ("",) * len(own.texts)
        self._titles, headings = task.titles or nothing, task.headings or nothing
        self._chunks = [
            _chunk(number, text, own.language_of(number), headings[number])
            for number, text in enumerate(own.texts)
        ]

    def best(self, question: int, *, without: Collection[int] = ()) -> list[int]:
        """Numbers of the best passages, `without` those that are to be missing."""
        dense = self.task.passages.vectors @ self.task.questions.vectors[question]
        dense[list(without)] = -2.0
        tokens = self.task.questions.tokens[question]
        own = self.task.passages.tokens
        found: list[tuple[float, int]] = []
        for pool in self._pools:
            near = pool[np.argsort(-dense[pool], kind="stable")[:_DENSE]]
            late = [(float((tokens @ own[at].T).max(axis=1).mean()), int(at)) for at in near]
            found += sorted(late, key=lambda each: (-each[0], each[1]))[: self._keep]
        found.sort(key=lambda each: (-each[0], each[1]))
        return [at for _, at in found if at not in without]

    def passages(self, question: int, numbers: list[int]) -> Passages:
        """These passages for this question."""
        questions, own = self.task.questions, self.task.passages
        text = questions.texts[question]
        query = _BRIDGES.extend(understand(text, _ANALYZER))
        total, titles = len(own.texts), [self._titles[number] for number in numbers]
        hits = tuple(
            Hit(self._chunks[number], 0.0, rank, (Seen("late", 0.0, rank),))
            for rank, number in enumerate(numbers, start=1)
        )
        return Passages(
            hits=hits,
            query=query,
            question=questions.tokens[question],
            question_spans=questions.spans[question],
            tokens=tuple(own.tokens[number] for number in numbers),
            spans=tuple(own.spans[number] for number in numbers),
            titles=tuple(titles),
            contexts=tuple(
                context_of(title, hit.chunk.heading)
                for title, hit in zip(titles, hits, strict=True)
            ),
            rarity={t.term: idf(self._frequency.get(t.term, 0), total) for t in query.terms},
        )


def right(evidence: Evidence, asked: Asked, numbers: list[int]) -> npt.NDArray[np.bool_]:
    """(n,) which candidates hold (a part of) the answer in a passage of its own."""
    places = asked.places
    return np.array(
        [
            any(
                start < candidate.end and end > candidate.start
                for start, end in places.get(numbers[candidate.passage], ())
            )
            for candidate in evidence.candidates
        ],
        bool,
    )


def _chunk(number: int, text: str, language: str, heading: str) -> Chunk:
    name = f"document{number}"
    return Chunk(
        f"{name}:0-{len(text)}", name, 0, len(text), (1,), heading, language, "public", text
    )
