"""Documents of the catalogue that a question about the collection asks for.

A document is on a subject when its title, publisher or path names it, or its text does. Every
document shown is quoted with its opening words, so that it can be opened like any citation.
"""

import re
from collections.abc import Iterator

import numpy as np

from index.analysis.words import terms_of
from index.filtering import allows
from index.reader import Reader
from index.records import DocumentRecord
from index.search.searcher import Searcher
from index.sentences import sentence_spans
from index.types import Filter, chunk_id
from rag.answering.candidates import READ
from rag.answering.catalogue.request import Request
from rag.answering.catalogue.words import SORTS
from rag.answering.concepts import Concept, concepts_of
from rag.answering.verify import Quote

_MANY = 2_000
_QUOTED = 200
_OPENING = 600  # characters of a text that may say what it is


def fitting_documents(
    request: Request, searcher: Searcher, where: Filter
) -> tuple[DocumentRecord, ...]:
    """The documents asked for among those `where` allows, newest first."""
    reader = searcher.reader
    kept = [record for record in reader.documents() if allows(where, record)]
    time = Filter(after=request.after, before=request.before)
    kept = [one for one in kept if allows(time, one) or _is_for(request, one)]
    if request.languages:
        kept = [one for one in kept if not languages_of(one, reader).isdisjoint(request.languages)]
    kept = [one for one in kept if request.format in ("", one.format)]
    if request.sort:
        kept = _of_sort(SORTS[request.sort], kept, reader)
    if any(map(str.isalnum, request.topic)):
        on_topic = _on_topic(request, searcher, where)
        kept = [record for record in kept if record.id in on_topic]
    kept = _hinted(request.hints, kept, searcher)
    kept.sort(key=lambda record: (record.date, record.path), reverse=not request.oldest)
    return tuple(kept[: request.most or None])


def _is_for(request: Request, record: DocumentRecord) -> bool:
    """Whether title or file name say the one year asked for: the report for 2024 is of 2025."""
    year = request.after if request.after == request.before and len(request.after) == 4 else ""
    return bool(year) and year in f"{record.title} {record.path}"


def languages_of(record: DocumentRecord, reader: Reader) -> set[str]:
    """The document's language, and third ones that some of it is in."""
    rows = reader.rows_of(Filter(documents=frozenset((record.id,))))
    own = set(np.unique(reader.languages[rows]).tolist()) if rows is not None else set()
    return {record.language} | (own - set(READ))


def _of_sort(
    sort: re.Pattern[str], records: list[DocumentRecord], reader: Reader
) -> list[DocumentRecord]:
    """Those whose title or file name says that they are of this sort; if none does, those that open
    with it."""
    named = [one for one in records if sort.search(f"{one.title} {one.path}")]
    return named or [one for one in records if sort.search(reader.text(one.id)[:_OPENING])]


def _on_topic(request: Request, searcher: Searcher, where: Filter) -> set[str]:
    """Ids of documents that name every concept of the topic; if the topic is their source, of those
    whose title, publisher or path does, where there are any."""
    concepts = concepts_of(searcher.understand(request.topic), {})
    named = [_named(concept, searcher.reader) for concept in concepts]
    titled = set.intersection(*named) if named else set()
    if request.source and titled:
        return titled
    told = [
        own | _told(concept, searcher, where) for own, concept in zip(named, concepts, strict=True)
    ]
    return set.intersection(*told) if told else set()


def _hinted(hints: str, records: list[DocumentRecord], searcher: Searcher) -> list[DocumentRecord]:
    """Those whose title, publisher or path has most of the other words asked with; all if none has
    one."""
    concepts = concepts_of(searcher.understand(hints), {}) if hints else ()
    held = [sum(not one.terms.isdisjoint(_about(record)) for one in concepts) for record in records]
    most = max(held, default=0)
    return [record for record, own in zip(records, held, strict=True) if own == most]


def _named(concept: Concept, reader: Reader) -> set[str]:
    """Documents whose title, publisher or path names a concept."""
    records = reader.documents()
    return {one.id for one in records if not concept.terms.isdisjoint(_about(one))}


def _told(concept: Concept, searcher: Searcher, where: Filter) -> set[str]:
    """Documents whose text names a concept."""
    terms = {term: 1.0 for term in concept.terms if not term.startswith("place:")}
    rows, _ = searcher.reader.terms.search(terms, _MANY, searcher.reader.rows_of(where))
    return {chunk.document_id for chunk in searcher.reader.chunks(rows)}


def _about(record: DocumentRecord) -> set[str]:
    text = f"{record.title} {record.publisher} {re.sub(r'[_./-]+', ' ', record.path)}"
    return {term.term for term in terms_of(text, record.language)}


def opening(reader: Reader, record: DocumentRecord) -> Quote | None:
    """The first sentence of a document as a quote; None for one without text."""
    text = reader.text(record.id)
    start, end = next(_openings(text, record.language), (0, 0))
    if end <= start:
        return None
    end = min(end, start + _QUOTED)
    return Quote(chunk_id(record.id, start, end), record.id, start, end, text[start:end])


def _openings(text: str, language: str) -> Iterator[tuple[int, int]]:
    for start, end in sentence_spans(text[:4_000], language):
        if any(map(str.isalnum, text[start:end])):
            yield int(start), int(end)
