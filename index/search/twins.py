"""Which hits say the same: near-duplicates, and parallel versions in the other language.

Two passages of one language are near-duplicates when most runs of words of the shorter stand in the
longer. Two documents in different languages are versions of each other when the chunks of one find
their like in the other, in the same order and mutually; only then are their passages compared.
Vectors are compared less the mean of their language: as they come, any two texts of one language
are nearer than a text and its translation. Decision 0307 has the limits' measurements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from index.stores.base import Rows
from index.types import Filter, Hit, Vectors

if TYPE_CHECKING:
    from index.reader import Reader

_RUN = 5  # words
_SAME_RUNS = 0.8
_SAME_LANGUAGE = 0.95  # cosine below which runs of words need not be compared
_OTHER_LANGUAGE = 0.78  # the same for documents
_LIKENESS, _IN_ORDER, _MUTUAL, _PASSAGE = 0.4, 0.8, 0.5, 0.5
_MOST_CHUNKS = 1_000  # of a document, evenly spread
_SAMPLE = 2_000  # vectors for the mean of a language
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Twins:
    """Finds hits that say the same; keeps what it learned of languages and pairs of documents."""

    reader: Reader
    _means: dict[str, Vectors] = field(default_factory=dict)
    _versions: dict[tuple[str, str], bool] = field(default_factory=dict)

    def mark(self, hits: tuple[Hit, ...], rows: Rows) -> tuple[Hit, ...]:
        """The hits, each with the rank of the first one that says the same, if there is one.

        `rows[i]` is the row of `hits[i]`.
        """
        first = list(range(len(hits)))
        vectors = self.reader.dense.vectors(rows)
        for one, other in self._near(hits, vectors):
            if first[other] == other and self._same(hits, vectors, one, other):
                first[other] = first[one]
        return tuple(
            hit if at == place else replace(hit, same_as=hits[at].rank)
            for place, (hit, at) in enumerate(zip(hits, first, strict=True))
        )

    def _near(self, hits: tuple[Hit, ...], vectors: Vectors) -> list[tuple[int, int]]:
        """Pairs of hits of two documents whose vectors are near enough for a closer look."""
        languages = np.array([hit.chunk.language for hit in hits])
        documents = np.array([hit.chunk.document_id for hit in hits])
        alike = languages[:, None] == languages[None]
        near = vectors @ vectors.T >= np.where(alike, _SAME_LANGUAGE, _OTHER_LANGUAGE)
        pairs = np.argwhere(np.triu(near & (documents[:, None] != documents[None]), 1))
        return [(int(one), int(other)) for one, other in pairs]

    def _same(self, hits: tuple[Hit, ...], vectors: Vectors, one: int, other: int) -> bool:
        first, second = hits[one].chunk, hits[other].chunk
        if first.language == second.language:
            return _share_of_runs(first.text, second.text) >= _SAME_RUNS
        left = self._centred(vectors[[one]], first.language)
        right = self._centred(vectors[[other]], second.language)
        return float((left @ right.T)[0, 0]) >= _PASSAGE and self._are_versions(
            (first.document_id, first.language), (second.document_id, second.language)
        )

    def _are_versions(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        first, second = sorted((one, other))
        key = (first[0], second[0])
        if key not in self._versions:
            self._versions[key] = versions(self._chunks_of(*first), self._chunks_of(*second))
        return self._versions[key]

    def _chunks_of(self, document: str, language: str) -> Vectors:
        """(n, d) centred vectors of a document's chunks in one language, in reading order."""
        where = Filter(documents=frozenset((document,)), languages=frozenset((language,)))
        allowed = self.reader.rows_of(where)
        rows = np.empty(0, np.int64) if allowed is None else np.asarray(allowed)
        chunks = self.reader.chunks(rows)
        order = sorted(range(len(chunks)), key=lambda at: chunks[at].start)
        rows = _spread(rows[order], _MOST_CHUNKS)
        return self._centred(self.reader.dense.vectors(rows), language)

    def _centred(self, vectors: Vectors, language: str) -> Vectors:
        if language not in self._means:
            rows = self.reader.dense.rows()
            own = _spread(rows[self.reader.languages[rows] == language], _SAMPLE)
            self._means[language] = self.reader.dense.vectors(own).mean(axis=0)
        centred = vectors - self._means[language]
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        return np.asarray(centred / np.maximum(lengths, 1e-6), np.float32)


def versions(one: Vectors, other: Vectors) -> bool:
    """Whether (n, d) and (m, d) chunks in reading order are one document in two languages."""
    if not len(one) or not len(other):
        return False
    likeness = one @ other.T
    best = likeness.argmax(axis=1)
    mutual = float((likeness.argmax(axis=0)[best] == np.arange(len(one))).mean())
    mean = float(min(likeness.max(axis=1).mean(), likeness.max(axis=0).mean()))
    if mean < _LIKENESS or mutual < _MUTUAL:
        return False
    if len(one) < 3 or len(other) < 3:  # too short to have an order
        return True
    return float(np.corrcoef(np.arange(len(one)), best)[0, 1]) >= _IN_ORDER


def grouped(hits: list[Hit]) -> list[tuple[Hit, tuple[Hit, ...]]]:
    """Each hit that is the first to say something, with those after it that say the same."""
    same: dict[int, list[Hit]] = {}
    for hit in hits:
        if hit.same_as is not None:
            same.setdefault(hit.same_as, []).append(hit)
    return [(hit, tuple(same.get(hit.rank, ()))) for hit in hits if hit.same_as is None]


def _share_of_runs(one: str, other: str) -> float:
    """How many runs of words of the shorter text stand in the longer (0 to 1)."""
    few, many = sorted((_runs(one), _runs(other)), key=len)
    return len(few & many) / len(few) if few else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))}


def _spread(rows: Rows, most: int) -> Rows:
    """At most so many of the rows, evenly spread."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
