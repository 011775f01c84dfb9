"""PDF: pypdf reads the structure (encryption, labels, metadata), pdfium the glyphs of each page.

One page is in memory at a time; what is kept of it are its lines. Pages without a text layer go to
`corpus.ocr`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from threading import Lock
from typing import TYPE_CHECKING

from corpus import ocr
from corpus.errors import BrokenFile
from corpus.parsers.aligned import with_aligned_tables
from corpus.parsers.base import Line, Parsed, RawPage, Row, Span
from corpus.parsers.builder import column_names, has_header
from corpus.parsers.glyphs import Frame, WordLine, read_glyphs
from corpus.parsers.layout import Placed, arrange, extent
from corpus.parsers.pdf_structure import Structure, locked_file, read_structure
from corpus.parsers.ruled import Cell, Table, ruled_tables
from corpus.parsers.text import text_page

if TYPE_CHECKING:
    import pypdfium2

PDFIUM = Lock()  # pdfium must not be called from two threads at a time
_TIGHT = re.compile(r"(?<=[(\[]) | (?=[)\]])")  # no blank stands inside a bracket
_STRANGE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x1f]")  # fonts that do not say what they mean
_MOSTLY = 0.3
_FEW_LETTERS = 15  # of a page whose text layer is a stamp or a page number
_HEIGHT = 1000.0  # of a page whose size is not known, in lines
_DRAWING = 40  # shapes: letters may have been turned into outlines


def parse(path: Path, data: bytes) -> Parsed:
    """Open a PDF file; its pages are read one by one while they are walked."""
    import pypdfium2

    structure = read_structure(path, data)
    try:
        with PDFIUM:
            document = pypdfium2.PdfDocument(data)
            count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise locked_file(path) from error
        pages = _rescued(path, structure)
        return Parsed("pdf", pages, paged=True, count=len(pages), facts=structure.facts)
    if not count:
        raise BrokenFile(f"{path.name} has no pages; export it again and add it anew.")
    return Parsed(
        "pdf", _pages(document, structure), paged=True, count=count, facts=structure.facts
    )


def _pages(document: "pypdfium2.PdfDocument", structure: Structure) -> Iterator[RawPage]:
    """The pages as pdfium sees them; what it cannot open, as pypdf reads it."""
    import pypdfium2

    try:
        for index in range(len(document)):
            label = structure.labels[index] if index < len(structure.labels) else ""
            try:
                with PDFIUM:
                    page = document[index]
                    try:
                        read = read_page(page, index + 1, label)
                    finally:
                        page.close()
            except pypdfium2.PdfiumError:
                read = _plain_page(structure.text(index), index + 1, label)
            yield read
    finally:
        with PDFIUM:
            document.close()


def _rescued(path: Path, structure: Structure) -> list[RawPage]:
    """A file that only pypdf can open. Raises `BrokenFile` if it cannot either."""
    pages = [_plain_page(structure.text(index), index + 1, "") for index in range(structure.pages)]
    if not any(page.raw.strip() for page in pages):
        raise BrokenFile(
            f"{path.name} is not a readable PDF file; export it again and add it anew."
        )
    return pages


def _plain_page(text: str, number: int, label: str) -> RawPage:
    """A page of which only the text is known, or not even that."""
    plain = text_page(text)
    if plain.items:
        return replace(plain, label=label, height=_HEIGHT)
    problem = f"Page {number} is damaged and was not read; export the file again and add it anew."
    return RawPage("", (), label=label, height=_HEIGHT, layer="none", problem=problem)


def read_page(page: "pypdfium2.PdfPage", number: int, label: str) -> RawPage:
    """A page as raw text in reading order; by OCR where it has no text layer."""
    frame, lines = read_glyphs(page)
    if not has_letters(lines) and has_picture(page):
        return _ocr_page(page, lines, number, label)
    return to_page(in_order(page, frame, lines), frame.height, label)


def in_order(page: "pypdfium2.PdfPage", frame: Frame, lines: Sequence[WordLine]) -> list[Placed]:
    """Lines and tables of a page with a text layer, in the order of reading."""
    tables, rest = ruled_tables(page, frame, lines)
    return with_aligned_tables(arrange(rest, tables))


def has_letters(lines: Sequence[WordLine]) -> bool:
    """Whether the text layer says something: more than a stamp, and in real letters."""
    text = "".join(word.text for line in lines for word in line)
    letters = sum(char.isalpha() for char in text)
    strange = sum(_STRANGE.match(char) is not None for char in text)
    return letters >= _FEW_LETTERS and strange <= _MOSTLY * len(text)


def has_picture(page: "pypdfium2.PdfPage") -> bool:
    """Whether there is anything to read on a page without text: a picture, or many drawn shapes."""
    import pypdfium2.raw as pdfium

    for number, shape in enumerate(page.get_objects(max_depth=4), 1):
        if shape.type == pdfium.FPDF_PAGEOBJ_IMAGE or number >= _DRAWING:
            return True
    return False


def _ocr_page(
    page: "pypdfium2.PdfPage", lines: Sequence[WordLine], number: int, label: str
) -> RawPage:
    """What OCR reads on the page, else its few letters with a sentence on the gap."""
    height = page.get_height()
    reading = ocr.read_page(page)
    if reading.lines:
        read = to_page(arrange(reading.lines, ()), height, label)
        return replace(read, layer="ocr")
    kept = to_page([Placed(0, line) for line in lines], height, label)
    problem = f"Page {number} has no text layer and was not read: {reading.reason}."
    return replace(kept, layer="none" if not kept.raw.strip() else "text", problem=problem)


def to_page(placed: Sequence[Placed], height: float, label: str) -> RawPage:
    """Lines and tables as raw text with the spans of their lines and cells."""
    text = _Text()
    items: list[Line | Row] = []
    for one in placed:
        if isinstance(one.block, Table):
            items += _rows(one.block, text)
        else:
            items.append(_line(one.block, one.flow, text))
    return RawPage(text.whole, tuple(items), label=label, height=height)


class _Text:
    """Raw text that grows line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0

    @property
    def whole(self) -> str:
        """All lines."""
        return "\n".join(self._lines)

    def add(self, words: WordLine) -> Span:
        """Append a line; where it stands."""
        line = _TIGHT.sub("", " ".join(word.text for word in words))
        self._lines.append(line)
        start = self._length
        self._length += len(line) + 1
        return start, start + len(line)


def _line(words: WordLine, flow: int, text: _Text) -> Line:
    start, end = text.add(words)
    x0, x1, top, bottom = extent(words)
    return Line(
        start=start,
        end=end,
        x0=x0,
        x1=x1,
        top=top,
        bottom=bottom,
        size=median(word.height for word in words),
        bold=all(word.bold for word in words),
        flow=flow,
    )


def _rows(table: Table, text: _Text) -> list[Row]:
    """The rows of a table; its first row names the columns if it is one of titles."""
    rows = [
        Row(tuple(tuple(text.add(line) for line in cell) for cell in row)) for row in table.rows
    ]
    texts = [
        [" ".join(word.text for line in cell for word in line) for cell in row]
        for row in table.rows
    ]
    first, *others = table.rows
    bold = _is_bold(first) and not any(_is_bold(row) for row in others)
    if not (all(first) and bold or has_header(texts)):
        return rows
    names = column_names(texts[0])
    return [rows[0], *(replace(row, names=names) for row in rows[1:])]


def _is_bold(row: tuple[Cell, ...]) -> bool:
    return all(word.bold for cell in row for line in cell for word in line)
