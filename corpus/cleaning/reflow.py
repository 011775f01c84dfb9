"""Lines of ink become paragraphs, list items and headings.

The rules are those of a reader: a paragraph ends where the next line leaves more than the usual
space, where a line stops although the next word would have fitted, or where a list mark stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from corpus.cleaning.breaks import BULLET, DASH, MARK, Column, Meeting, begins_paragraph
from corpus.cleaning.headings import heading_level
from corpus.cleaning.hyphens import Vocabulary
from corpus.cleaning.weave import plain
from corpus.parsers.base import Line, Part, Piece, RawPage

_UNWRAPPED = 200  # a text line longer than this was never wrapped


@dataclass(slots=True)
class _Paragraph:
    """Lines that read as one, while they are collected."""

    lines: list[Line]
    pieces: list[Piece] = field(default_factory=list)


class Reflow:
    """Turns the lines of a page into parts; `size` is the usual height of the document's letters."""

    def __init__(self, vocabulary: Vocabulary, size: float) -> None:
        self._vocabulary = vocabulary
        self._size = size

    def parts(self, page: RawPage) -> list[Part]:
        """The page's items with every stretch of lines turned into parts, in order."""
        result: list[Part] = []
        lines: list[Line] = []
        for item in page.items:
            if isinstance(item, Line):
                lines.append(item)
                continue
            result += self._stretch(page.raw, lines)
            result.append(item)
            lines = []
        return result + self._stretch(page.raw, lines)

    def _stretch(self, raw: str, lines: Sequence[Line]) -> list[Part]:
        if not lines:
            return []
        columns = _columns(lines)
        paragraphs: list[_Paragraph] = []
        for line in lines:
            text = raw[line.start : line.end]
            if paragraphs and not self._breaks(raw, paragraphs[-1], line, columns):
                self._append(raw, paragraphs[-1], line, text)
            else:
                paragraphs.append(_Paragraph([line], [(line.start, line.end)]))
        return [self._part(raw, paragraph) for paragraph in paragraphs]

    def _append(self, raw: str, paragraph: _Paragraph, line: Line, text: str) -> None:
        start, end = paragraph.pieces[-1]
        assert isinstance(start, int) and isinstance(end, int)
        before = raw[start:end].rstrip()
        joint = self._vocabulary.join(before, text.lstrip())
        if joint == "drop":
            paragraph.pieces[-1] = (start, start + len(before) - 1)
        elif joint == "blank":
            paragraph.pieces.append(" ")
        paragraph.pieces.append((line.start + len(text) - len(text.lstrip()), line.end))
        paragraph.lines.append(line)

    def _breaks(
        self, raw: str, paragraph: _Paragraph, line: Line, columns: dict[int, Column]
    ) -> bool:
        """Whether `line` begins a new paragraph."""
        last = paragraph.lines[-1]
        meeting = Meeting(
            before=raw[last.start : last.end].rstrip(),
            after=raw[line.start : line.end].lstrip(),
            last=last,
            line=line,
            column=columns[last.flow],
            length=sum(one.end - one.start for one in paragraph.lines),
            size=self._size,
        )
        return begins_paragraph(meeting)

    def _part(self, raw: str, paragraph: _Paragraph) -> Part:
        pieces = tuple(paragraph.pieces)
        text = plain(raw, pieces)
        first = paragraph.lines[0]
        bullet = BULLET.match(raw, first.start, first.end)
        if bullet and bullet.end() < first.end:
            return Part("list_item", ((bullet.end(), _end(pieces[0])), *pieces[1:]))
        ratio = median(line.size for line in paragraph.lines) / self._size if self._size else 1.0
        bold = all(line.bold for line in paragraph.lines)
        level = heading_level(text, ratio=ratio, bold=bold) if len(paragraph.lines) <= 5 else 0
        if level:
            return Part("heading", pieces, level)
        listed = MARK.match(text) or DASH.match(text)
        return Part("list_item" if listed else "paragraph", pieces)


def usual_size(pages: Iterable[RawPage]) -> float:
    """The height of most letters: the median over all characters of all lines; 0 without lines."""
    sizes = sorted(
        (item.size, item.end - item.start)
        for page in pages
        for item in page.items
        if isinstance(item, Line)
    )
    half = sum(length for _, length in sizes) / 2
    for size, length in sizes:
        half -= length
        if half <= 0:
            return size
    return 0.0


def _end(piece: Piece) -> int:
    assert not isinstance(piece, str)
    return piece[1]


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
