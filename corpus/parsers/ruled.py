"""Tables of a PDF page that are drawn with lines: lines make cells, words fall into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.parsers.glyphs import Frame, Word, WordLine

if TYPE_CHECKING:
    import pypdfium2

_THIN = 3.0  # points: a drawn shape no thicker is a line
_LONG = 8.0  # points: shorter strokes are parts of signs
_NEAR = 3.5  # points between two lines that are one, or that meet
_MOST = 3000  # lines on a page; more make a drawing
_CLOSE = 0.35  # heights of letters between two words of one sentence
_CUT = 0.02  # of the words: more pairs that a line parts, and the lines are no table
_NESTED = 6  # levels of form objects that are looked into

Cell = tuple[WordLine, ...]  # the lines of words in one cell


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells from top to bottom; a cell without words is empty."""

    rows: tuple[tuple[Cell, ...], ...]
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line from `start` to `end` at `at`; `upright` lines run downwards."""

    upright: bool
    at: float
    start: float
    end: float

    @property
    def span(self) -> tuple[float, float]:
        """Where the line begins and ends."""
        return self.start, self.end

    def meets(self, other: "_Rule") -> bool:
        """Whether the two cross, touch or lie on each other."""
        if self.upright == other.upright:
            return abs(self.at - other.at) <= _NEAR and (
                self.start <= other.end + _NEAR and other.start <= self.end + _NEAR
            )
        return (
            self.start - _NEAR <= other.at <= self.end + _NEAR
            and other.start - _NEAR <= self.at <= other.end + _NEAR
        )


def ruled_tables(
    page: "pypdfium2.PdfPage", frame: Frame, lines: Sequence[WordLine]
) -> tuple[list[Table], list[WordLine]]:
    """The tables of the page, and the lines of words that stand in none of them."""
    tables: list[Table] = []
    rest = list(lines)
    for rules in _groups(_rules(page, frame)):
        grid = _grid(rules)
        if grid is None:
            continue
        inside = [tuple(word for word in line if grid.holds(word)) for line in rest]
        table = grid.table([line for line in inside if line])
        if table:
            tables.append(table)
            rest = [tuple(word for word in line if not grid.holds(word)) for line in rest]
            rest = [line for line in rest if line]
    return tables, rest


def _rules(page: "pypdfium2.PdfPage", frame: Frame) -> list[_Rule]:
    """All straight lines drawn on the page; a box gives its four sides."""
    import pypdfium2.raw as pdfium

    rules: list[_Rule] = []
    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=_NESTED):
        left, bottom, right, top = shape.get_bounds()
        x0, x1, y0, y1 = frame.box(left, bottom, right, top)
        wide, high = x1 - x0 > _LONG, y1 - y0 > _LONG
        if wide and y1 - y0 <= _THIN:
            rules.append(_Rule(False, (y0 + y1) / 2, x0, x1))
        elif high and x1 - x0 <= _THIN:
            rules.append(_Rule(True, (x0 + x1) / 2, y0, y1))
        elif wide and high:
            rules += (_Rule(False, y0, x0, x1), _Rule(False, y1, x0, x1))
            rules += (_Rule(True, x0, y0, y1), _Rule(True, x1, y0, y1))
        if len(rules) > _MOST:
            return []
    return rules


def _groups(rules: Sequence[_Rule]) -> list[list[_Rule]]:
    """Rules that hang together, from the top of the page downwards."""
    waiting = list(rules)
    groups = []
    while waiting:
        group = [waiting.pop()]
        for rule in group:  # grows while it is walked
            near = [other for other in waiting if rule.meets(other)]
            if near:
                group += near
                waiting = [other for other in waiting if not rule.meets(other)]
        groups.append(group)
    return sorted(groups, key=lambda group: min(r.start if r.upright else r.at for r in group))


def _grid(rules: Sequence[_Rule]) -> "_Grid | None":
    """The grid that the rules make, if it has two columns and two rows at least."""
    upright = [rule for rule in rules if rule.upright]
    level = [rule for rule in rules if not rule.upright]
    if not upright or len(level) < 2:
        return None
    xs = _merged([rule.at for rule in upright] + _ends(level))
    ys = _merged([rule.at for rule in level] + [end for rule in upright for end in rule.span])
    return _Grid(xs, ys, upright, level) if len(xs) >= 3 and len(ys) >= 3 else None


def _ends(rules: Sequence[_Rule]) -> list[float]:
    return [min(rule.start for rule in rules), max(rule.end for rule in rules)]


def _merged(values: Sequence[float]) -> list[float]:
    """Sorted, values that are nearly equal taken as one."""
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > _NEAR:
            result.append(value)
    return result


@dataclass(frozen=True, slots=True)
class _Grid:
    """Positions of all column and row borders, and the rules that are really drawn."""

    xs: list[float]
    ys: list[float]
    upright: list[_Rule]
    level: list[_Rule]

    def holds(self, word: Word) -> bool:
        """Whether the middle of the word lies inside the grid."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]

    def table(self, lines: Sequence[WordLine]) -> Table | None:
        """The words in their cells; None if that makes no two rows with two cells."""
        if self._cuts_sentences(lines):
            return None
        cells: dict[tuple[int, int], list[list[Word]]] = {}
        for line in lines:
            for word in line:
                cell = cells.setdefault(self._place(word), [])
                if cell and _same_line(cell[-1][-1], word):
                    cell[-1].append(word)
                else:
                    cell.append([word])
        rows = [
            tuple(_cell(cells.get((row, column), [])) for column in range(len(self.xs) - 1))
            for row in range(len(self.ys) - 1)
        ]
        rows = [row for row in rows if any(row)]
        filled = [sum(map(bool, row)) for row in rows]
        if sum(count >= 2 for count in filled) < 2 and max(filled, default=0) < 3:
            return None
        return Table(_without_empty(rows), self.xs[0], self.xs[-1], self.ys[0], self.ys[-1])

    def _cuts_sentences(self, lines: Sequence[WordLine]) -> bool:
        """Whether words that follow each other closely fall into different columns: a drawing."""
        cut = 0
        for line in lines:
            places = [self._place(word) for word in line]
            for (last, word), (before, after) in zip(pairwise(line), pairwise(places), strict=True):
                close = word.x0 - last.x1 < _CLOSE * max(last.height, word.height)
                cut += close and before[1] != after[1]
        words = sum(map(len, lines))
        return cut > max(1, _CUT * words)

    def _place(self, word: Word) -> tuple[int, int]:
        """Row and column of the cell; of cells that no rule parts, the first."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        column = sum(border < x for border in self.xs) - 1
        row = sum(border < y for border in self.ys) - 1
        while column > 0 and not _drawn(self.upright, self.xs[column], y):
            column -= 1
        while row > 0 and not self._is_border(row, column, x):
            row -= 1
        return row, column

    def _is_border(self, row: int, column: int, x: float) -> bool:
        """Whether the upper border of a cell is drawn, or its side lines begin there anew."""
        y = self.ys[row]
        if _drawn(self.level, y, x):
            return True
        sides = [
            rule
            for rule in self.upright
            if min(abs(rule.at - self.xs[column]), abs(rule.at - self.xs[column + 1])) <= _NEAR
            and rule.start - _NEAR <= y <= rule.end + _NEAR
        ]
        return bool(sides) and all(
            min(abs(rule.start - y), abs(rule.end - y)) <= _NEAR for rule in sides
        )


def _drawn(rules: Sequence[_Rule], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR and rule.start <= across <= rule.end for rule in rules)


def _same_line(last: Word, word: Word) -> bool:
    overlap = min(last.bottom, word.bottom) - max(last.top, word.top)
    return word.x0 >= last.x1 - 0.5 * last.height and overlap >= 0.5 * min(last.height, word.height)


def _cell(lines: Sequence[list[Word]]) -> Cell:
    return tuple(tuple(line) for line in lines)


def _without_empty(rows: Sequence[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The rows without columns in which no row has a word."""
    used = [any(row[column] for row in rows) for column in range(len(rows[0]))]
    return tuple(tuple(cell for cell, use in zip(row, used, strict=True) if use) for row in rows)
