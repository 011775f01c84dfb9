"""What the passages hold of what a question names, and where they name something else."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from index.analysis.places import places_of, table
from index.analysis.words import terms_of, words_of
from index.types import Hit
from rag.answering.candidates import Candidate
from rag.answering.concepts import YEAR, Concept, Sort, is_of_an_act
from rag.answering.ordinals import ordinals_in

_NUMBERED = re.compile(r"(?:^|> |\n)(\d{1,3})\.\s")  # a heading "11. Record-keeping"
_REFERENCE = re.compile(r"=\w+:(\d+)")  # what "Recommendation 11" and "Article 11" are indexed as
_SORTS: tuple[Sort | None, ...] = (None, "name", "number")
_NEAR = 200  # characters before a sentence that still tell what it speaks of


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
    text = hit.chunk.text
    terms = [each for each in terms_of(text, hit.chunk.language) if YEAR.fullmatch(each.term)]
    return [
        (each.term, each.start) for each in terms if not is_of_an_act(text, each.start, each.end)
    ]


def _conflict(asked: set[str], named: Sequence[tuple[str, int]], candidate: Candidate) -> bool:
    inside = {key for key, at in named if candidate.start <= at < candidate.end}
    before = {key for key, at in named if candidate.start - _NEAR <= at < candidate.start}
    said = inside or before
    return bool(asked and said) and not said & asked


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
        self._acronyms = [at for at, concept in enumerate(self.concepts) if concept.initials]
        self._phrased = [at for at, concept in enumerate(self.concepts) if concept.phrases]
        self._ordinal = any(re.fullmatch(r"#\d\d?", term) for term in self._known)
        self._asked_countries = {term for term in self._known if term in _countries()}
        self._asked_years = set().union(*(concept.years for concept in self.concepts))
        self._countries = [_named_countries(hit) if self._asked_countries else [] for hit in hits]
        self._years = [_named_years(hit) if self._asked_years else [] for hit in hits]
        self._fresh = [self._fresh_of(hit) for hit in hits]
        self._weights = {sort: self._weights_of(sort) for sort in _SORTS}
        self._spots = [self._find(hit.chunk.text, hit.chunk.language) for hit in hits]
        self._headings = [
            {at for at, _ in self._find(f"{hit.chunk.heading} {title}", hit.chunk.language)}
            | self._numbered(hit.chunk.heading)
            for hit, title in zip(hits, titles, strict=True)
        ]

    def within(self, passage: int, start: int, end: int) -> set[int]:
        """The concepts named at characters [start, end) of a passage."""
        return {at for at, _ in self.spots(passage, start, end)}

    def spots(self, passage: int, start: int, end: int) -> list[tuple[int, int]]:
        """Concepts, with where each is named, at characters [start, end) of a passage."""
        return [(at, spot) for at, spot in self._spots[passage] if start <= spot < end]

    def said(self, candidate: Candidate) -> frozenset[int]:
        """Where words of a candidate say what the question says, in whatever letters."""
        spots = (spot - candidate.start for _, spot in self._spots[candidate.passage])
        return frozenset(spot for spot in spots if 0 <= spot < len(candidate.text))

    def passage(self, passage: int) -> set[int]:
        """The concepts named anywhere in a passage, the headings above it or the title."""
        return {at for at, _ in self._spots[passage]} | self._headings[passage]

    def context(self, passage: int, start: int) -> set[int]:
        """The concepts of the title, the headings above and the 200 characters before `start`."""
        return self._headings[passage] | self.within(passage, start - _NEAR, start)

    def conflicts(self, candidate: Candidate) -> tuple[bool, bool]:
        """Whether a sentence, or if it names none what stands close before it, names other
        countries, and other years, than the question does, and none of the question's."""
        place = candidate.passage
        return (
            _conflict(self._asked_countries, self._countries[place], candidate),
            _conflict(self._asked_years, self._years[place], candidate),
        )

    def of_other_years(self, candidate: Candidate) -> bool:
        """Whether a sentence itself names years, and none of the question's."""
        inside = [
            (year, at)
            for year, at in self._years[candidate.passage]
            if candidate.start <= at < candidate.end
        ]
        return _conflict(self._asked_years, inside, candidate)

    def share(self, held: set[int], sort: Sort | None = None) -> float:
        """The weight of the concepts held as a part of the whole weight; 0 when there are none."""
        weights = self._weights[sort]
        whole = sum(weights)
        return sum(weights[at] for at in held) / whole if whole else 0.0

    def _weights_of(self, sort: Sort | None) -> list[float]:
        return [one.weight if sort in (None, one.sort) else 0.0 for one in self.concepts]

    def _spelled_out(self, text: str, language: str) -> Iterator[tuple[int, int]]:
        """Acronyms of the question as the words they stand for: "non-profit organisations"."""
        if not self._acronyms:
            return
        words = [word for word in words_of(text, language) if not word.stop]
        letters = "".join(text[word.start].lower() for word in words)
        for at in self._acronyms:
            initials = self.concepts[at].initials
            place = letters.find(initials)
            while place >= 0:
                yield at, words[place].start
                place = letters.find(initials, place + 1)

    def fresh_words(self, candidate: Candidate) -> int:
        """How many content words a sentence has that the question has not."""
        starts = self._fresh[candidate.passage]
        return bisect_left(starts, candidate.end) - bisect_left(starts, candidate.start)

    def _fresh_of(self, hit: Hit) -> list[int]:
        """Where the content words stand that the question has not, ascending."""
        words = words_of(hit.chunk.text, hit.chunk.language)
        return [word.start for word in words if not word.stop and word.stem not in self._known]

    def _numbered(self, heading: str) -> set[int]:
        """References by number ("Recommendation 11") that a heading with that number answers to."""
        numbers = set(_NUMBERED.findall(heading))
        return {
            at
            for term, places in self._known.items()
            if (reference := _REFERENCE.fullmatch(term)) and reference[1] in numbers
            for at in places
        }

    def _find(self, text: str, language: str) -> list[tuple[int, int]]:
        terms = terms_of(text, language)
        spots = [(at, term.start) for term in terms for at in self._known.get(term.term, ())]
        spots += self._spelled_out(text, language)
        if self._ordinal:
            spots += [
                (at, start) for start, _, n in ordinals_in(text) for at in self._known.get(n, ())
            ]
        own = {term.term: term.start for term in terms} if self._phrased else {}
        for at in self._phrased:
            for phrase in self.concepts[at].phrases:
                if phrase <= own.keys():
                    spots.append((at, min(own[term] for term in phrase)))
        if any(term.startswith("place:") for term in self._known):
            spots += [
                (at, each.start)
                for each in places_of(text, language)
                for at in self._known.get(f"place:{each.place.key}", ())
            ]
        return spots
