"""What `corpus` produces: documents made of pages, pages made of blocks, text with its way back."""

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "quote"]
TextLayer = Literal["text", "ocr", "none"]


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters of clean text at `clean` stand at `raw` in the extracted text.

    Characters of the clean text in no run (a space put in for a line break) have no source.
    """

    clean: int
    raw: int
    length: int


@dataclass(frozen=True, slots=True)
class Block:
    """A structural piece of a page; offsets are into `Page.text`. `level` is 1-6 for headings."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One printed page, or one section of a source without pages.

    `number` counts from 1, `label` is what is printed on the page (or "section 3"). `text` is clean
    and stands at `document.text[start:start + len(text)]`; `raw` is what the parser extracted, and
    `runs` (ascending, disjoint) map clean offsets to raw ones. `layer` tells where the text came
    from; "none" is a page without a text layer that nobody could read.
    """

    document_id: str
    number: int
    label: str
    text: str
    language: str
    start: int
    raw: str
    runs: tuple[Run, ...]
    blocks: tuple[Block, ...]
    layer: TextLayer = "text"


@dataclass(frozen=True, slots=True)
class Document:
    """A file as text. `text` is the pages' texts joined by a blank line; every offset that Kordon
    shows counts characters of `text` from 0. `id` is the first 16 hex digits of the SHA-256 of
    the file's bytes. `path` is the file's path as it was added, relative to the folder given
    (`root`, absolute). `date` is ISO 8601, possibly only a year or year-month, or "".
    `language` is an ISO 639-1 code ("en", "ru", "kk", ...) or "other". `problems` are sentences.
    """

    id: str
    root: str
    path: str
    format: str
    title: str
    date: str
    publisher: str
    label: str
    language: str
    paged: bool
    text: str
    pages: tuple[Page, ...]
    problems: tuple[str, ...] = ()


PAGE_SEPARATOR = "\n\n"
