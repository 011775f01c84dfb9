"""Raw text grown by parsers that know the structure of their format."""

import unicodedata
from collections.abc import Sequence

from corpus.parsers.base import Part, Piece, RawPage, Span
from corpus.types import BlockKind

_HEADER_CELL = 60  # characters: a longer cell is no column title
_JOINT = " | "


class RawBuilder:
    """Collects text block by block; each call stands for one block of the source."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._length = 0
        self.parts: list[Part] = []

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._texts)

    def span(self, text: str) -> Span:
        """Append text (made NFC) and a line end; where it stands."""
        text = unicodedata.normalize("NFC", text)
        start = self._length
        self._texts += (text, "\n")
        self._length += len(text) + 1
        return start, start + len(text)

    def block(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Append a block unless it is blank."""
        if text.strip():
            self.parts.append(Part(kind, (self.span(text),), level))

    def table(self, rows: Sequence[Sequence[str]], *, header: bool) -> None:
        """Append a table, a block per row; `header` when the first row names the columns."""
        cells: list[list[tuple[Piece, ...]]] = [
            [(self.span(cell),) for cell in row] for row in rows
        ]
        self.parts += table_rows(rows, cells, header=header)

    def page(self) -> RawPage:
        """Everything as one page."""
        return RawPage(self.text, tuple(self.parts))


def table_rows(
    rows: Sequence[Sequence[str]],
    cells: Sequence[Sequence[tuple[Piece, ...]]],
    *,
    header: bool,
) -> list[Part]:
    """A part per row: "Year: 2020 | Seizures: 87" under a header row, "2020 | 87" without one.

    `cells` are the pieces of raw text behind `rows`. The names of the columns are repeated in each
    row without a source, so that a row can be found and read alone.
    """
    names = column_names(rows[0]) if header and len(rows) > 1 else ()
    parts = []
    for number, (row, places) in enumerate(zip(rows, cells, strict=True)):
        part = row_part(row, places, names if number else ())
        if part.pieces:
            parts.append(part)
    return parts


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether an unmarked first row names the columns: three or more, one of them of figures."""
    first, *others = rows
    if len(first) < 3 or not all(cell.strip() for cell in first) or any(map(_has_digit, first)):
        return False
    full = [row for row in others if len(row) == len(first)]
    return any(
        sum(_has_digit(row[column]) for row in full) > len(others) / 2
        for column in range(len(first))
    )


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def column_names(row: Sequence[str]) -> tuple[str, ...]:
    """The titles of columns as the cells of a header row say them; none if they read as text."""
    names = tuple(" ".join(cell.split()).rstrip(":") for cell in row)
    return () if len(names) < 2 or any(len(name) > _HEADER_CELL for name in names) else names


def row_part(row: Sequence[str], cells: Sequence[tuple[Piece, ...]], names: Sequence[str]) -> Part:
    """One row; a row of a single cell is a paragraph."""
    pieces: list[Piece] = []
    filled = 0
    told = ""
    for column, (cell, place) in enumerate(zip(row, cells, strict=True)):
        text = " ".join(cell.split())
        if not text:
            continue
        name = names[column] if column < len(names) else ""
        if pieces:
            pieces.append(" " if told.endswith(":") else _JOINT)
        told = text
        if name and name != text:
            pieces.append(f"{name}: ")
        pieces += place
        filled += 1
    return Part("table_row" if filled > 1 else "paragraph", tuple(pieces))
