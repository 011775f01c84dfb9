"""Running headers and footers: lines at the edge of many pages, equal but for the page number.

They go, and the page numbers printed in them become the labels of the pages.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from corpus.parsers.base import Line, RawPage

_DEEP = 4  # lines from the edge of a page that are looked at
_ZONE = 0.16  # of the height of the page
_SAME_PLACE = 15.0  # points
_COUNTED = 0.5  # of the pages: if that many show a number, the others are counted, too
_DISTINCT = 0.5  # of the pages must differ in their text
_DENSE = 0.35  # of the pages from the first to the last with a line: every second one, or nearly
_ALWAYS = 3  # pages: the outermost line repeated that often is furniture
_SHARE = 0.25  # of the pages: lines further in must repeat more often
_FEW_PAGES = 6  # a document with fewer pages repeats its lines twice at least
_LONGEST = 200  # characters
_EMPTIED = 0.2  # of the pages: if more lost all of their text, it was no furniture
_ONLY_NUMBER = re.compile(
    r"\W*(?:\w{1,8}\W+)?(?:\d+|[ivxlc]+)(?:\W+\w{2}\W+\d+)?\W*", re.IGNORECASE
)
_PAGE = "#"  # stands for the number of the page
_FIGURES = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the top or the bottom of a page; `depth` 0 is the outermost.

    `distance` is how far it stands from that edge, `key` what is the same on other pages,
    `numbered` whether it has the number of its page.
    """

    page: int
    line: Line
    key: tuple[str, str]
    text: str
    depth: int
    distance: float
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class _Repeats:
    """On how many pages each key stands, over how many it is spread, and how far from the edge."""

    pages: int
    times: dict[tuple[str, str], int]
    spread: dict[tuple[str, str], int]
    distances: dict[tuple[str, str], float]

    def __contains__(self, edge: _Edge) -> bool:
        """Whether the line stands on many pages, at the same place."""
        if abs(edge.distance - self.distances[edge.key]) > _SAME_PLACE:
            return False
        times = self.times[edge.key]
        if times < _DENSE * self.spread[edge.key]:
            return False  # the end of a sentence that happens to stand there now and then
        if self.pages < _FEW_PAGES:
            return times >= 2 and (edge.depth == 0 or times > self.pages / 2)
        return times >= _ALWAYS and (edge.depth == 0 or times >= min(8, _SHARE * self.pages))


def strip_furniture(pages: Sequence[RawPage]) -> list[RawPage]:
    """The pages without lines that repeat at their edges, labelled by the numbers found there."""
    edges = [_edges(number, page) for number, page in enumerate(pages)]
    if _are_copies(pages, edges):
        return list(pages)
    shifts = _shifts([edge for some in edges for edge in some])
    edges = [[_keyed(edge, shifts) for edge in some] for some in edges]
    repeats = _repeats([edge for some in edges for edge in some], len(pages))
    gone = [_furniture(some, repeats) for some in edges]
    left = [
        tuple(item for item in page.items if item not in out)
        for page, out in zip(pages, gone, strict=True)
    ]
    emptied = [bool(page.items) and not items for page, items in zip(pages, left, strict=True)]
    keep = sum(emptied) > _EMPTIED * len(pages)
    furniture = [
        [edge for edge in some if edge.line in out] for some, out in zip(edges, gone, strict=True)
    ]
    printed = _labels(furniture, shifts)
    return [
        replace(
            page,
            items=page.items if empty and keep else items,
            label=page.label or printed.get(number, ""),
        )
        for number, (page, items, empty) in enumerate(zip(pages, left, emptied, strict=True))
    ]


def _edges(number: int, page: RawPage) -> list[_Edge]:
    """The lines nearest to the top and to the bottom of a page."""
    lines = [item for item in page.items if isinstance(item, Line)]
    edges = []
    for side in ("top", "bottom"):
        away = [(line.top if side == "top" else page.height - line.bottom, line) for line in lines]
        nearest = sorted(away, key=lambda pair: pair[0])[:_DEEP]
        for depth, (distance, line) in enumerate(nearest):
            text = " ".join(page.raw[line.start : line.end].split())
            if distance < _ZONE * page.height and len(text) <= _LONGEST:
                edges.append(_Edge(number, line, (side, text), text, depth, distance))
    return edges


