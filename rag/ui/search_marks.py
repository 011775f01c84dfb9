"""Which words of a passage answer a query: the same words, in both scripts, and kindred ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from index.analysis.analyzer import Analyzer
from index.search.late import LateLeg, alignment
from index.search.question import Query
from index.types import Chunk, Spans, Vectors

if TYPE_CHECKING:
    from index.search.found import Found
    from index.search.searcher import Searcher

MarkKind = Literal["word", "kindred"]
_KINDRED = 0.5  # centred cosine of tokens from which a word is shown as kindred
_OTHER_WORDING = ("glossary", "dictionary")
_LEAST = 4  # letters of a kindred word: shorter ones are function words more often than not
_MOST = 6  # kindred words of one passage


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters [start, end) of a passage: a word of the query, or one of kindred meaning."""

    start: int
    end: int
    kind: MarkKind


def marks_of(searcher: "Searcher", found: "Found") -> list[tuple[Mark, ...]]:
    """The marks of every hit, in the order of the hits."""
    kindred: list[list[tuple[int, int]]] = [[] for _ in found.hits]
    question = searcher.question_tokens(found) if found.hits else None
    if question is not None:
        tokens, spans = searcher.tokens(found)
        for at, hit in enumerate(found.hits):
            # Within a language the words themselves say it; alignment is for the other one.
            if hit.chunk.language != found.query.language:
                kindred[at] = kindred_words(hit.chunk.text, question, tokens[at], spans[at])
    return [
        joined(shared_words(hit.chunk, found.query), near)
        for hit, near in zip(found.hits, kindred, strict=True)
    ]


def shared_words(chunk: Chunk, query: Query) -> list[tuple[int, int]]:
    """Words of the passage that the query names, whatever their ending, script or wording."""
    # A short piece of another wording ("non" of "non-governmental") says nothing by itself.
    wanted = {
        term.term
        for term in query.terms
        if term.via != "pair" and (term.via not in _OTHER_WORDING or len(term.term) >= _LEAST)
    }
    terms = Analyzer().analyse(chunk.text, chunk.language)
    return [(term.start, term.end) for term in terms if term.term in wanted]


def kindred_words(
    text: str, question: LateLeg, tokens: Vectors, spans: Spans
) -> list[tuple[int, int]]:
    """Words of a passage (t, w), (t, 2) whose vectors answer to the telling words of the query."""
    telling = question.weights >= question.weights.mean()
    strength = alignment(question.tokens[telling], tokens)
    found: list[tuple[int, int]] = []
    for at in np.argsort(-strength, kind="stable"):
        if strength[at] < _KINDRED or len(found) == _MOST:
            break
        start, end = _word(text, int(spans[at, 0]), int(spans[at, 1]))
        if end - start >= _LEAST and text[start:end].isalpha() and (start, end) not in found:
            found.append((start, end))
    return found


def joined(
    words: Sequence[tuple[int, int]], kindred: Sequence[tuple[int, int]]
) -> tuple[Mark, ...]:
    """Marks in reading order that do not overlap; a word of the query wins over a kindred one."""
    found: list[Mark] = []
    for start, end in sorted(set(words)):
        if found and start < found[-1].end:
            found[-1] = Mark(found[-1].start, max(end, found[-1].end), "word")
        elif end > start:
            found.append(Mark(start, end, "word"))
    taken = list(found)
    for start, end in sorted(set(kindred)):
        if end > start and not any(mark.start < end and start < mark.end for mark in taken):
            taken.append(Mark(start, end, "kindred"))
    return tuple(sorted(taken, key=lambda mark: mark.start))


def _word(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole word around a token; empty for a token without letters or digits."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    if start >= end:
        return start, start
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end
