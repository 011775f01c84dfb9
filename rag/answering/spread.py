"""How much of each document speaks of a name of the question.

Page 40 of a Kazakh law need not say "Kazakhstan" again: a name that a large part of a document
holds counts as said on every page of it.
"""

from collections.abc import Iterator

import numpy as np

from index.reader import Reader
from index.search.question import Query
from index.search.searcher import Found
from rag.answering.places import Place, places_of
from rag.answering.words import words_of

_MANY = 2_000  # chunks looked at: what more of them hold says little
_SURE = 0.35  # variants with less weight fit too many words

Spread = dict[str, dict[str, float]]


def spread_of(found: Found, reader: Reader) -> Spread:
    """For each capitalised word of the question, the share of the chunks of each document found
    that name it in any of its forms."""
    columns = reader.columns
    numbers = columns.documents[np.searchsorted(columns.rows, found.rows)]
    ids = dict(zip(numbers.tolist(), (hit.chunk.document_id for hit in found.hits), strict=True))
    spread: Spread = {}
    for surface, terms in _named(found.query).items():
        rows, _ = reader.terms.search(dict.fromkeys(terms, 1.0), _MANY, None)
        held = columns.documents[np.searchsorted(columns.rows, rows)]
        spread[surface] = {
            document: float((held == number).sum()) / max(reader.document(document).chunks, 1)
            for number, document in ids.items()
        }
    return spread


def _named(query: Query) -> dict[str, set[str]]:
    """The forms of each capitalised word, as index terms."""
    forms: dict[str, set[str]] = {}
    for term in query.terms:
        sure = term.via == "word" or term.weight >= _SURE
        if sure and term.surface[:1].isupper() and " " not in term.surface:
            forms.setdefault(term.surface, set()).add(term.term)
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
