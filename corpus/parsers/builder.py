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
    names = [" ".join(cell.split()) for cell in rows[0]] if header and len(rows) > 1 else []
    if any(len(name) > _HEADER_CELL for name in names) or len(names) < 2:
        names = []
    parts = []
    for number, (row, places) in enumerate(zip(rows, cells, strict=True)):
        pieces: list[Piece] = []
        for column, (cell, place) in enumerate(zip(row, places, strict=True)):
            if not cell.strip():
                continue
            if pieces:
                pieces.append(_JOINT)
            name = names[column] if number and column < len(names) else ""
            if name and name != " ".join(cell.split()):
                pieces.append(f"{name.rstrip(':')}: ")
            pieces += place
        if pieces:
            parts.append(Part("table_row", tuple(pieces)))
    return parts
