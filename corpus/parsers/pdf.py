"""PDF: pypdf reads the structure (encryption, labels, metadata), pdfium the glyphs of each page.

One page is in memory at a time; what is kept of it are its lines. Pages without a text layer go to
`corpus.ocr`.
"""

import io
import logging
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from corpus import ocr
from corpus.dates import pdf_date
from corpus.errors import BrokenFile, EncryptedFile
from corpus.parsers.aligned import with_aligned_tables
from corpus.parsers.base import Facts, Line, Parsed, RawPage, Row, Span
from corpus.parsers.builder import column_names, has_header
from corpus.parsers.glyphs import WordLine, read_glyphs
from corpus.parsers.layout import Placed, arrange, extent
from corpus.parsers.ruled import Cell, Table, ruled_tables

if TYPE_CHECKING:
    import pypdf
    import pypdfium2

_TIGHT = re.compile(r"(?<=[(\[]) | (?=[)\]])")  # no blank stands inside a bracket
_STRANGE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x1f]")  # fonts that do not say what they mean
_MOSTLY = 0.3
_FEW_LETTERS = 15  # of a page whose text layer is a stamp or a page number
_DRAWING = 40  # shapes: letters may have been turned into outlines
# What pypdf raises over damaged files besides its own errors.
_DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError,
    OSError, RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Structure:
    """What pypdf knows of a file; `labels` is empty where the file names no page."""

    facts: Facts = Facts()
    labels: tuple[str, ...] = ()


def parse(path: Path, data: bytes) -> Parsed:
    """Read a PDF file page by page."""
    import pypdfium2

    structure = _structure(path, data)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise BrokenFile(
            f"{path.name} is not a readable PDF file; export it again and add it anew."
        ) from error
    try:
        pages = tuple(_pages(document, structure.labels))
    finally:
        document.close()
    if not pages:
        raise BrokenFile(f"{path.name} has no pages; export it again and add it anew.")
    return Parsed("pdf", pages, paged=True, facts=structure.facts)


def _structure(path: Path, data: bytes) -> _Structure:
    """Facts and labels by pypdf; none where the file is too damaged for it."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # damage is told by our own sentences
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedFile(
                f"{path.name} needs a password; save it without one and add it anew."
            )
        return _Structure(_facts(reader), _labels(reader))
    except (PyPdfError, *_DAMAGE):
        return _Structure()


def _facts(reader: "pypdf.PdfReader") -> Facts:
    found = reader.metadata
    if found is None:
        return Facts()
    created = found.get("/CreationDate")
    return Facts(
        title=_one_line(found.title),
        written=pdf_date(str(created or "")),
        author=_one_line(found.author),
    )


def _one_line(text: str | None) -> str:
    return unicodedata.normalize("NFC", " ".join((text or "").replace("\0", "").split()))


def _labels(reader: "pypdf.PdfReader") -> tuple[str, ...]:
    """The printed labels if the file names any that differ from the plain count."""
    if "/PageLabels" not in reader.root_object:
        return ()
    labels = tuple(reader.page_labels)
    return () if labels == tuple(str(n) for n in range(1, len(labels) + 1)) else labels


def _pages(document: "pypdfium2.PdfDocument", labels: tuple[str, ...]) -> Iterator[RawPage]:
    for index in range(len(document)):
        page = document[index]
        try:
            yield read_page(page, index + 1, labels[index] if index < len(labels) else "")
        finally:
            page.close()


def read_page(page: "pypdfium2.PdfPage", number: int, label: str) -> RawPage:
    """A page as raw text in reading order; by OCR where it has no text layer."""
    frame, lines = read_glyphs(page)
    if not has_letters(lines) and _has_picture(page):
        return _ocr_page(page, lines, number, label)
    tables, rest = ruled_tables(page, frame, lines)
    return to_page(with_aligned_tables(arrange(rest, tables)), frame.height, label)


def has_letters(lines: Sequence[WordLine]) -> bool:
    """Whether the text layer says something: more than a stamp, and in real letters."""
    text = "".join(word.text for line in lines for word in line)
    letters = sum(char.isalpha() for char in text)
    strange = sum(_STRANGE.match(char) is not None for char in text)
    return letters >= _FEW_LETTERS and strange <= _MOSTLY * len(text)


def _has_picture(page: "pypdfium2.PdfPage") -> bool:
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
