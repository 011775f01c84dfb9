"""What the question layers are fitted on: questions with passages, some of which answer them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoders.joint_reader import LowerLayers
from index.search.fusion import LATE_SPREAD
from index.search.searcher import Searcher
from index.sentences import sentence_spans
from index.stores import token_codec as codec
from index.stores.base import Rows, Scores
from index.stores.token_means import shipped
from index.types import Hit, Vectors
from rag.answering.alignment import inside
from rag.answering.candidates import sentences_of
from rag.answering.fitting.gold import GoldQuestion, holds
from rag.answering.fitting.tasks import Task

_CANDIDATES = 40
_NOWHERE = -1


@dataclass(frozen=True)
class Library:
    """Passages: their `vectors` (n, d), `languages` (n,), the codes (t_i, b) of their tokens and
    the number of the sentence that each token stands in (-1: none)."""

    vectors: Vectors
    languages: npt.NDArray[np.str_]
    codes: Sequence[codec.Codes]
    sentences: Sequence[npt.NDArray[np.int64]]

    @cached_property
    def means(self) -> Mapping[str, Vectors]:
        """What is taken off token vectors, by language."""
        return shipped()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One question over a library.

    `states` (s, d) are those of the lower layers, `asking` (q,) the places of the tokens that ask
    and `weights` (q,) their weights, which sum to 1. `candidates` (c,) are passages, best first,
    `fixed` (c,) what else speaks for each, in standard deviations. `spots` are the passages that
    hold the answer, with the numbers of the right sentences, as far as they are known.
    """

    library: Library
    language: str
    states: Vectors
    asking: Rows
    weights: npt.NDArray[np.float32]
    candidates: Rows
    fixed: Scores
    spots: Mapping[int, frozenset[int]]


def own_lessons(
    searcher: Searcher, questions: Iterable[GoldQuestion], lower: LowerLayers
) -> Iterator[Lesson]:
    """The answerable questions over an index, with what the search finds for them."""
    reader = searcher.reader
    rows = reader.dense.rows()
    chunks = reader.chunks(rows)
    tokens, spans = reader.tokens.read(rows)
    sentences = [sentences_of([Hit(chunk, 0.0, 1, ())]) for chunk in chunks]
    library = Library(
        reader.dense.vectors(rows),
        np.array([chunk.language for chunk in chunks]),
        [np.packbits(own > 0, axis=1) for own in tokens],
        [
            numbered(places, [(one.start, one.end) for one in own])
            for places, own in zip(spans, sentences, strict=True)
        ],
    )
    files = [Path(reader.document(chunk.document_id).path).name for chunk in chunks]
    for gold in questions:
        names = {name for name, _ in gold.answers}
        spots = {
            at: frozenset(
                number
                for number, one in enumerate(sentences[at])
                if holds(gold, files[at], one.text)
            )
            for at, chunk in enumerate(chunks)
            if files[at] in names and holds(gold, files[at], chunk.text)
        }
        found = searcher.find(gold.question, _CANDIDATES)
        late = searcher.question_tokens(found)
        if not spots or late is None:
            continue
        (item,) = lower.questions([found.query.text])
        asking = np.isin(item.spans[:, 0].clip(0), late.spans[:, 0]) & (item.spans[:, 1] > 0)
        if asking.sum() != len(late.weights):
            continue
        yield Lesson(
            library,
            found.query.language,
            lower.states(item)[0],
            np.flatnonzero(asking),
            late.weights,
            np.searchsorted(rows, found.rows),
            np.array([hit.score - _late(hit) / LATE_SPREAD for hit in found.hits], np.float32),
            spots,
        )


def public_lessons(task: Task, lower: LowerLayers, step: int) -> Iterator[Lesson]:
    """Every `step`-th question of a task, with the passages nearest to it by their vectors."""
    own, questions = task.passages, task.questions
    languages = [own.language_of(at) for at in range(len(own.texts))]
    sentences = [
        sentence_spans(text, language) for text, language in zip(own.texts, languages, strict=True)
    ]
    library = Library(
        own.vectors,
        np.array(languages),
        [np.packbits(tokens > 0, axis=1) for tokens in own.tokens],
        [numbered(*pair) for pair in zip(own.spans, sentences, strict=True)],
    )
    for asked in task.asked[::step]:
        (item,) = lower.questions([questions.texts[asked.question]])
        told = questions.spans[asked.question]
        asking = np.isin(item.spans[:, 0].clip(0), told[:, 0]) & (item.spans[:, 1] > 0)
        near = np.argsort(-(own.vectors @ questions.vectors[asked.question]), kind="stable")
        candidates = near[[len(own.tokens[place]) > 0 for place in near]][:_CANDIDATES]
        yield Lesson(
            library,
            questions.language,
            lower.states(item)[0],
            np.flatnonzero(asking),
            np.full(int(asking.sum()), 1 / max(int(asking.sum()), 1), np.float32),
            candidates,
            np.zeros(len(candidates), np.float32),
            {
                place: frozenset(
                    number
                    for number, (start, end) in enumerate(sentences[place])
                    if any(start < last and end > first for first, last in spans)
                )
                for place, spans in asked.places.items()
            },
        )


def numbered(
    spans: npt.NDArray[np.int32], sentences: Sequence[tuple[int, int]]
) -> npt.NDArray[np.int64]:
    """(t,) the number of the sentence that each token stands in, -1 for none."""
    found = np.full(len(spans), _NOWHERE)
    for number, (start, end) in enumerate(sentences):
        found[inside(spans, start, end)] = number
    return found


def _late(hit: Hit) -> float:
    return next(one.score for one in hit.evidence if one.leg == "late")
