"""A chat: questions with their answers, and what a click in them can open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.types import Hit
from rag.assemble import Kordon, View
from rag.types import Answer, Citation

if TYPE_CHECKING:
    from index.reader import Reader

BEFORE, AFTER = 200, 400  # characters shown around a quote


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a document that can be opened; `quote` is its text when it was answered."""

    document_id: str
    document: str
    title: str
    page: int
    page_label: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, its answer, and the passages beside a refusal."""

    answer: Answer
    related: tuple[Mention, ...]

    def mention(self, marker: str) -> Mention:
        """What the numbered mark of a sentence opens."""
        return next(_cited(c) for c in self.answer.citations if c.marker == marker)


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote in its surroundings, read from the live index."""

    before: str
    quote: str
    after: str
    language: str
    publisher: str
    date: str


def ask(kordon: Kordon, question: str) -> Turn:
    """Answer a question. Raises `KordonError` when it or the index is at fault."""
    with kordon.view() as view:
        answer = view.ask(question)
        return Turn(answer, tuple(_related(hit, view) for hit in answer.related))


def surroundings(reader: "Reader", mention: Mention) -> Passage | None:
    """The quote where it stands now; None if the index no longer has it there."""
    record = next((r for r in reader.documents() if r.id == mention.document_id), None)
    if record is None:
        return None
    whole = reader.text(record.id)
    quote = whole[mention.start : mention.end]
    if quote != mention.quote:
        return None
    page = next((p for p in reader.pages(record.id) if p.number == mention.page), None)
    return Passage(
        before=_tail(whole[: mention.start], BEFORE),
        quote=quote,
        after=_head(whole[mention.end :], AFTER),
        language=page.language if page else record.language,
        publisher=record.publisher,
        date=record.date,
    )


def _head(text: str, size: int) -> str:
    """At most `size` characters from the start, ended at a space where there is one."""
    if len(text) <= size:
        return text
    return text[:size].rsplit(None, 1)[0] + " …"


def _tail(text: str, size: int) -> str:
    """At most `size` characters from the end, begun after a space where there is one."""
    if len(text) <= size:
        return text
    return "… " + text[-size:].split(None, 1)[-1]


def _cited(citation: Citation) -> Mention:
    return Mention(
        citation.document_id,
        citation.document,
        citation.title,
        citation.page,
        citation.page_label,
        citation.start,
        citation.end,
        citation.quote,
    )


def _related(hit: Hit, view: View) -> Mention:
    chunk = hit.chunk
    record = view.reader.document(chunk.document_id)
    number = chunk.pages[0] if chunk.pages else 1
    label = next((p.label for p in view.reader.pages(record.id) if p.number == number), "")
    return Mention(
        record.id, record.path, record.title, number, label, chunk.start, chunk.end, chunk.text
    )
