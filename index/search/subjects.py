"""Which of the documents found a question is about.

Page 40 of a Kazakh law need not say "Kazakhstan" again, and an article of a convention does not
repeat the convention's name: what stands in a document's title, or the place that a large part of
it speaks of, counts on every page of it. For a document d among those of the candidates,

    about(d) = N(d) + 1/2 * T(d)

N is the part of the question's places and numbers that d is about: those in its title, and places
that are named in a good share of its passages; T the part of all the question's words that stand in
its title. Both weigh a word by how few of these documents it tells apart. Decision 0308 has the
measurements.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from index.analysis.places import Place, places_of
from index.analysis.words import terms_of, words_of
from index.reader import Reader
from index.records import DocumentRecord
from index.search.question import Query
from index.stores.base import Rows, Scores
from index.types import Evidence

_MANY = 2_000  # chunks looked at: what more of them hold says little
_SURE = 0.35  # variants with less weight fit too many words
_ABOUT = 0.3  # the share of its passages that say a name from which a document is about it
_TITLE = 0.5
_MOSTLY = 0.5  # what a document is said to be about when a reader asks why

Spread = dict[str, dict[str, float]]  # name of the question -> document -> share of its passages
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Subjects:
    """What the documents that `rows` (n,), not empty, are part of have to do with a question."""

    query: Query
    reader: Reader
    rows: Rows

    @cached_property
    def about(self) -> Scores:
        """(n,) how far each row's document is what the question is about, from 0 to 1.5."""
        place = np.searchsorted(self._documents, self._document_of_row)
        return np.asarray(self._about[place], np.float32)

    def evidence(self, at: int) -> tuple[Evidence, ...]:
        """What the document of row number `at` has to do with the question, if it has; the terms
        are the question's words that it is about."""
        score = float(self.about[at])
        if score <= 0:
            return ()
        document = int(np.searchsorted(self._documents, self._document_of_row[at]))
        held = [name for name, held in self._held.items() if held[document] >= _MOSTLY]
        titled = [word for word, held in self._worded.items() if held[document]]
        rank = 1 + int((self._about > self._about[document]).sum())
        return (Evidence("subject", score, rank, tuple(dict.fromkeys([*held, *titled]))),)

    @cached_property
    def spread(self) -> Spread:
        """For each name of the question, the share of the passages of each document that say it
        in any of its forms."""
        ids = [record.id for record in self._records]
        return {
            surface: dict(zip(ids, share.tolist(), strict=True))
            for surface, share in self._shares.items()
        }

    @cached_property
    def _about(self) -> _Floats:
        """(m,) nothing where every document is one passage: those are compared by what they say."""
        count = len(self._documents)
        if all(record.chunks <= 1 for record in self._records):
            return np.zeros(count)
        return _told(self._held, count) + _TITLE * _told(self._worded, count)

    @cached_property
    def _held(self) -> dict[str, _Floats]:
        """(m,) by place and number: how far each document is about it."""
        held = {
            name: self._fair(
                np.maximum(np.minimum(1.0, self._shares[name] / _ABOUT), self._titled(forms))
            )
            for name, forms in _placed(self.query).items()
        }
        numbers = dict.fromkeys(re.findall(r"\d{2,}", self.query.text))
        return {number: self._titled({number}) for number in numbers} | held

    def _fair(self, held: _Floats) -> _Floats:
        """The same, where documents of a language none of which names a place count like the best
        of the others: it may be called something else there."""
        fair = held.copy()
        for language in np.unique(self._languages):
            own = self._languages == language
            if not held[own].any():
                fair[own] = held.max()
        return fair

    @cached_property
    def _languages(self) -> npt.NDArray[np.str_]:
        """(m,)"""
        return np.array([record.language for record in self._records])

    @cached_property
    def _worded(self) -> dict[str, _Floats]:
        """(m,) by word: whether it stands in each document's title."""
        return {word: self._titled(forms) for word, forms in _worded(self.query).items()}

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        return _named(self.query)

    @cached_property
    def _document_of_row(self) -> Rows:
        columns = self.reader.columns
        return columns.documents[np.searchsorted(columns.rows, self.rows)]

    @cached_property
    def _documents(self) -> Rows:
        """(m,) the numbers of the documents, ascending; what follows is in this order."""
        return np.unique(self._document_of_row)

    @cached_property
    def _records(self) -> list[DocumentRecord]:
        return [self.reader.record(int(number)) for number in self._documents]

    @cached_property
    def _shares(self) -> dict[str, _Floats]:
        """(m,) by name."""
        chunks = np.array([max(record.chunks, 1) for record in self._records], np.float64)
        return {surface: self._saying(forms) / chunks for surface, forms in self._names.items()}

    def _saying(self, forms: set[str]) -> _Floats:
        """(m,) how many passages of each document hold one of the terms."""
        columns = self.reader.columns
        rows, _ = self.reader.terms.search(dict.fromkeys(forms, 1.0), _MANY, None)
        held = columns.documents[np.searchsorted(columns.rows, rows)]
        found, counts = np.unique(held, return_counts=True)
        by_document = dict(zip(found.tolist(), counts.tolist(), strict=True))
        return np.array([by_document.get(int(one), 0) for one in self._documents], np.float64)

    @cached_property
    def _titles(self) -> list[frozenset[str]]:
        return [_title_terms(record.title, record.path) for record in self._records]

    def _titled(self, forms: set[str]) -> _Floats:
        """(m,) 1 where the title has one of the terms."""
        return np.array([not forms.isdisjoint(title) for title in self._titles], np.float64)


