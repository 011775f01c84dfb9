"""The words of a PDF page with their places, as pdfium sees them.

pdfium and not pypdf reads the glyphs: it places spaces by the widths of the glyphs, so that words
and figures come out whole (measured in docs/decisions/0101-pdf-text.md).
"""

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2

_LINE_HYPHEN = "\x02"  # pdfium's mark for a hyphen at the end of a line
_NO_LETTER = frozenset("\ufffe\uffff\x00")
_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_BOLD_WEIGHT = 600
_SPACED_OUT = 4  # one-letter words in a row that are one word printed with wide gaps


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters without a blank, in points; `top` grows downwards along the reading.

    `fresh` tells that pdfium sees a new line before it.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    bold: bool = False
    fresh: bool = False

    @property
    def height(self) -> float:
        """Height of the font's box."""
        return self.bottom - self.top


Corners = tuple[float, float, float, float]  # x0, y0, x1, y1 in points
WordLine = tuple[Word, ...]  # words that stand on one line, from left to right


def read_glyphs(page: "pypdfium2.PdfPage") -> "tuple[Frame, list[WordLine]]":
    """The lines of a page in content order, turned so that most text runs from left to right."""
    textpage = page.get_textpage()
    try:
        words, angles = _words(textpage.raw, textpage.count_chars())
    finally:
        textpage.close()
    frame = Frame(_main_turn(angles), *page.get_mediabox())
    return frame, [_unspaced(line) for line in _lines(frame.word(word) for word in words)]


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns page coordinates (y upwards) into reading coordinates (y downwards).

    `turn` is the angle of the text against the page in degrees, counter-clockwise.
    """

    turn: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Height of the page as it is read."""
        return self.top - self.bottom if self.turn in (0, 180) else self.right - self.left

    @property
    def width(self) -> float:
        """Width of the page as it is read."""
        return self.right - self.left if self.turn in (0, 180) else self.top - self.bottom

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """(x0, x1, top, bottom) as read, of a box with its corners (x0, y0) and (x1, y1)."""
        if self.turn == 90:
            return y0 - self.bottom, y1 - self.bottom, x0 - self.left, x1 - self.left
        if self.turn == 180:
            return self.right - x1, self.right - x0, y0 - self.bottom, y1 - self.bottom
        if self.turn == 270:
            return self.top - y1, self.top - y0, self.right - x1, self.right - x0
        return x0 - self.left, x1 - self.left, self.top - y1, self.top - y0

    def back(self, x0: float, x1: float, top: float, bottom: float) -> "Corners":
        """The corners (x0, y0, x1, y1) in page coordinates of a box as it is read."""
        if self.turn == 90:
            return top + self.left, x0 + self.bottom, bottom + self.left, x1 + self.bottom
        if self.turn == 180:
            return self.right - x1, top + self.bottom, self.right - x0, bottom + self.bottom
        if self.turn == 270:
            return self.right - bottom, self.top - x1, self.right - top, self.top - x0
        return x0 + self.left, self.top - bottom, x1 + self.left, self.top - top

    def word(self, word: "_Ink") -> Word:
        """The word in reading coordinates."""
        text = unicodedata.normalize("NFC", "".join(word.chars))
        return Word(text, *self.box(word.x0, word.y0, word.x1, word.y1), word.bold, word.fresh)


