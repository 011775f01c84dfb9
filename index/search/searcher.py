"""From a question to passages with the evidence for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.analysis.analyzer import Analyzer
from index.encoders.base import Encoder, encode_questions
from index.search.bridges import Bridges
from index.search.candidates import Groups, Legs
from index.search.evidence import Scored
from index.search.fusion import Candidates, fuse
from index.search.glossary import Glossary, own_glossary, read_glossary, shipped_glossary
from index.search.late import LateLeg, late_leg
from index.search.lexical import LexicalLeg, lexical_leg, matched
from index.search.question import Query, check_question, understand
from index.search.reranking import Reranker, open_reranker
from index.search.settings import SearchSettings
from index.search.subjects import Spread, Subjects
from index.search.twins import Twins
from index.stores.base import Rows, Scores
from index.types import Encoded, Evidence, Filter, Hit, Spans, Vectors

if TYPE_CHECKING:
    from index.store import Reader


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of one search: `rows[i]` is the row of `hits[i]` in the reader's parts.

    `spread` tells how much of each document speaks of the question's names.
    """

    query: Query
    encoded: Encoded
    hits: tuple[Hit, ...]
    rows: Rows
    spread: Spread = field(default_factory=dict)


class Searcher:
    """Searches one generation of the index; safe to use from several threads."""

    def __init__(
        self, reader: Reader, encoder: Encoder, settings: SearchSettings | None = None
    ) -> None:
        """Raises `UsageError` if a file named in the settings is missing or not readable."""
        self.reader = reader
        self.encoder = encoder
        self.settings = settings or SearchSettings()
        self._analyzer = Analyzer()
        glossary = own_glossary()
        if self.settings.glossary_file is not None:
            entries = shipped_glossary() + read_glossary(self.settings.glossary_file)
            glossary = Glossary(entries, self._analyzer)
        self._bridges = Bridges(self._analyzer, glossary, self.settings)
        self._twins = Twins(reader)

    def search(self, question: str, k: int = 10, *, where: Filter | None = None) -> list[Hit]:
        """The `k` best passages among those the filter allows, best first."""
        return list(self.find(question, k, where=where).hits)

    def find(
        self,
        question: str,
        k: int = 10,
        *,
        where: Filter | None = None,
        encoded: Encoded | None = None,
    ) -> Found:
        """As `search`, with all that was learned on the way; `encoded` saves encoding again.

        Raises `QuestionError` for a question that cannot be asked.
        """
        query = self.understand(question)
        encoded = encoded or self.encode(query.text)
        allowed = self.reader.rows_of(where or Filter())
        pools = self._pools(query, encoded, allowed, k)
        return self._ranked(query, encoded, pools, k)

    def understand(self, question: str) -> Query:
        """The question's language and terms; raises `QuestionError`."""
        text = check_question(question, self.settings.max_question)
        return self._bridges.extend(understand(text, self._analyzer))

    def encode(self, question: str, *, tokens: bool | None = None) -> Encoded:
        """The question's vector, and its tokens'; these are left out by default where there is no
        second stage."""
        wanted = self.settings.late if tokens is None else tokens
        if self.settings.fitted_questions:
            return encode_questions(self.encoder, [question], tokens=wanted)
        return self.encoder.encode_queries([question], tokens=wanted)

    def tokens(self, found: Found) -> tuple[tuple[Vectors, ...], tuple[Spans, ...]]:
        """Token vectors of the hits and their character offsets in each hit's text.

        They are in the space of `question_tokens`, not of the encoder.
        """
        return self.reader.tokens.read(found.rows)

    def question_tokens(self, found: Found) -> LateLeg | None:
        """The question's telling tokens in the space of `tokens`; None without a second stage."""
        return self._late(found.query, found.encoded, self._words(found.query))

    @cached_property
    def _groups(self) -> Groups:
        return Groups.of(self.reader)

    def _pools(
        self, query: Query, encoded: Encoded, allowed: Rows | None, k: int
    ) -> list[Candidates]:
        """Candidates of every language that the filter leaves."""
        words = self._words(query)
        legs = Legs(
            reader=self.reader,
            vector=encoded.vectors[0],
            words=words if self.settings.lexical else None,
            late=self._late(query, encoded, words),
            limit=max(self.settings.candidates, k),
            core=self.settings.candidates,
        )
        return legs.candidates(self._groups, allowed)

    def _words(self, query: Query) -> LexicalLeg:
        return lexical_leg(self.reader.terms, query, self._groups.total)

    def _late(self, query: Query, encoded: Encoded, words: LexicalLeg) -> LateLeg | None:
        if not (self.settings.late and self.reader.has("tokens")):
            return None
        return late_leg(self.reader.tokens, query, encoded, words.rarity)

    @cached_property
    def _reranker(self) -> Reranker | None:
        return open_reranker(self.settings.reranker)

    def _ranked(self, query: Query, encoded: Encoded, pools: list[Candidates], k: int) -> Found:
        if not pools or k <= 0:
            return Found(query, encoded, (), np.empty(0, np.int64))
        scores = np.concatenate(fuse(pools, query.language, self.settings))
        rows = np.concatenate([pool.rows for pool in pools])
        subjects = Subjects(query, self.reader, rows)
        scores += self.settings.subject_weight * subjects.about
        order = np.lexsort((rows, -scores))
        read = self._reread(query, rows, order, scores)
        order = order[:k]
        scored = Scored(pools)
        chunks = self.reader.chunks(rows[order])
        asked = frozenset(term.term for term in query.terms)
        hits = []
        for rank, (place, chunk) in enumerate(zip(order.tolist(), chunks, strict=True), start=1):
            terms: tuple[str, ...] = ()
            if scored.share[place] > 0:
                wordings = self._analyzer.wordings(chunk.text, chunk.language, asked)
                terms = matched(query, wordings)
            evidence = scored.evidence(place, terms) + subjects.evidence(place)
            if rank <= read:
                evidence += (Evidence("reranker", float(scores[place]), rank),)
            hits.append(Hit(chunk, float(scores[place]), rank, evidence))
        marked = self._twins.mark(tuple(hits), rows[order])
        return Found(query, encoded, marked, rows[order], subjects.spread)

    def _reread(self, query: Query, rows: Rows, order: Rows, scores: Scores) -> int:
        """Let the reranker, if there is one, score and order the first of `order`, in place.

        What it has not read stays behind: its scores say nothing beside the reranker's. Returns
        how many it read.
        """
        if self._reranker is None:
            return 0
        head = order[: self.settings.reranked].copy()
        texts = [chunk.text for chunk in self.reader.chunks(rows[head])]
        own = self._reranker.scores(query.text, texts)
        if len(order) > len(head):
            scores[order[len(head) :]] += own.min() - scores[order[len(head)]] - 1
        scores[head] = own
        order[: len(head)] = head[np.lexsort((head, -own))]
        return len(head)
