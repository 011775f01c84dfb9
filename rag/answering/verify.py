"""The last gate before a quote is shown: it must stand in the source, letter by letter.

Offsets, page and page label of a citation are recomputed from the document as the index keeps it,
never taken over from the search. What does not hold is not shown, whatever scored it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from index.reader import Reader
from rag.types import Answer, Citation


@dataclass(frozen=True, slots=True)
class Quote:
    """A span somebody wants to cite: `text` is said to stand at [start, end) of the document."""

    chunk_id: str
    document_id: str
    start: int
    end: int
    text: str


def cite(source: Reader, quote: Quote, marker: str) -> Citation | None:
    """A citation of the quote, or None if the source does not say exactly this there."""
    if not quote.text.strip() or quote.start < 0:
        return None
    if source.excerpt(quote.document_id, quote.start, quote.end) != quote.text:
        return None
    pages = source.page_places(quote.document_id)
    page = next((each for each in pages if each.start <= quote.start < each.end), None)
    if page is None:
        return None
    record = source.document(quote.document_id)
    return Citation(
        marker=marker,
        chunk_id=quote.chunk_id,
        document_id=quote.document_id,
        document=record.path,
        title=record.title,
        page=page.number,
        page_label=page.label,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
    )


def problems(answer: Answer, source: Reader) -> Iterator[str]:
    """Sentences on what an answer shows that its sources do not say; none when all is well."""
    for citation in answer.citations:
        quote = Quote(
            citation.chunk_id,
            citation.document_id,
            citation.start,
            citation.end,
            citation.quote,
        )
        if cite(source, quote, citation.marker) != citation:
            yield f"Citation {citation.marker} is not what {citation.document} says there."
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    for sentence in answer.sentences:
        if not any(sentence.text in quotes[marker] for marker in sentence.markers):
            yield f"A sentence shown is not in its source: {sentence.text[:60]!r}."
        for start, end in (*sentence.highlights, *([sentence.answer] if sentence.answer else [])):
            if not 0 <= start < end <= len(sentence.text):
                yield f"A marked span lies outside its sentence: {sentence.text[:60]!r}."