def _told(held: dict[str, _Floats], documents: int) -> _Floats:
    """(m,) the part of some words that each document holds, given how far (0 to 1) it holds each;
    a word that all of them hold, or none, tells nothing."""
    found, whole = np.zeros(documents), 0.0
    for each in held.values():
        weight = float(np.log((documents + 1) / (each.sum() + 0.5))) if each.any() else 0.0
        if weight > 0:
            found += weight * each
            whole += weight
    return found / whole if whole else found


@lru_cache(maxsize=10_000)
def _title_terms(title: str, path: str) -> frozenset[str]:
    """The terms of a document's title and file name, and their numbers."""
    text = f"{title} {re.sub(r'[_./-]+', ' ', PurePath(path).stem)}"
    terms = {term.term for language in ("en", "ru") for term in terms_of(text, language)}
    return frozenset(terms | set(re.findall(r"\d{2,}", text)))


def _worded(query: Query) -> dict[str, set[str]]:
    """The forms of each of the question's words, as index terms."""
    forms: dict[str, set[str]] = {}
    for term in query.terms:
        forms.setdefault(term.surface, set()).add(term.term)
    return forms


def _named(query: Query) -> dict[str, set[str]]:
    """The forms of each capitalised word and place, as index terms."""
    forms: dict[str, set[str]] = {}
    for term in query.terms:
        sure = term.via == "word" or term.weight >= _SURE
        if sure and term.surface[:1].isupper() and " " not in term.surface:
            forms.setdefault(term.surface, set()).add(term.term)
    for name, stems in _placed(query).items():
        forms.setdefault(name, set()).update(stems)
    return forms


def _placed(query: Query) -> dict[str, set[str]]:
    """The forms of each word that names a place."""
    forms: dict[str, set[str]] = {}
    for each in places_of(query.text, query.language):
        for own in query.text[each.start : each.end].split():
            forms.setdefault(own, set()).update(_stems(each.place))
    return forms


def _stems(place: Place) -> Iterator[str]:
    """The stems of a place's one-word names."""
    for language, names in (("en", place.english), ("ru", place.russian)):
        for name in names:
            words = words_of(name, language)
            if len(words) == 1:
                yield words[0].stem
