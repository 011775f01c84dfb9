"""The lexical leg: which part of a question's words a passage holds."""

from dataclasses import dataclass

import numpy as np

from index.search.question import Query
from index.stores.base import Rows, Scores, TermStore

_SATURATION = 2.2  # k1 + 1: what BM25 gives at most for a term, in units of its idf


@dataclass(frozen=True, slots=True)
class LexicalLeg:
    """BM25 of a question's weighted terms, as a share of what a perfect match would score."""

    store: TermStore
    terms: dict[str, float]
    whole: float
    rarity: dict[str, float]

    def best(self, k: int, allowed: Rows | None, language: str | None) -> Rows:
        """The best `k` rows, of one language or of all."""
        return self.store.search(self.terms, k, allowed, language)[0]

    def shares(self, rows: Rows) -> Scores:
        """The share of the question's weight that each of these rows matches, in their order."""
        shares = np.zeros(rows.size, np.float32)
        if not self.terms or self.whole <= 0:
            return shares
        found, scores = self.store.search(self.terms, rows.size, np.sort(rows))
        place = {row: index for index, row in enumerate(rows.tolist())}
        for row, score in zip(found.tolist(), scores.tolist(), strict=True):
            shares[place[row]] = score / self.whole
        return shares


def lexical_leg(store: TermStore, query: Query, passages: int) -> LexicalLeg:
    """Prepare the leg for one question over an index of `passages` chunks.

    `rarity` is the inverse document frequency of every word of the question.

    The whole weight counts the question's own words, those that no passage holds included: what
    cannot be found must not make a match on the rest look complete.
    """
    looked_up = [term for term in query.terms if term.weight > 0]
    asked = {term.term for term in looked_up} | {word.term for word in query.words}
    frequency = store.document_frequency(sorted(asked))
    weights: dict[str, float] = {}
    for term in looked_up:
        if term.term in frequency:
            weights[term.term] = max(weights.get(term.term, 0.0), term.weight)
    own = {term.term for term in query.terms if term.via == "word"}
    whole = sum(_SATURATION * idf(frequency.get(term, 0), passages) for term in own)
    rarity = {word.term: idf(frequency.get(word.term, 0), passages) for word in query.words}
    return LexicalLeg(store, weights, whole, rarity)


def idf(frequency: int, passages: int) -> float:
    """Inverse document frequency as in BM25 (Robertson & Zaragoza 2009), never negative."""
    return float(np.log1p((max(passages, frequency) - frequency + 0.5) / (frequency + 0.5)))


def matched(query: Query, passage: dict[str, str]) -> tuple[str, ...]:
    """What of the question a passage holds, as shown to a reader: "ФАТФ = FATF".

    `passage` has the terms of the passage and the wording of each there.
    """
    shown: dict[str, None] = {}
    for term in query.terms:
        if term.term in passage and term.via != "pair" and term.weight > 0:
            other = f"{term.surface} ~ {passage[term.term]}"
            shown[other if term.via == "transliteration" else term.shown] = None
    return tuple(shown)
