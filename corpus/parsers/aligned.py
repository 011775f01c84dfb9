"""Tables of a PDF page without drawn lines: words that stand below each other with wide gaps."""

import re
from collections.abc import Sequence
from itertools import groupby

from corpus.parsers.glyphs import WordLine
from corpus.parsers.layout import Placed, extent, pieces
from corpus.parsers.ruled import Cell, Table

_GAP = 1.4  # heights of letters between two cells
_STEP = 1.5  # heights of letters from a line of a cell to the next
_ROWS = 3  # with two cells or more: fewer may stand below each other by chance
_MARK = re.compile(r"\W*\w{0,3}\W*")  # a list mark, not a cell
_LEADER = re.compile(r"[.…]{3}")

_Range = tuple[float, float]


def with_aligned_tables(placed: Sequence[Placed]) -> list[Placed]:
    """The blocks of a page with every stretch of aligned lines made a table."""
    result: list[Placed] = []
    for (flow, is_table), blocks in groupby(
        placed, key=lambda one: (one.flow, isinstance(one.block, Table))
    ):
        if is_table:
            result += blocks
        else:
            lines = [one.block for one in blocks if not isinstance(one.block, Table)]
            result += [Placed(flow, block) for block in _stretch(lines)]
    return result


def _stretch(lines: Sequence[WordLine]) -> list[WordLine | Table]:
    result: list[WordLine | Table] = []
    start = 0
    while start < len(lines):
        builder = _Builder(lines[start])
        end = start + 1
        while builder.columns and end < len(lines) and builder.take(lines[end]):
            end += 1
        table = builder.table()
        if table:
            result.append(table)
            start = end
        else:
            result.append(lines[start])
            start += 1
    return result


class _Builder:
    """Collects lines as rows as long as their pieces stay in the columns of the first one."""

    def __init__(self, first: WordLine) -> None:
        parts = _cells(first)
        self.columns: list[_Range] = [_range(part) for part in parts] if len(parts) > 1 else []
        self._rows: list[list[list[WordLine]]] = [[[part] for part in parts]]
        self._last = first
        self._lines = [first]

    def take(self, line: WordLine) -> bool:
        """Add the line as a row or to the cells of the last row; False if it is neither."""
        parts = _cells(line)
        places = [self._column(part) for part in parts]
        if None in places or len(set(places)) < len(places):
            return False
        columns = [place for place in places if place is not None]
        goes_on = 0 not in columns and _is_close(self._last, line)
        if len(parts) < 2 and not goes_on:
            return False
        if not goes_on:
            self._rows.append([[] for _ in self.columns])
        for column, part in zip(columns, parts, strict=True):
            self._rows[-1][column].append(part)
            x0, x1 = _range(part)
            low, high = self.columns[column]
            self.columns[column] = (min(low, x0), max(high, x1))
        self._last = line
        self._lines.append(line)
        return self._is_apart()

    def table(self) -> Table | None:
        """The rows, if they are enough and the first column is more than list marks."""
        full = sum(sum(map(bool, row)) > 1 for row in self._rows)
        if not self.columns or full < _ROWS:
            return None
        firsts = [" ".join(w.text for line in row[0] for w in line) for row in self._rows]
        if len(self.columns) == 2 and all(_MARK.fullmatch(text) for text in firsts):
            return None
        words = (word.text for line in self._lines for word in line)
        if any(_LEADER.search(text) for text in words):
            return None
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            tuple(tuple(cell) for cell in row) for row in self._rows
        )
        boxes = [extent(line) for line in self._lines]
        return Table(
            rows,
            min(box[0] for box in boxes),
            max(box[1] for box in boxes),
            min(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )

    def _column(self, part: WordLine) -> int | None:
        """The only column over or under which the piece stands."""
        x0, x1 = _range(part)
        found = [n for n, (low, high) in enumerate(self.columns) if x0 < high and low < x1]
        return found[0] if len(found) == 1 else None

    def _is_apart(self) -> bool:
        return all(
            left[1] < right[0] for left, right in zip(self.columns, self.columns[1:], strict=False)
        )


def _cells(line: WordLine) -> list[WordLine]:
    return pieces(line, _GAP)


def _range(part: WordLine) -> _Range:
    x0, x1, _, _ = extent(part)
    return x0, x1


def _is_close(last: WordLine, line: WordLine) -> bool:
    above, below = extent(last), extent(line)
    return 0 < below[2] - above[2] <= _STEP * (above[3] - above[2])
