"""The legs of the search alone, and their reciprocal rank fusion as everyone does it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from eval.settings import RunSettings
from eval.systems.base import Indexed, quoting_reply
from eval.types import Found, Question, Reply
from index.analysis.analyzer import Analyzer
from index.stores.base import Rows, Scores

RRF_K = 60  # Cormack, Clarke and Buettcher 2009
RRF_DEPTH = 100


class _Legs:
    """What the baselines share: both legs over the same index, and replies that quote passages."""

    def __init__(self, indexed: Indexed, settings: RunSettings) -> None:
        self._indexed = indexed
        self._analyzer = Analyzer()

    def _allowed(self, question: Question) -> Rows | None:
        rows: Rows | None = self._indexed.reader.rows_of(self._indexed.where(question))
        return rows

    def lexical(self, question: Question, k: int) -> tuple[Rows, Scores]:
        """BM25 over our stems, every term of the question with weight 1 per occurrence."""
        terms: dict[str, float] = {}
        for term in self._analyzer.terms(question.text, question.language):
            terms[term] = terms.get(term, 0.0) + 1.0
        result: tuple[Rows, Scores] = self._indexed.reader.terms.search(
            terms, k, self._allowed(question)
        )
        return result

    def dense(self, question: Question, k: int) -> tuple[Rows, Scores]:
        """Cosine of the question's vector and the passages'."""
        vector = self._indexed.encoder.encode_queries([question.text]).vectors[0]
        result: tuple[Rows, Scores] = self._indexed.reader.dense.search(
            vector, k, self._allowed(question)
        )
        return result

    def _found(self, ranked: tuple[Rows, Scores]) -> list[Found]:
        rows, scores = ranked
        chunks = self._indexed.reader.chunks(rows)
        return [
            Found(
                self._indexed.names[chunk.document_id],
                chunk.start,
                chunk.end,
                float(score),
                chunk.language,
            )
            for chunk, score in zip(chunks, scores, strict=True)
        ]


class LexicalSystem(_Legs):
    """The lexical leg alone."""

    def search(self, question: Question, k: int) -> list[Found]:
        """The best `k` passages, best first."""
        return self._found(self.lexical(question, k))

    def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
        """The best passages whole; confidence grows with the best BM25 score."""
        found = self.search(question, 3)
        best = found[0].score if found else 0.0
        sure = best / (10.0 + best)  # only its order means something
        return quoting_reply(found, self._indexed, question.language, sure), {}


class DenseSystem(_Legs):
    """The dense leg alone."""

    def search(self, question: Question, k: int) -> list[Found]:
        """The best `k` passages, best first."""
        return self._found(self.dense(question, k))

    def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
        """The best passages whole; confidence is the best cosine, as raw as everyone uses it."""
        found = self.search(question, 3)
        best = found[0].score if found else 0.0
        return quoting_reply(found, self._indexed, question.language, best), {}


class RrfSystem(_Legs):
    """Reciprocal rank fusion of both legs: sum of 1 / (60 + rank)."""

    def search(self, question: Question, k: int) -> list[Found]:
        """The best `k` passages, best first."""
        depth = max(k, RRF_DEPTH)
        sums: dict[int, float] = {}
        for rows, _ in (self.dense(question, depth), self.lexical(question, depth)):
            for rank, row in enumerate(rows.tolist(), start=1):
                sums[row] = sums.get(row, 0.0) + 1.0 / (RRF_K + rank)
        return self._found(_best(sums, k))

    def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
        """The best passages whole; confidence is the share of the highest possible sum."""
        found = self.search(question, 3)
        best = found[0].score * (RRF_K + 1) / 2 if found else 0.0
        return quoting_reply(found, self._indexed, question.language, best), {}


def _best(sums: Mapping[int, float], k: int) -> tuple[Any, Any]:
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:k]
    rows = np.asarray([row for row, _ in ordered], np.int64)
    return rows, np.asarray([score for _, score in ordered], np.float32)
