"""From a question to passages with the evidence for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.analysis.analyzer import Analyzer
from index.encoders.base import Encoder
from index.search.bridges import Bridges
from index.search.evidence import Legs
from index.search.fusion import Candidates, fuse
from index.search.glossary import Glossary, read_glossary, shipped_glossary
from index.search.late import LateLeg, late_leg
from index.search.lexical import LexicalLeg, lexical_leg, matched
from index.search.question import Query, check_question, understand
from index.search.settings import SearchSettings
from index.stores.base import Rows
from index.types import Chunk, Encoded, Filter, Hit, Spans, Vectors

if TYPE_CHECKING:
    from index.store import Reader


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of one search: `rows[i]` is the row of `hits[i]` in the reader's parts."""

    query: Query
    encoded: Encoded
    hits: tuple[Hit, ...]
    rows: Rows


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
        entries = shipped_glossary()
        if self.settings.glossary_file is not None:
            entries += read_glossary(self.settings.glossary_file)
        glossary = Glossary(entries, self._analyzer)
        self._bridges = Bridges(self._analyzer, glossary, self.settings)

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
        pools = self._pools(query, encoded, allowed)
        return self._ranked(query, encoded, pools, k)

    def understand(self, question: str) -> Query:
        """The question's language and terms; raises `QuestionError`."""
        text = check_question(question, self.settings.max_question)
        return self._bridges.extend(understand(text, self._analyzer))

    def encode(self, question: str) -> Encoded:
        """The question's vector, and its tokens' when the second stage is on."""
        return self.encoder.encode_queries([question], tokens=self.settings.late)

    def tokens(self, found: Found) -> tuple[tuple[Vectors, ...], tuple[Spans, ...]]:
        """Token vectors of the hits and their character offsets in each hit's text.

        They are in the space of `question_tokens`, not of the encoder.
        """
        return self.reader.tokens.read(found.rows)

    def question_tokens(self, found: Found) -> LateLeg | None:
        """The question's telling tokens in the space of `tokens`; None without a second stage."""
        return self._late(found.query, found.encoded, self._words(found.query))

    @cached_property
    def _rows_by_language(self) -> dict[str, Rows]:
        rows = self.reader.dense.rows()
        languages = self.reader.languages[rows]
        return {str(name): rows[languages == name] for name in np.unique(languages)}

    def _pools(self, query: Query, encoded: Encoded, allowed: Rows | None) -> list[Candidates]:
        """Candidates of every language that the filter leaves."""
        words = self._words(query)
        late = self._late(query, encoded, words)
        pools = []
        for language, own in self._rows_by_language.items():
            rows = own if allowed is None else np.intersect1d(own, allowed, assume_unique=True)
            if rows.size:
                pools.append(self._pool(language, rows, encoded.vectors[0], words, late))
        return pools

    def _words(self, query: Query) -> LexicalLeg:
        total = sum(rows.size for rows in self._rows_by_language.values())
        return lexical_leg(self.reader.terms, query, total)

    def _late(self, query: Query, encoded: Encoded, words: LexicalLeg) -> LateLeg | None:
        if not (self.settings.late and self.reader.has("tokens")):
            return None
        return late_leg(self.reader.tokens, query, encoded, words.rarity)

    def _pool(
        self,
        language: str,
        allowed: Rows,
        vector: Vectors,
        words: LexicalLeg,
        late: LateLeg | None,
    ) -> Candidates:
        limit = self.settings.candidates
        core = self.reader.dense.search(vector, limit, allowed)[0]
        by_words = self.settings.lexical
        extra = words.best(limit, allowed, language) if by_words else core[:0]
        rows = np.concatenate([core, np.setdiff1d(extra, core)])
        return Candidates(
            language=language,
            rows=rows,
            core=np.isin(rows, core),
            dense=self.reader.dense.scores(vector, rows),
            share=words.shares(rows) if by_words else np.zeros(rows.size, np.float32),
            late=None if late is None else late.scores(rows),
        )

    def _ranked(self, query: Query, encoded: Encoded, pools: list[Candidates], k: int) -> Found:
        if not pools or k <= 0:
            return Found(query, encoded, (), np.empty(0, np.int64))
        scores = np.concatenate(fuse(pools, query.language, self.settings))
        rows = np.concatenate([pool.rows for pool in pools])
        order = np.lexsort((rows, -scores))[:k]
        legs = Legs(pools)
        chunks = self.reader.chunks(rows[order])
        hits = []
        for rank, (place, chunk) in enumerate(zip(order.tolist(), chunks, strict=True), start=1):
            terms: tuple[str, ...] = ()
            if legs.share[place] > 0:
                terms = matched(query, self._wordings(chunk))
            hits.append(Hit(chunk, float(scores[place]), rank, legs.evidence(place, terms)))
        return Found(query, encoded, tuple(hits), rows[order])

    def _wordings(self, chunk: Chunk) -> dict[str, str]:
        """The terms of a passage and its wording of each."""
        found: dict[str, str] = {}
        for term in self._analyzer.analyse(chunk.text, chunk.language):
            found.setdefault(term.term, chunk.text[term.start : term.end])
        return found
