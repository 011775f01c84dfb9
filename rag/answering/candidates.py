"""The sentences that could be quoted: those of the best passages, with their place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.sentences import sentence_spans
from index.types import Hit
from rag.answering.verify import Quote

READ = ("en", "ru")  # the languages that questions are asked in
_LINE = re.compile(r"[^\s][^\n]*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Sentence `order` (from 0) of passage `passage` (index into the hits), at characters
    [start, end) of the passage's text."""

    passage: int
    order: int
    start: int
    end: int
    text: str


def sentences_of(hits: Sequence[Hit]) -> list[Candidate]:
    """All sentences of the passages, once each: overlapping passages share sentences, and the
    better passage keeps them. Of a document that says it in English or Russian too, nothing in a
    third language is quoted."""
    seen: set[tuple[str, int, int]] = set()
    found: list[Candidate] = []
    read = {hit.chunk.document_id for hit in hits if hit.chunk.language in READ}
    for passage, hit in enumerate(hits):
        chunk = hit.chunk
        if chunk.language not in READ and chunk.document_id in read:
            continue
        spans = list(_rows_apart(chunk.text, sentence_spans(chunk.text, chunk.language)))
        for order, (start, end) in enumerate(spans):
            text = chunk.text[start:end]
            place = (chunk.document_id, chunk.start + start, chunk.start + end)
            if place in seen or _is_heading(text):
                continue
            seen.add(place)
            found.append(Candidate(passage, order, int(start), int(end), text))
    return found


def _is_heading(text: str) -> bool:
    """Whether a line only names what follows: short, no mark at its end, and no figure in it or
    all in capitals."""
    if not any(character.isalnum() for character in text):
        return True
    if len(text.split()) >= 14 or text[-1] in ".!?…;:":
        return False
    capitals = text.isupper() and " | " not in text
    return capitals or (text[-1] not in '»”")' and not any(map(str.isdigit, text)))


def _rows_apart(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Rows of a table ("Country: Kazakhstan | Participants: 19") one by one, sentences whole."""
    for start, end in spans:
        if " | " not in text[start:end]:
            yield start, end
            continue
        for line in _LINE.finditer(text, start, end):
            yield line.span()


def quote_of(hit: Hit, start: int, end: int) -> Quote:
    """The span [start, end) of a passage as a quote from its document."""
    chunk = hit.chunk
    return Quote(
        chunk_id=chunk.id,
        document_id=chunk.document_id,
        start=chunk.start + start,
        end=chunk.start + end,
        text=chunk.text[start:end],
    )
