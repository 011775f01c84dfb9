"""The product's search and the baselines it is held against, over one index of both languages."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from index.encoders.base import Encoder
from index.reader import Reader
from index.search.lexical import lexical_leg
from index.search.searcher import Searcher
from index.search.settings import SearchSettings
from index.stores.base import Rows
from index.types import Encoded
from rag.answering.by_sentence import BySentence, by_sentence

_DEEP = 1_000
_RRF_K = 60  # Cormack et al. 2009
_RRF_DEEP = 100
_TIMED = 10
_LISTED = 100  # how many hits the product is asked for

Ranking = Callable[[str, Encoded], Rows]


@dataclass(slots=True)
class Systems:
    """Rankings of all chunks of an index by each system; `seconds` are those of the product."""

    searcher: Searcher
    seconds: list[float]
    order: BySentence | None
    asked: int = 0

    def named(self) -> dict[str, Ranking]:
        """The systems in the order of the table's columns."""
        return {
            "dense": self.dense,
            "words": self.words,
            "rrf": self.rrf,
            "rrf apart": self.rrf_apart,
            "fused": self.fused,
            "kordon": self.kordon,
        }

    def dense(self, question: str, encoded: Encoded) -> Rows:
        """The vectors alone."""
        return self.searcher.reader.dense.search(encoded.vectors[0], _DEEP, None)[0]

    def words(self, question: str, encoded: Encoded) -> Rows:
        """BM25 over the question's own stemmed words alone."""
        return self._words(question, None)

    def rrf(self, question: str, encoded: Encoded) -> Rows:
        """Reciprocal rank fusion of the two, as everyone does it, over the whole index."""
        return _fused((self.dense(question, encoded), self._words(question, None)))

    def rrf_apart(self, question: str, encoded: Encoded) -> Rows:
        """The same over an index of each language alone, one list after the other."""
        found = []
        rows = np.asarray(self.searcher.reader.dense.rows())
        for language in np.unique(self.searcher.reader.languages[rows]):
            own = rows[self.searcher.reader.languages[rows] == language]
            dense = self.searcher.reader.dense.search(encoded.vectors[0], _DEEP, own)[0]
            found.append(_fused((dense, self._words(question, own))))
        return np.concatenate(found)

    def _words(self, question: str, allowed: Rows | None) -> Rows:
        query = self.searcher.understand(question)
        own = tuple(term for term in query.terms if term.via == "word")
        leg = lexical_leg(self.searcher.reader.terms, replace(query, terms=own), 0)
        return self.searcher.reader.terms.search(leg.terms, _DEEP, allowed)[0]

    def fused(self, question: str, encoded: Encoded) -> Rows:
        """The product's search before its passages are ordered by their best sentences."""
        return self.searcher.find(question, _LISTED, encoded=self.searcher.encode(question)).rows

    def kordon(self, question: str, encoded: Encoded) -> Rows:
        """The product as it is set by default, with its own encoding of the question; some are
        timed, as a user asks them."""
        own = self.searcher.encode(question)
        if self.asked % _TIMED == 0:
            start = time.perf_counter()
            self.searcher.find(question, 10, encoded=own, rescorer=self.order)
            self.seconds.append(time.perf_counter() - start)
        self.asked += 1
        return self.searcher.find(question, _LISTED, encoded=own, rescorer=self.order).rows


def _fused(lists: Sequence[Rows]) -> Rows:
    scores: dict[int, float] = {}
    for rows in lists:
        for rank, row in enumerate(rows[:_RRF_DEEP].tolist(), start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (_RRF_K + rank)
    return np.array(sorted(scores, key=lambda row: -scores[row]), np.int64)


def systems(reader: object, encoder: Encoder, settings: SearchSettings | None = None) -> Systems:
    """The systems over a `Reader`, or over what looks like one."""
    searcher = Searcher(cast(Reader, reader), encoder, settings)
    return Systems(searcher, [], by_sentence(searcher))


def ndcg(ranked: Sequence[int], right: Sequence[int], k: int = 10) -> float:
    """NDCG@k with equal gains (Jarvelin & Kekalainen 2002)."""
    gained = sum(1 / np.log2(at + 2) for at, row in enumerate(ranked[:k]) if row in right)
    return float(gained / sum(1 / np.log2(at + 2) for at in range(min(k, len(right)))))


def reciprocal(ranked: Sequence[int], right: Sequence[int]) -> float:
    """1 / rank of the first right one: the average precision when only one is right."""
    return next((1 / at for at, row in enumerate(ranked, start=1) if row in right), 0.0)


def recall(ranked: Sequence[int], right: Sequence[int], k: int = 10) -> float:
    """The share of the right ones among the first k."""
    return sum(row in right for row in ranked[:k]) / len(right)


def average_precision(ranked: Sequence[int], right: Sequence[int], k: int = 10) -> float:
    """AP@k, divided by the most that k places can hold."""
    found, total = 0, 0.0
    for at, row in enumerate(ranked[:k], start=1):
        if row in right:
            found += 1
            total += found / at
    return total / min(len(right), k)
