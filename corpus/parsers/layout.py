"""The reading order of a page: column by column, and what was drawn late where it stands.

The order of the content stream is mostly the order of reading. It is changed only where the page
shows two columns of running text, and where a block stands wholly above one that came before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.parsers.glyphs import Word, WordLine
from corpus.parsers.ruled import Table

_WIDE_GAP = 0.9  # heights of letters: a wider gap may be the one between two columns
_GUTTER = 0.5  # heights of letters: the least width of the gap between columns
_FEWEST = 5  # lines of a column
_WORDS = 3.0  # on a line of running text in a narrow column
_FILL = 0.55  # of the width of its column: a line of running text
_SHARE = 0.2  # of the letters of the page: each column
_CROSSED = 0.25  # of the lines of the smaller column: lines across the gap
_TOUCH = 0.3  # of its last line by which a run may reach into what stands below
_BINS = 200  # steps over the width of the text in which a gap is looked for


@dataclass(frozen=True, slots=True)
class Placed:
    """A line or a table in reading order; lines of one `flow` share their margins."""

    flow: int
    block: WordLine | Table


def arrange(lines: Sequence[WordLine], tables: Sequence[Table]) -> list[Placed]:
    """Lines and tables in the order in which a person reads them."""
    gap = _column_gap(lines)
    if gap is None:
        return [Placed(0, block) for block in _downwards([*lines, *tables])]
    placed: list[Placed] = []
    for stretch in _stretches(lines, tables, gap):
        first = placed[-1].flow + 1 if placed else 0
        own_lines = [block for block in stretch if not isinstance(block, Table)]
        own_tables = [block for block in stretch if isinstance(block, Table)]
        placed += [Placed(first + one.flow, one.block) for one in arrange(own_lines, own_tables)]
    return placed


def extent(block: WordLine | Table) -> tuple[float, float, float, float]:
    """(x0, x1, top, bottom) of a line or a table."""
    if isinstance(block, Table):
        return block.x0, block.x1, block.top, block.bottom
    return (
        min(word.x0 for word in block),
        max(word.x1 for word in block),
        min(word.top for word in block),
        max(word.bottom for word in block),
    )


def pieces(line: WordLine, gap: float = _WIDE_GAP) -> list[WordLine]:
    """The line parted where there are more than `gap` heights of letters between two words."""
    parts: list[list[Word]] = [[line[0]]]
    for last, word in pairwise(line):
        if word.x0 - last.x1 > gap * max(last.height, word.height):
            parts.append([])
        parts[-1].append(word)
    return [tuple(part) for part in parts]


def _downwards(blocks: Sequence[WordLine | Table]) -> list[WordLine | Table]:
    """Runs of lines that go down the page, each put before what stands wholly below it."""
    tables = [block for block in blocks if isinstance(block, Table)]
    runs: list[list[WordLine | Table]] = []
    for block in blocks:
        if runs and _follows(runs[-1][-1], block, tables):
            runs[-1].append(block)
        else:
            runs.append([block])
    ordered: list[tuple[float, list[WordLine | Table]]] = []
    for run in runs:
        boxes = [extent(block) for block in run]
        bottom = max(box[3] for box in boxes) - _TOUCH * (boxes[-1][3] - boxes[-1][2])
        at = len(ordered)
        while at and ordered[at - 1][0] >= bottom:
            at -= 1
        ordered.insert(at, (min(box[2] for box in boxes), run))
    return [block for _, run in ordered for block in run]


def _follows(last: WordLine | Table, block: WordLine | Table, tables: Sequence[Table]) -> bool:
    """Whether a line stands below the last one with no table between the two."""
    if isinstance(last, Table) or isinstance(block, Table):
        return False
    above, below = _middle(last), _middle(block)
    between = any(above < _middle(table) < below for table in tables)
    return below > above and not between


def _column_gap(lines: Sequence[WordLine]) -> float | None:
    """The middle of the gap between two columns of running text; None on a page of one column."""
    parts = [piece for line in lines for piece in pieces(line)]
    if len(parts) < 2 * _FEWEST:
        return None
    boxes = [extent(piece) for piece in parts]
    start, end = min(box[0] for box in boxes), max(box[1] for box in boxes)
    step = (end - start) / _BINS
    height = median(box[3] - box[2] for box in boxes)
    if step <= 0:
        return None
    covered = [0] * (_BINS + 2)
    for x0, x1, _, _ in boxes:
        covered[int((x0 - start) / step)] += 1
        covered[min(_BINS, int((x1 - start) / step)) + 1] -= 1
    for left, right in _thin_stretches(covered, len(boxes)):
        middle = start + (left + right + 1) / 2 * step
        if (right - left + 1) * step >= _GUTTER * height and _parts_columns(parts, middle):
            return middle
    return None


def _thin_stretches(changes: Sequence[int], lines: int) -> list[tuple[int, int]]:
    """Stretches of bins in the middle that few lines cover, the least covered and widest first."""
    count, depths = 0, []
    for change in changes[:_BINS]:
        count += change
        depths.append(count)
    found = []
    for limit in sorted({depth for depth in depths if depth <= _CROSSED * lines}):
        start = None
        for position, depth in enumerate([*depths, lines + 1]):
            if depth <= limit and start is None:
                start = position
            elif depth > limit and start is not None:
                if 0.15 * _BINS < (start + position) / 2 < 0.85 * _BINS:
                    found.append((limit, start - position, start, position - 1))
                start = None
    return [(start, end) for _, _, start, end in sorted(found)][:6]


def _parts_columns(parts: Sequence[WordLine], middle: float) -> bool:
    """Whether both sides of `middle` are columns of running text, side by side."""
    left = [part for part in parts if extent(part)[1] <= middle]
    right = [part for part in parts if extent(part)[0] >= middle]
    crossing = len(parts) - len(left) - len(right)
    if crossing > _CROSSED * 2 * min(len(left), len(right)):
        return False
    letters = sum(len(word.text) for part in parts for word in part)
    if not (_is_running(left, letters) and _is_running(right, letters)):
        return False
    tops = [[extent(part)[2] for part in side] for side in (left, right)]
    shared = min(max(tops[0]), max(tops[1])) - max(min(tops[0]), min(tops[1]))
    return shared >= 0.5 * min(max(side) - min(side) for side in tops)


def _is_running(side: Sequence[WordLine], letters: int) -> bool:
    """Enough lines of several words, most of which fill the width of their column."""
    if len(side) < _FEWEST:
        return False
    if sum(len(word.text) for part in side for word in part) < _SHARE * letters:
        return False
    widths = sorted(part[-1].x1 - part[0].x0 for part in side)
    words = median(len(part) for part in side)
    return words >= _WORDS and median(widths) >= _FILL * widths[int(0.95 * (len(widths) - 1))]


def _stretches(
    lines: Sequence[WordLine], tables: Sequence[Table], middle: float
) -> list[list[WordLine | Table]]:
    """Blocks across the gap part the page into zones: of each the left column, then the right."""
    across: list[WordLine | Table] = []
    sides: tuple[list[WordLine | Table], list[WordLine | Table]] = ([], [])
    blocks: list[WordLine | Table] = [part for line in lines for part in _parted(line, middle)]
    for block in [*blocks, *tables]:
        x0, x1, _, _ = extent(block)
        if x0 < middle < x1:
            across.append(block)
        else:
            sides[x0 >= middle].append(block)
    across.sort(key=_middle)
    result: list[list[WordLine | Table]] = []
    for number in range(len(across) + 1):
        for side in sides:
            column = [block for block in side if _zone(block, across) == number]
            if column:
                result.append(column)
        if number < len(across):
            if result and result[-1] and result[-1][-1] in across:
                result[-1].append(across[number])
            else:
                result.append([across[number]])
    return result


def _parted(line: WordLine, middle: float) -> list[WordLine]:
    """The line cut at the gap if it has one there; whole otherwise."""
    left = tuple(word for word in line if (word.x0 + word.x1) / 2 < middle)
    right = line[len(left) :]
    parts = pieces(line)
    if left and right and any(part[0] is right[0] for part in parts):
        return [left, right]
    return [line]


def _middle(block: WordLine | Table) -> float:
    _, _, top, bottom = extent(block)
    return (top + bottom) / 2


def _zone(block: WordLine | Table, across: Sequence[WordLine | Table]) -> int:
    return sum(_middle(one) < _middle(block) for one in across)
