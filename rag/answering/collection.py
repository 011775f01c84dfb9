"""Questions about the collection itself: answered from the catalogue, not from the texts.

"What do we have on Tajikistan after 2020?", «Сколько документов ЕАГ?», "Latest newsletter". A
document is on a subject when its title, publisher or path names it, or its text does. Every
document shown is quoted with its opening words, so that it can be opened like any citation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.analysis.words import terms_of
from index.filtering import allows
from index.reader import Reader
from index.records import DocumentRecord
from index.search.searcher import Searcher
from index.sentences import sentence_spans
from index.types import Filter, chunk_id
from rag.answering.concepts import concepts_of
from rag.answering.verify import Quote

_DOCUMENT = (
    r"(?:documents?|files?|materials?|reports?|newsletters?|bulletins?|issues?|publications?|"
    r"документ\w*|файл\w*|материал\w*|отч[её]т\w*|бюллетен\w*|рассылк\w*|выпуск\w*|публикаци\w*)"
)
_NEWEST = r"(?:latest|newest|most recent|last|последн\w+|новейш\w+|сам\w+ нов\w+|свеж\w+)"
_OURS = (
    r"(?:do (?:we|you) have|have we got|are there|is there|in (?:the|our) "
    r"(?:collection|index|library|catalogue)|(?:есть )?у нас(?: есть)?|(?:есть )?в (?:нашей )?"
    r"(?:коллекции|базе|библиотеке|каталоге|индексе)|имеется|имеются)"
)
_ABOUT = r"(?:on|about|from|by|of|regarding|по|о|об|про|от|на тему)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"^(?:what|что)\s+(?:else\s+)?{_OURS}\s*{_ABOUT}?\s*(?P<topic>.*)$",
        rf"^(?:what|which|какие|какой)\s+(?P<sort>{_DOCUMENT})\s+(?:есть\s+)?{_OURS}\s*{_ABOUT}?\s*(?P<topic>.*)$",
        rf"^(?P<count>how many|сколько)\s+(?:у нас\s+)?(?P<sort>{_DOCUMENT})\s+{_OURS}\s*{_ABOUT}?"
        r"\s*(?P<topic>.*)$",
        rf"^(?P<count>how many|сколько)\s+(?:у нас\s+)?(?P<sort>{_DOCUMENT})"
        rf"(?:\s+{_ABOUT})?(?P<topic>(?:\s+(?:(?-i:[A-ZА-ЯЁ«\"])[\w«»\"-]*|\d{{4}}))*)$",
        rf"^(?:(?:what|which) is |show (?:me )?|покажи(?:те)? |какой )?(?:the |our |наш\w* )?"
        rf"(?P<newest>{_NEWEST})\s+(?P<named>(?:(?-i:[A-ZА-ЯЁ])[\w-]*\s+)*)(?P<sort>{_DOCUMENT})"
        rf"(?:\s+{_ABOUT})?"
        r"(?P<topic>(?:\s+(?:(?-i:[A-ZА-ЯЁ«\"])[\w«»\"-]*|\d{4}))*)$",
        rf"^(?:list|show|перечисли(?:те)?|покажи(?:те)?|список)\s+(?:all\s+|the\s+|все\s+)*"
        rf"(?P<sort>{_DOCUMENT})(?:\s+{_ABOUT})?(?P<topic>.*)$",
    )
)
_AFTER = re.compile(
    r"\b(?:after|since|from|после|с|начиная с)\s+(\d{4})(?:\s*(?:года|г\.?))?", re.I
)
_BEFORE = re.compile(r"\b(?:before|until|up to|до)\s+(\d{4})(?:\s*(?:года|г\.?))?", re.I)
_IN = re.compile(r"(?:\b(?:in|of|for|в|за)|^)\s*(\d{4})(?:\s*(?:году|года|год|г\.?))?", re.I)
_NEWSLETTER = re.compile(
    r"newsletter|bulletin|issue|бюллетен|рассылк|выпуск|вестник", re.IGNORECASE
)
_REPORT = re.compile(r"report|note|отч[её]т|доклад", re.IGNORECASE)
_MANY = 2_000
_QUOTED = 200


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of the catalogue: documents on `topic` between two dates, of a `sort`
    ("newsletter", "report" or ""), only the newest, or only their number."""

    topic: str
    after: str
    before: str
    sort: str
    newest: bool


def read_request(question: str) -> Request | None:
    """The request, or None for a question to the documents' contents."""
    text = question.strip(" ?.!")
    for form in _FORMS:
        found = form.match(text)
        if found:
            parts = found.groupdict()
            topic, after, before = _times((parts.get("named") or "") + (parts.get("topic") or ""))
            return Request(
                topic.strip(" ,?"), after, before, _sort(parts.get("sort") or ""),
                bool(parts.get("newest")),
            )  # fmt: skip
    return None


def _times(topic: str) -> tuple[str, str, str]:
    """The topic without its limits of time, and the limits: "after 2020" begins with 2021."""
    after = before = ""
    if found := _AFTER.search(topic):
        since = found.group().lower().startswith(("since", "from", "с ", "начиная"))
        after = found[1] if since else str(int(found[1]) + 1)
        topic = topic.replace(found.group(), "")
    if found := _BEFORE.search(topic):
        before = str(int(found[1]) - 1)
        topic = topic.replace(found.group(), "")
    if found := _IN.search(topic):
        after = before = found[1]
        topic = topic.replace(found.group(), "")
    return topic, after, before


def _sort(word: str) -> str:
    if _NEWSLETTER.search(word):
        return "newsletter"
    return "report" if _REPORT.search(word) else ""


def fitting_documents(
    request: Request, searcher: Searcher, where: Filter
) -> tuple[DocumentRecord, ...]:
    """The documents asked for among those `where` allows, newest first."""
    reader = searcher.reader
    kept = [record for record in reader.documents() if allows(where, record)]
    time = Filter(after=request.after, before=request.before)
    kept = [record for record in kept if allows(time, record)]
    if request.sort == "newsletter":
        kept = [one for one in kept if _NEWSLETTER.search(f"{one.title} {one.path}")]
    elif request.sort == "report":
        kept = [one for one in kept if _REPORT.search(f"{one.title} {one.path}")]
    if any(map(str.isalnum, request.topic)):
        on_topic = _on_topic(request.topic, searcher, where)
        kept = [record for record in kept if record.id in on_topic]
    kept.sort(key=lambda record: (record.date, record.path), reverse=True)
    return tuple(kept[:1] if request.newest else kept)


def _on_topic(topic: str, searcher: Searcher, where: Filter) -> set[str]:
    """Ids of documents that name every concept of the topic."""
    query = searcher.understand(topic)
    concepts = concepts_of(query, {})
    found: set[str] | None = None
    for concept in concepts:
        named = {
            record.id
            for record in searcher.reader.documents()
            if not concept.terms.isdisjoint(_about(record))
        }
        terms = {term: 1.0 for term in concept.terms if not term.startswith("place:")}
        allowed = searcher.reader.rows_of(where)
        rows, _ = searcher.reader.terms.search(terms, _MANY, allowed)
        named |= {chunk.document_id for chunk in searcher.reader.chunks(rows)}
        found = named if found is None else found & named
    return found or set()


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
