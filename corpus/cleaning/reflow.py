"""Lines of ink become paragraphs, list items and headings.

The rules are those of a reader: a paragraph ends where the next line leaves more than the usual
space, where a line stops although the next word would have fitted, or where a list mark stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median

from corpus.cleaning.breaks import BULLET, DASH, LEADER, MARK, Column, Meeting, begins_paragraph
from corpus.cleaning.headings import heading_level
from corpus.cleaning.hyphens import Vocabulary
from corpus.cleaning.weave import plain
from corpus.parsers.base import Item, Line, Part, Piece, RawPage, Row, Span
from corpus.parsers.builder import row_part

_UNWRAPPED = 200  # characters: a longer line was never wrapped
_TITLE_LINES = 5
_TITLE = 160  # characters
_SHORT_TITLE = 70  # characters of a title that only its place shows
_TEXT = 120  # characters of a paragraph that has a title


class Reflow:
    """Turns the lines of a page into parts; `size` is the usual height of letters."""

    def __init__(self, vocabulary: Vocabulary, size: float) -> None:
        self._vocabulary = vocabulary
        self._size = size

    def parts(self, page: RawPage) -> list[Part]:
        """The page's items with every stretch of lines turned into parts, in order."""
        result: list[Part] = []
        for inked, items in groupby(page.items, key=lambda item: isinstance(item, Line)):
            if inked:
                lines = [item for item in items if isinstance(item, Line)]
                result += self._stretch(page.raw, lines)
            else:
                result += [self._known(page.raw, item) for item in items]
        result = _with_marks(page.raw, result)
        return result if page.height else _with_short_titles(page.raw, result)

    def _known(self, raw: str, item: Item) -> Part:
        """A part as it is, a row of a table of ink as a part."""
        if isinstance(item, Part):
            return _titled(raw, item)
        assert isinstance(item, Row)
        cells = [self.join(raw, cell) for cell in item.cells]
        texts = [plain(raw, cell) for cell in cells]
        return row_part(texts, cells, item.names)

    def _stretch(self, raw: str, lines: Sequence[Line]) -> list[Part]:
        columns = _columns(lines)
        paragraphs: list[list[Line]] = []
        length = 0
        for line in lines:
            if paragraphs:
                last = paragraphs[-1][-1]
                meeting = Meeting(
                    before=raw[last.start : last.end].rstrip(),
                    after=raw[line.start : line.end].lstrip(),
                    last=last,
                    line=line,
                    column=columns[last.flow],
                    length=length,
                    size=self._size,
                )
                if not begins_paragraph(meeting):
                    paragraphs[-1].append(line)
                    length += line.end - line.start
                    continue
            paragraphs.append([line])
            length = line.end - line.start
        return [self._part(raw, lines) for lines in paragraphs]

    def _part(self, raw: str, lines: Sequence[Line]) -> Part:
        pieces = self.join(raw, [(line.start, line.end) for line in lines])
        text = plain(raw, pieces)
        bullet = BULLET.match(text)
        if bullet and bullet.end() < len(text):
            start, end = lines[0].start, _end(pieces[0])
            match = BULLET.match(raw, start, end)
            first = ((match.end() if match else start, end), *pieces[1:])
            return Part("list_item", first)
        ratio = median(line.size for line in lines) / self._size if self._size else 1.0
        bold = all(line.bold for line in lines)
        entry = LEADER.search(raw, lines[-1].start, lines[-1].end)
        titled = len(lines) <= _TITLE_LINES and not entry
        level = heading_level(text, ratio=ratio, bold=bold) if titled else 0
        if level:
            return Part("heading", pieces, level)
        listed = entry or MARK.match(text) or DASH.match(text)
        return Part("list_item" if listed else "paragraph", pieces)

    def join(self, raw: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
        """Lines of one paragraph or cell as pieces; words broken over two lines are whole."""
        result: list[Piece] = []
        held: Span | None = None
        for start, end in spans:
            text = raw[start:end]
            first = start + len(text) - len(text.lstrip())
            if held:
                before = raw[slice(*held)].rstrip()
                joint = self._vocabulary.join(before, text.lstrip())
                dropped = 1 if joint == "drop" else 0
                result.append((held[0], held[0] + len(before) - dropped))
                if joint == "blank":
                    result.append(" ")
            held = (first, end)
        return (*result, held) if held else tuple(result)


def _titled(raw: str, part: Part) -> Part:
    """A paragraph of a structured source that is a heading by its words only."""
    if part.kind != "paragraph":
        return part
    text = plain(raw, part.pieces)
    level = heading_level(text) if len(text) <= _TITLE else 0
    return replace(part, kind="heading", level=level) if level else part


def _with_marks(raw: str, parts: Sequence[Part]) -> list[Part]:
    """A number or letter that stands alone before a paragraph is the paragraph's mark."""
    result: list[Part] = []
    lone = False
    for part in parts:
        text = plain(raw, part.pieces) if part.kind == "list_item" or lone else ""
        if lone and part.kind == "paragraph" and not _is_lone(text):
            result[-1] = Part("list_item", (*result[-1].pieces, " ", *part.pieces))
            lone = False
            continue
        stacked = bool(result) and _is_lone(plain(raw, result[-1].pieces))
        lone = part.kind == "list_item" and _is_lone(text) and not stacked
        result.append(part)
    return result


def _is_lone(text: str) -> bool:
    mark = MARK.match(text)
    return mark is not None and mark.end() == len(text)


def _with_short_titles(raw: str, parts: list[Part]) -> list[Part]:
    """Short lines that stand alone before a long paragraph are its title."""
    result = list(parts)
    for number, (part, after) in enumerate(zip(parts, parts[1:], strict=False)):
        if part.kind != "paragraph" or after.kind not in ("paragraph", "list_item"):
            continue
        text = plain(raw, part.pieces)
        short = len(text) <= _SHORT_TITLE and text[:1].isupper() and text[-1:].isalnum()
        if short and len(plain(raw, after.pieces)) >= _TEXT:
            result[number] = replace(part, kind="heading", level=3)
    return result


def _end(piece: Piece) -> int:
    assert not isinstance(piece, str)
    return piece[1]


def usual_size(pages: Iterable[RawPage]) -> float:
    """The height that four letters of five do not exceed, 0 without lines; titles are larger."""
    sizes = sorted(
        (item.size, item.end - item.start)
        for page in pages
        for item in page.items
        if isinstance(item, Line)
    )
    left = sum(length for _, length in sizes) * 0.8
    for size, length in sizes:
        left -= length
        if left <= 0:
            return size
    return 0.0


def _columns(lines: Sequence[Line]) -> dict[int, Column]:
    """Margins and line pitch of each column."""
    columns = {}
    for flow in {line.flow for line in lines}:
        own = [line for line in lines if line.flow == flow]
        steps = [b.top - a.top for a, b in zip(own, own[1:], strict=False) if b.top > a.top]
        rights = sorted(line.x1 for line in own)
        longest = max(line.end - line.start for line in own)
        columns[flow] = Column(
            left=sorted(line.x0 for line in own)[len(own) // 10],
            right=rights[min(len(own) - 1, int(0.9 * len(own)))],
            pitch=median(sorted(steps)[: max(1, int(0.8 * len(steps)))]) if steps else 0.0,
            wrapped=longest <= _UNWRAPPED,
        )
    return columns