@dataclass(slots=True)
class _Ink:
    """A word while its letters are collected, in page coordinates."""

    chars: list[str]
    x0: float
    y0: float
    x1: float
    y1: float
    bold: bool
    fresh: bool

    def grow(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Take in the box of one more letter."""
        if x0 < self.x0:
            self.x0 = x0
        if y0 < self.y0:
            self.y0 = y0
        if x1 > self.x1:
            self.x1 = x1
        if y1 > self.y1:
            self.y1 = y1


def _words(text: ctypes.c_void_p, count: int) -> tuple[list[_Ink], list[int]]:
    """The words in content order, and the the clockwise angle of each one in degrees."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    words: list[_Ink] = []
    angles: list[int] = []
    word: _Ink | None = None
    fresh = True
    for index in range(count):
        char = chr(unicode_of(text, index))
        if char.isspace() or char in _NO_LETTER:
            word = None
            fresh = fresh or char == "\n"
            continue
        if not box_of(text, index, box):
            continue
        if word is None:
            bold = pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT
            word = _Ink([], box.left, box.bottom, box.right, box.top, bold, fresh)
            fresh = False
            words.append(word)
            angles.append(round(math.degrees(pdfium.FPDFText_GetCharAngle(text, index))))
        else:
            word.grow(box.left, box.bottom, box.right, box.top)
        word.chars.append("-" if char == _LINE_HYPHEN else _LIGATURES.get(char, char))
        if char == _LINE_HYPHEN:
            word, fresh = None, True  # the next letter stands on the next line
    return words, angles


def _main_turn(angles: list[int]) -> int:
    """0, 90, 180 or 270: how far most of the text is turned against the page's coordinates."""
    if not angles:
        return 0
    return Counter(round(-angle / 90) % 4 * 90 for angle in angles).most_common(1)[0][0]


def _lines(words: Iterable[Word]) -> list[WordLine]:
    """Words that follow each other in the content and stand on one line, from left to right."""
    lines: list[list[Word]] = []
    for word in words:
        last = lines[-1][-1] if lines else word
        if lines and word.fresh and _on_line(last, word) and _touches(last, word):
            lines[-1][-1] = replace(last, text=last.text + word.text, x1=word.x1)
        elif lines and _on_line(last, word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [tuple(line) for line in lines]


def _on_line(last: Word, word: Word) -> bool:
    """Whether `word` stands to the right of `last` on the same line.

    What pdfium puts on a new line is held to be on it only if it stands on the same ground, or if
    it is a raised figure.
    """
    if word.x0 < last.x1 - 0.5 * last.height:
        return False
    if word.fresh and not _is_raised(last, word):
        return abs(last.bottom - word.bottom) < 0.25 * min(last.height, word.height)
    return _overlap(last, word) >= 0.5 * min(last.height, word.height)


def _is_raised(last: Word, word: Word) -> bool:
    """Whether one of two words that touch is a small figure, such as the mark of a footnote."""
    low, high = sorted((last.height, word.height))
    gap = word.x0 - last.x1
    close = -0.2 * high <= gap < 0.5 * high
    return word.fresh and close and low < 0.8 * high and _overlap(last, word) >= 0.5 * low


def _touches(last: Word, word: Word) -> bool:
    """Whether no blank parts two words of a line: a raised figure, or a sign behind one."""
    sign = not word.text[:1].isalnum()
    return word.x0 - last.x1 < 0.15 * last.height and (sign or _is_raised(last, word))


def _overlap(last: Word, word: Word) -> float:
    return min(last.bottom, word.bottom) - max(last.top, word.top)


def _unspaced(line: WordLine) -> WordLine:
    """Join words that are printed letter by letter; wider gaps among them part words."""
    result: list[Word] = []
    start = 0
    while start < len(line):
        end = start
        while end < len(line) and len(line[end].text) == 1:
            end += 1
        letters = line[start:end]
        if len(letters) >= _SPACED_OUT and sum(w.text.isalpha() for w in letters) >= 3:
            result.extend(_regrouped(letters))
        else:
            end = max(end, start + 1)
            result.extend(line[start:end])
        start = end
    return tuple(result)


def _regrouped(letters: WordLine) -> list[Word]:
    """Words made of single letters; a gap well above the usual one parts them."""
    gaps = [b.x0 - a.x1 for a, b in zip(letters, letters[1:], strict=False)]
    limit = median(gaps) + 0.4 * letters[0].height
    words = [letters[0]]
    for gap, letter in zip(gaps, letters[1:], strict=True):
        last = words[-1]
        if gap > limit:
            words.append(letter)
        else:
            words[-1] = replace(last, text=last.text + letter.text, x1=letter.x1)
    return words