def _are_copies(pages: Sequence[RawPage], edges: Sequence[Sequence[_Edge]]) -> bool:
    """Whether most pages are the same, figures aside: then repetition proves nothing."""
    inner = []
    for page, some in zip(pages, edges, strict=True):
        outer = {edge.line for edge in some}
        lines = (item for item in page.items if isinstance(item, Line) and item not in outer)
        text = " ".join(page.raw[line.start : line.end] for line in lines)
        if text:
            inner.append(_FIGURES.sub("#", text))
    return len(set(inner)) < _DISTINCT * len(inner)


def _shifts(edges: Sequence[_Edge]) -> dict[bool, int]:
    """What printed numbers are ahead of the count of pages: by True for Arabic, False for Roman."""
    found: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for edge in edges:
        if edge.depth and not _ONLY_NUMBER.fullmatch(edge.text):
            continue
        for text, value in _numbers(edge.text):
            found[text.isdigit()][value - edge.page] += 1
    most = {kind: some.most_common(1)[0] for kind, some in found.items() if some}
    return {kind: shift for kind, (shift, times) in most.items() if times >= 2}


def _keyed(edge: _Edge, shifts: dict[bool, int]) -> _Edge:
    """The line with the number of its page left open in its key, or left out at its ends: on a page
    of two columns it may stand apart."""
    here = {text for text, value in _numbers(edge.text) if _counts(text, value, edge.page, shifts)}
    text = _FIGURES.sub(lambda match: _PAGE if match[0] in here else match[0], edge.text)
    key = edge.key[0], text.strip(f"{_PAGE} ").lower() or _PAGE
    return replace(edge, key=key, numbered=bool(here))


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """Arabic and Roman numbers with their values."""
    for match in _FIGURES.finditer(text):
        value = _value(match[0])
        if value:
            yield match[0], value


def _counts(text: str, value: int, page: int, shifts: dict[bool, int]) -> bool:
    return shifts.get(text.isdigit()) == value - page


def _labels(furniture: Sequence[Sequence[_Edge]], shifts: dict[bool, int]) -> dict[int, str]:
    """Printed numbers by page index; those of pages without one are counted from the others."""
    seen = {number: _label(some, shifts) for number, some in enumerate(furniture)}
    labels = {number: text for number, text in seen.items() if text}
    ahead = shifts.get(True, 1)
    if ahead == 1 or sum(text.isdigit() for text in labels.values()) < _COUNTED * len(seen):
        return labels
    for number in seen:
        inferred = str(number + ahead) if number + ahead > 0 else f"[{number + 1}]"
        labels.setdefault(number, inferred)
    return labels


def _label(furniture: Sequence[_Edge], shifts: dict[bool, int]) -> str:
    """The page number that the furniture of a page shows, or ""."""
    for edge in furniture:
        for text, value in _numbers(edge.text):
            if _counts(text, value, edge.page, shifts):
                return text
    return ""


def _repeats(edges: Sequence[_Edge], pages: int) -> _Repeats:
    distances: dict[tuple[str, str], list[float]] = {}
    found: dict[tuple[str, str], set[int]] = {}
    for edge in edges:
        distances.setdefault(edge.key, []).append(edge.distance)
        found.setdefault(edge.key, set()).add(edge.page)
    for edge in edges:  # a number that stands apart is one of those in the lines of other pages
        if (number := (edge.key[0], _PAGE)) in found and edge.numbered:
            distances[number].append(edge.distance)
            found[number].add(edge.page)
    return _Repeats(
        pages,
        {key: len(some) for key, some in found.items()},
        {key: max(some) - min(some) + 1 for key, some in found.items()},
        {key: median_low(some) for key, some in distances.items()},
    )


def _furniture(edges: Sequence[_Edge], repeats: _Repeats) -> set[Line]:
    """The lines of one page that go: from the edge inwards, with one odd line between at most."""
    gone: set[Line] = set()
    for side in ("top", "bottom"):
        depth = 0
        for edge in edges:
            if edge.key[0] == side and edge in repeats and edge.depth <= depth + 1:
                gone.add(edge.line)
                depth = edge.depth + 1
    return gone


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _value(number: str) -> int:
    """The value of an Arabic or a Roman number, 0 if it is none."""
    if number.isdigit():
        return int(number)
    values = [_ROMAN[letter] for letter in number.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
