"""The tables in the passages, row by row, as the parsers write them: "Office: Osh | Officers: 12".

A table of two columns has rows without names ("Relevance | 5.6") under a line that names them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from index.reader import Reader
from rag.answering.candidates import Candidate
from rag.answering.listing import ROW, TOTAL
from rag.answering.sources import Passages

_FEWEST = 2  # rows


@dataclass(frozen=True, slots=True)
class Cell:
    """A value at characters [start, end) of its row's text; its column's name ends before it."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row, which is also a sentence that can be quoted."""

    candidate: Candidate
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the order of reading, all with the columns of these `names`; totals are left out.
    `language` is that of the passage."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    language: str


def tables_in(
    candidates: tuple[Candidate, ...], passages: Passages, reader: Reader
) -> Iterator[Table]:
    """The tables that have all their rows among the candidates, in the order in which they are
    found."""
    rows = [one for one in candidates if ROW in one.text]
    place = {one: _place(one, passages) for one in rows}
    documents: dict[str, list[Candidate]] = {}
    for one in rows:
        documents.setdefault(place[one][0], []).append(one)
    for document, own in documents.items():
        own.sort(key=place.__getitem__)
        for names, group in groupby(own, key=lambda one: _names(one, passages)):
            found = tuple(Row(one, _cells(one)) for one in group)
            found = tuple(row for row in found if not TOTAL.match(row.cells[0].value))
            chunk = passages.hits[own[0].passage].chunk
            if len(names) > 1 and len(found) >= _FEWEST and _whole(found, document, place, reader):
                yield Table(names, found, chunk.language)


def _place(one: Candidate, passages: Passages) -> tuple[str, int]:
    chunk = passages.hits[one.passage].chunk
    return chunk.document_id, chunk.start + one.start


def _cells(row: Candidate) -> tuple[Cell, ...]:
    cells, start = [], 0
    for part in row.text.split(ROW):
        name, colon, value = part.partition(": ")
        if not colon:
            name, value = "", part
        cells.append(Cell(name, value, start + len(part) - len(value), start + len(part)))
        start += len(part) + len(ROW)
    return tuple(cells)


def _names(row: Candidate, passages: Passages) -> tuple[str, ...]:
    """What the columns of a row are called; empty where nothing tells."""
    own = tuple(cell.name for cell in _cells(row))
    if any(own):
        return own
    lines = passages.hits[row.passage].chunk.text[: row.start].splitlines()
    header = ""
    while lines and (ROW in lines[-1] or not lines[-1].strip()):
        header = lines.pop().strip() or header
    names = tuple(header.split(ROW))
    return names if len(names) == len(own) and not any(map(str.isdigit, header)) else ()


def _whole(
    rows: tuple[Row, ...],
    document: str,
    place: dict[Candidate, tuple[str, int]],
    reader: Reader,
) -> bool:
    """Whether no row with the columns of these stands right before or behind them."""
    first, last = place[rows[0].candidate][1], place[rows[-1].candidate][1]
    end = last + len(rows[-1].candidate.text)
    before = reader.excerpt(document, max(0, first - 600), first).rstrip().rpartition("\n")[2]
    after = reader.excerpt(document, end, end + 600).lstrip().partition("\n")[0]
    names = tuple(cell.name for cell in rows[0].cells)
    return not any(_is_of(line, names) for line in (before, after))


def _is_of(line: str, names: tuple[str, ...]) -> bool:
    """Whether a line is one more row, and no total."""
    parts = line.split(ROW)
    if len(parts) != len(names) or TOTAL.match(parts[0].rpartition(": ")[2]):
        return False
    if not any(names):
        return any(map(str.isdigit, line))
    return tuple(part.partition(": ")[0] if ": " in part else "" for part in parts) == names
