"""What is shown of a source: facts, the passage in its surroundings, the quoted words on the page.

`Mention` names a span of a document; `open_source` reads everything about it from the index.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from corpus.errors import BrokenFile
from corpus.types import Page
from index.types import Hit
from rag.types import Citation
from rag.ui.page_images import has_picture, page_places

if TYPE_CHECKING:
    from corpus.parsers.pdf_places import PagePlaces, WordPlace
    from index.reader import Reader

BEFORE, AFTER = 600, 900  # characters shown around a quote
KEPT = 256  # sources


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a document that can be opened; `quote` is its text when it was answered.

    `document` is its path, `date` ISO 8601 or "".
    """

    document_id: str
    document: str
    title: str
    page: int
    page_label: str
    start: int
    end: int
    quote: str
    publisher: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """Part of a page, in shares (0 to 1) of its width and height from its left upper corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Source:
    """A quote in its surroundings. `picture` tells whether the page can be shown as an image,
    `boxes` where the quoted words stand on it (one box per line), `original` whether the file was
    kept. `name` tells the file from all others. `date` is ISO 8601 or "", `language` that of the
    page."""

    mention: Mention
    title: str
    name: str
    publisher: str
    date: str
    language: str
    format: str
    pages: int
    heading: str
    before: str
    quote: str
    after: str
    picture: bool
    boxes: tuple[Box, ...]
    original: bool


def cited(citation: Citation, reader: "Reader") -> Mention:
    """What the numbered mark of a sentence opens."""
    record = reader.document(citation.document_id)
    return Mention(
        document_id=citation.document_id,
        document=citation.document,
        title=citation.title,
        page=citation.page,
        page_label=citation.page_label,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        publisher=record.publisher,
        date=record.date,
    )


def found(hit: Hit, reader: "Reader") -> Mention:
    """What a passage that was found opens."""
    chunk = hit.chunk
    record = reader.document(chunk.document_id)
    number = chunk.pages[0] if chunk.pages else 1
    return Mention(
        document_id=record.id,
        document=record.path,
        title=record.title,
        page=number,
        page_label=reader.page_labels(record.id).get(number, ""),
        start=chunk.start,
        end=chunk.end,
        quote=chunk.text,
        publisher=record.publisher,
        date=record.date,
    )


_opened: OrderedDict[tuple[Path, Mention], Source | None] = OrderedDict()
_opening = Lock()


def open_source(reader: "Reader", mention: Mention) -> Source | None:
    """The source as it is now; None if the index no longer has these words at this place.

    The last ones are kept: a page is drawn anew at every interaction, and a generation never
    changes.
    """
    key = (reader.folder, mention)
    with _opening:
        if key in _opened:
            _opened.move_to_end(key)
            return _opened[key]
    source = _read(reader, mention)
    with _opening:
        _opened[key] = source
        while len(_opened) > KEPT:
            _opened.popitem(last=False)
    return source


def _read(reader: "Reader", mention: Mention) -> Source | None:
    record = next((r for r in reader.documents() if r.id == mention.document_id), None)
    if record is None:
        return None
    whole = reader.text(record.id)
    if whole[mention.start : mention.end] != mention.quote:
        return None
    page = next((p for p in reader.pages(record.id) if p.number == mention.page), None)
    file = reader.kept_original(record.id)
    kept = file if file is not None and file.is_file() else None
    boxes = _boxes(kept, page, mention) if kept and has_picture(record.format) else None
    return Source(
        mention=mention,
        title=record.title or reader.name(record.id),
        name=reader.name(record.id),
        publisher=record.publisher,
        date=record.date,
        language=page.language if page else record.language,
        format=record.format,
        pages=record.pages,
        heading=_heading(page, mention.start) if page else "",
        before=tail(whole[: mention.start], BEFORE),
        quote=mention.quote,
        after=head(whole[mention.end :], AFTER),
        picture=boxes is not None,
        boxes=boxes or (),
        original=kept is not None,
    )


def _boxes(file: Path, page: Page | None, mention: Mention) -> tuple[Box, ...] | None:
    """Where the quote stands on the picture of its page; None when there is no picture."""
    if page is None:
        return None
    try:
        places = page_places(file, page.number)
    except BrokenFile:
        return None
    return quote_boxes(page, places, mention.start, mention.end)


def quote_boxes(page: Page, places: "PagePlaces", start: int, end: int) -> tuple[Box, ...]:
    """The boxes of the words of `document.text[start:end]` that stand on this page, one per line.

    Empty when the page cannot be read again as it was read for the index.
    """
    if places.raw != page.raw:
        return ()
    spans = raw_spans(page, start - page.start, end - page.start)
    words = [
        word
        for word in places.words
        if any(word.start < span_end and span_start < word.end for span_start, span_end in spans)
    ]
    return tuple(_lines(words))


def raw_spans(page: Page, start: int, end: int) -> list[tuple[int, int]]:
    """Where the characters [start, end) of the page's clean text stand in its raw text."""
    spans = []
    for run in page.runs:
        first, last = max(start, run.clean), min(end, run.clean + run.length)
        if first < last:
            spans.append((run.raw + first - run.clean, run.raw + last - run.clean))
    return spans


def _lines(words: "Sequence[WordPlace]") -> list[Box]:
    """Boxes around the words that follow each other on one line."""
    boxes: list[Box] = []
    for word in words:
        last = boxes[-1] if boxes else None
        if last and _same_line(last, word):
            boxes[-1] = Box(
                min(last.left, word.left),
                min(last.top, word.top),
                max(last.right, word.right),
                max(last.bottom, word.bottom),
            )
        else:
            boxes.append(Box(word.left, word.top, word.right, word.bottom))
    return boxes


def _same_line(box: Box, word: "WordPlace") -> bool:
    height = min(box.bottom - box.top, word.bottom - word.top)
    overlap = min(box.bottom, word.bottom) - max(box.top, word.top)
    gap = word.left - box.right
    return overlap > 0.5 * height and -height < gap < 3 * height


def _heading(page: Page, at: int) -> str:
    """The last heading of the page above the place."""
    above = [
        page.text[block.start : block.end]
        for block in page.blocks
        if block.kind == "heading" and page.start + block.end <= at
    ]
    return above[-1] if above else ""


def head(text: str, size: int) -> str:
    """At most `size` characters from the start, ended at a space where there is one."""
    if len(text) <= size:
        return text
    return text[:size].rsplit(None, 1)[0] + " …"


def tail(text: str, size: int) -> str:
    """At most `size` characters from the end, begun after a space where there is one."""
    if len(text) <= size:
        return text
    return "… " + text[-size:].split(None, 1)[-1]
