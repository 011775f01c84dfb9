"""A question about the collection answered from the catalogue: documents, each with its opening."""

from collections import Counter
from collections.abc import Sequence

from index.records import DocumentRecord
from index.search.searcher import Searcher
from index.types import Filter
from rag.answering.catalogue.documents import fitting_documents, languages_of, opening
from rag.answering.catalogue.request import Request
from rag.answering.catalogue.words import SORTS
from rag.answering.dates import iso_in_words
from rag.answering.phrases import say
from rag.answering.verify import cite
from rag.types import Answer, Citation, Sentence

_BEGINNING = 5  # letters that forms of a word have in common
_NAMED = ("en", "ru", "kk", "tg", "uz", "ky")


def from_catalogue(
    question: str, language: str, request: Request, searcher: Searcher, where: Filter, most: int
) -> Answer:
    """The documents asked for, at most so many, quoted with their openings; unanswered when none
    fits."""
    reader = searcher.reader
    records = fitting_documents(request, searcher, where)
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for record in records[:most]:
        quote = opening(reader, record)
        marker = str(len(citations) + 1)
        citation = cite(reader, quote, marker) if quote else None
        if citation is not None:
            citations.append(citation)
            sentences.append(Sentence(citation.quote, (marker,)))
    return Answer(
        question=question,
        language=language,
        answered=bool(sentences),
        confidence=1.0,
        sentences=tuple(sentences),
        citations=tuple(citations),
        related=(),
        generation=reader.generation,
        answerer="catalogue",
        lead=_lead(request, records, len(sentences), searcher, language),
        notice=_notice(request, records, language),
    )


def _notice(request: Request, records: Sequence[DocumentRecord], language: str) -> str:
    """That no title has what else was asked with, where nothing but that limits the list."""
    if request.limited or not request.hints or not records:
        return ""
    words = request.hints.lower().split()
    titles = " ".join(f"{one.title} {one.publisher} {one.path}" for one in records).lower()
    if any(word[:_BEGINNING] in titles for word in words):
        return ""
    return say("notice.untitled", language, named=", ".join(words))


def _lead(
    request: Request,
    records: Sequence[DocumentRecord],
    listed: int,
    searcher: Searcher,
    language: str,
) -> str:
    """How many documents fit, and how many of them are listed where that is not all."""
    if not records:
        return say("lead.no_documents", language)
    order = "oldest" if request.oldest else "newest"
    if request.most == 1:
        date = iso_in_words(records[0].date or "?", language)
        return say(f"lead.{order}", language, date=date)
    lead = say(f"lead.{order}_first", language, count=len(records))
    if listed < len(records):
        lead = f"{lead} {say('lead.listed', language, count=listed)}"
    told = _overview(request.overview, records, searcher, language)
    return f"{told} {lead}" if told else lead


def _overview(
    overview: str, records: Sequence[DocumentRecord], searcher: Searcher, language: str
) -> str:
    """In which languages, formats, ... the documents are, with their number; "" where that was not
    asked."""
    if not overview:
        return ""
    counted = Counter(
        name for record in records for name in _values(overview, record, searcher, language)
    )
    order = sorted(counted.items()) if overview == "years" else counted.most_common()
    told = ", ".join(f"{name} ({count})" for name, count in order)
    return say(f"lead.{overview}", language, told=told) if told else ""


def _values(
    overview: str, record: DocumentRecord, searcher: Searcher, language: str
) -> Sequence[str]:
    if overview == "languages":
        codes = sorted(languages_of(record, searcher.reader))
        return [say(f"language.{code}", language) if code in _NAMED else code for code in codes]
    if overview == "formats":
        return [record.format]
    if overview == "publishers":
        return [record.publisher] if record.publisher else []
    if overview == "years":
        return [record.date[:4]] if record.date else []
    text = f"{record.title} {record.path}"
    return [say(f"sort.{name}", language) for name, rule in SORTS.items() if rule.search(text)][:1]
