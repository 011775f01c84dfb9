"""Where the words of a PDF page stand, so that a quote can be shown on a picture of the page.

A page is read again exactly as it was read when it was taken in, by the same steps, so that every
word's place in the raw text is known and nothing has to be searched for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus import ocr
from corpus.parsers.glyphs import Corners, Frame, Word, WordLine, read_glyphs
from corpus.parsers.layout import Placed, arrange
from corpus.parsers.pdf import PDFIUM, has_letters, has_picture, in_order, to_page
from corpus.parsers.ruled import Table

if TYPE_CHECKING:
    import pypdfium2


@dataclass(frozen=True, slots=True)
class WordPlace:
    """`raw[start:end]` is a word in this box: shares (0 to 1) of the width and height of the page
    as it is shown, from its left upper corner."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PagePlaces:
    """The raw text of a page and the places of its words, in the order of reading."""

    raw: str
    words: tuple[WordPlace, ...]


def read_places(page: "pypdfium2.PdfPage") -> PagePlaces:
    """The places of all words of a page; by OCR where it has no text layer.

    The caller holds `PDFIUM`.
    """
    own: Frame | None
    frame, lines = read_glyphs(page)
    if has_letters(lines) or not has_picture(page):
        placed, own = in_order(page, frame, lines), frame
    else:
        read = ocr.read_page(page).lines
        placed = arrange(read, ()) if read else [Placed(0, line) for line in lines]
        own = None if read else frame
    raw = to_page(placed, frame.height, "").raw
    shares = _Shares(page, own)
    words = [
        WordPlace(start, end, *shares.of(word))
        for word, (start, end) in _spans(raw, _words(placed))
    ]
    return PagePlaces(raw, tuple(words))


def _words(placed: Sequence[Placed]) -> Iterator[Word]:
    """The words in the order in which `to_page` writes them."""
    for one in placed:
        if isinstance(one.block, Table):
            for row in one.block.rows:
                for cell in row:
                    for line in cell:
                        yield from line
        else:
            yield from one.block


def _spans(raw: str, words: Iterator[Word]) -> Iterator[tuple[Word, tuple[int, int]]]:
    """Each word with its span in the raw text, which differs from the words in blanks only."""
    at = 0
    for word in words:
        start = -1
        for char in word.text:
            while raw[at] != char:
                at += 1
            if start < 0:
                start = at
            at += 1
        if start >= 0:
            yield word, (start, at)


class _Shares:
    """Turns boxes of words into shares of the page as it is shown."""

    def __init__(self, page: "pypdfium2.PdfPage", frame: Frame | None) -> None:
        """`frame` is that of the words; None for words read from a picture of the page."""
        self.page = page
        self.frame = frame
        self.width, self.height = page.get_size()

    def of(self, word: Word) -> tuple[float, float, float, float]:
        """(left, top, right, bottom), each within 0 and 1."""
        if self.frame is None:
            box = (
                word.x0 / self.width,
                word.top / self.height,
                word.x1 / self.width,
                word.bottom / self.height,
            )
        else:
            box = self._turned(self.frame.back(word.x0, word.x1, word.top, word.bottom))
        left, top, right, bottom = (min(max(share, 0.0), 1.0) for share in box)
        return left, top, right, bottom

    def _turned(self, corners: Corners) -> tuple[float, float, float, float]:
        """Through pdfium, which knows how the page is cut and turned."""
        x0, y0 = self._shown(corners[0], corners[1])
        x1, y1 = self._shown(corners[2], corners[3])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        import ctypes

        import pypdfium2.raw as pdfium

        fine = 100_000  # device steps: the function counts whole ones
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(
            self.page.raw, 0, 0, fine, fine, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )
        return across.value / fine, down.value / fine


__all__ = ["PDFIUM", "PagePlaces", "WordLine", "WordPlace", "read_places"]
