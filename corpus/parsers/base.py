"""What a parser hands on: pages of raw text, made of lines of ink or of parts of known kind.

A parser never decides how text reads. It extracts `raw` (NFC) and says which spans of it belong
together; `corpus.cleaning` weaves the clean text from those spans, so that each character of it
keeps its way back to `raw`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.types import BlockKind, TextLayer

Span = tuple[int, int]  # [start, end) in raw
Piece = Span | str  # a span of raw, or a few characters without a source between two spans


@dataclass(frozen=True, slots=True)
class Line:
    """One line of ink: `raw[start:end]`, and where it stands.

    Coordinates are in one unit throughout a page (points, pixels, or characters and line numbers
    for plain text); `top` grows downwards. `size` is the height of its letters, `bold` whether all
    of it is bold. `flow` numbers the columns of the page in reading order: lines of different flows
    share no margins.
    """

    start: int
    end: int
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    flow: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A structural piece whose kind the parser knows; `level` is 1-6 for headings."""

    kind: BlockKind
    pieces: tuple[Piece, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of ink: the lines of each cell. `names` are the titles of the columns."""

    cells: tuple[tuple[Span, ...], ...]
    names: tuple[str, ...] = ()


Item = Line | Part | Row


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page, or a whole source without pages, as it was extracted.

    `items` are in reading order; those of a page with ink only are lines. `height` is 0 where the
    source has no pages. `problem` is a sentence, or "".
    """

    raw: str
    items: tuple[Item, ...]
    label: str = ""
    height: float = 0.0
    layer: TextLayer = "text"
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says of itself; "" where it says nothing. Dates are ISO 8601.

    `written` and `author` are what a program noted in the file; they count only when neither the
    document nor its first lines say more.
    """

    title: str = ""
    date: str = ""
    publisher: str = ""
    written: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as its parser reads it. `paged` tells whether the pages are the source's own.

    `pages` may be read while it is walked, once, and may raise `DocumentError` then; `count` says
    how many there are.
    """

    format: str
    pages: Iterable[RawPage]
    paged: bool
    count: int = 1
    facts: Facts = Facts()
    problems: tuple[str, ...] = ()


class Parser(Protocol):
    """Reads one format. Raises `DocumentError` with one sentence that names the file."""

    def __call__(self, path: Path, data: bytes) -> Parsed:
        """Read `data`, the bytes of the file at `path`."""
        ...
