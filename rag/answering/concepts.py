"""What a question names: its content words with their weights and the other forms they go by.

The search already knows the question's terms and their variants (acronyms, glossary, other script);
a concept joins those of one word. Its weight is its rarity in the index (idf as in BM25).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from index.search.question import Query, QueryTerm
from index.types import Hit
from rag.answering.candidates import Candidate
from rag.answering.places import places_of, table
from rag.answering.words import terms_of, words_of

Sort = Literal["word", "name", "number"]
_YEAR = re.compile(r"#(?:19|20)\d\d")
_NEAR = 200  # characters before a sentence that still tell what it speaks of
_SURE = 0.35  # variants with less weight fit too many words


@dataclass(frozen=True, slots=True)
class Concept:
    """`surface` is the question's wording; a text holds the concept if it has one of `terms`."""

    surface: str
    terms: frozenset[str]
    weight: float
    sort: Sort


def concepts_of(query: Query, rarity: Mapping[str, float]) -> tuple[Concept, ...]:
    """The concepts of a question; `rarity` gives the idf of its terms (see `Query.terms`)."""
    own: dict[str, set[str]] = {}
    for term in query.terms:
        if term.via == "word":
            own.setdefault(term.surface, set()).add(term.term)
    places = {
        query.text[each.start : each.end]: each.place
        for each in places_of(query.text, query.language)
    }
    found = []
    for surface, terms in own.items():
        sort = _sort(query.text, surface, terms)
        keys = {f"place:{place.key}" for name, place in places.items() if surface in name}
        variants = {term.term for term in query.terms if _is_variant(term, surface)}
        weight = max(rarity.get(term, 0.0) for term in terms)
        every = frozenset(terms | keys | variants)
        found.append(Concept(surface, every, weight, "name" if keys else sort))
    return tuple(found)


def _is_variant(term: QueryTerm, surface: str) -> bool:
    """Whether a term is another form of the word: its sound in the other script, or a word of the
    glossary's entry for it."""
    if term.via not in ("transliteration", "glossary") or term.weight < _SURE:
        return False
    return surface in re.split(r"[\s-]+", term.surface) or surface == term.surface


def _sort(text: str, surface: str, terms: set[str]) -> Sort:
    if any(term[0] in "#@=" for term in terms):
        return "number"
    opening = text.lstrip('«"“(').startswith(surface)
    capital = surface[0].isupper() and (not opening or surface[1:2].isupper())
    return "name" if capital and not text.isupper() else "word"


@cache
def _countries() -> frozenset[str]:
    return frozenset(f"place:{key}" for key, place in table().items() if place.kind == "country")


def _named_countries(hit: Hit) -> list[tuple[str, int]]:
    chunk = hit.chunk
    return [
        (f"place:{each.place.key}", each.start)
        for each in places_of(chunk.text, chunk.language)
        if each.place.kind == "country"
    ]


def _named_years(hit: Hit) -> list[tuple[str, int]]:
    terms = terms_of(hit.chunk.text, hit.chunk.language)
    return [(term.term, term.start) for term in terms if _YEAR.fullmatch(term.term)]


class Holdings:
    """Which concepts each part of the passages holds; indices into `concepts`."""

    def __init__(
        self, concepts: Sequence[Concept], hits: Sequence[Hit], titles: Sequence[str]
    ) -> None:
        self.concepts = tuple(concepts)
        self.question = " ".join(concept.surface.lower() for concept in concepts)
        self._known: dict[str, list[int]] = {}
        for at, concept in enumerate(self.concepts):
            for term in concept.terms:
                self._known.setdefault(term, []).append(at)
        self._asked_countries = {term for term in self._known if term in _countries()}
        self._asked_years = {term for term in self._known if _YEAR.fullmatch(term)}
        self._countries = [_named_countries(hit) for hit in hits]
        self._years = [_named_years(hit) for hit in hits]
        self._spots = [self._find(hit.chunk.text, hit.chunk.language) for hit in hits]
        self._words = [words_of(hit.chunk.text, hit.chunk.language) for hit in hits]
        self._headings = [
            {at for at, _ in self._find(f"{hit.chunk.heading} {title}", hit.chunk.language)}
            for hit, title in zip(hits, titles, strict=True)
        ]

    def within(self, passage: int, start: int, end: int) -> set[int]:
        """The concepts named at characters [start, end) of a passage."""
        return {at for at, spot in self._spots[passage] if start <= spot < end}

    def passage(self, passage: int) -> set[int]:
        """The concepts named anywhere in a passage, the headings above it or the title."""
        return {at for at, _ in self._spots[passage]} | self._headings[passage]

    def context(self, passage: int, start: int) -> set[int]:
        """The concepts of the title, the headings above and the 200 characters before `start`."""
        return self._headings[passage] | self.within(passage, start - _NEAR, start)

    def conflicts(self, candidate: Candidate) -> tuple[bool, bool]:
        """Whether a sentence and what stands close before it name other countries, and other
        years, than the question does, and none of the question's."""
        place = candidate.passage
        start, end = max(0, candidate.start - _NEAR), candidate.end
        said = {key for key, at in self._countries[place] if start <= at < end}
        years = {key for key, at in self._years[place] if start <= at < end}
        return (
            bool(self._asked_countries and said) and not said & self._asked_countries,
            bool(self._asked_years and years) and not years & self._asked_years,
        )

    def share(self, held: set[int], sort: Sort | None = None) -> float:
        """The weight of the concepts held as a part of the whole weight; 0 when there are none."""
        weights = [c.weight if sort in (None, c.sort) else 0.0 for c in self.concepts]
        whole = sum(weights)
        return sum(weights[at] for at in held) / whole if whole else 0.0

    def fresh_words(self, candidate: Candidate) -> int:
        """How many content words a sentence has that the question has not."""
        return sum(
            candidate.start <= word.start < candidate.end
            and not word.stop
            and word.stem not in self._known
            for word in self._words[candidate.passage]
        )

    def _find(self, text: str, language: str) -> list[tuple[int, int]]:
        spots = [
            (at, term.start)
            for term in terms_of(text, language)
            for at in self._known.get(term.term, ())
        ]
        if any(term.startswith("place:") for term in self._known):
            spots += [
                (at, each.start)
                for each in places_of(text, language)
                for at in self._known.get(f"place:{each.place.key}", ())
            ]
        return spots
