"""From a question to passages with the evidence for each."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.analysis.analyzer import Analyzer
from index.encoders.base import Encoder, encode_questions
from index.search.bridges import Bridges
from index.search.candidates import Groups, Legs
from index.search.evidence import Scored
from index.search.found import Found, Rescorer, rescored
from index.search.fusion import Candidates, fuse
from index.search.glossary import Glossary, own_glossary, read_glossary, shipped_glossary
from index.search.late import LateLeg, late_leg
from index.search.lexical import LexicalLeg, lexical_leg, matched
from index.search.question import Query, check_question, understand
from index.search.reranking import ModelRescorer, open_reranker
from index.search.settings import SearchSettings
from index.search.subjects import Subjects
from index.search.twins import Twins
from index.stores.base import Rows
from index.types import Encoded, Filter, Hit, Spans, Vectors

if TYPE_CHECKING:
    from index.store import Reader


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
        rescorer: Rescorer | None = None,
    ) -> Found:
        """As `search`, with all that was learned on the way; `encoded` saves encoding again.

        A `rescorer` scores the best hits anew unless the settings name a model that does.
        Raises `QuestionError` for a question that cannot be asked.
        """
        query = self.understand(question)
        encoded = encoded or self.encode(query.text)
        allowed = self.reader.rows_of(where or Filter())
        pools = self._pools(query, encoded, allowed, k)
        chosen = self._model or rescorer
        if chosen is None or k <= 0:
            found = self._ranked(query, encoded, pools, k)
        else:
            found = self._ranked(query, encoded, pools, max(k, chosen.depth))
            found = rescored(found, chosen).first(k)
        return replace(found, hits=self._twins.mark(found.hits, found.rows))

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
    def _model(self) -> ModelRescorer | None:
        model = open_reranker(self.settings.reranker)
        return None if model is None else ModelRescorer(model, self.settings.reranked)

    def _ranked(self, query: Query, encoded: Encoded, pools: list[Candidates], k: int) -> Found:
        if not pools or k <= 0:
            return Found(query, encoded, (), np.empty(0, np.int64))
        scores = np.concatenate(fuse(pools, query.language, self.settings))
        rows = np.concatenate([pool.rows for pool in pools])
        subjects = Subjects(query, self.reader, rows)
        scores += self.settings.subject_weight * subjects.about
        order = np.lexsort((rows, -scores))[:k]
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
            hits.append(Hit(chunk, float(scores[place]), rank, evidence))
        return Found(query, encoded, tuple(hits), rows[order], subjects.spread)
