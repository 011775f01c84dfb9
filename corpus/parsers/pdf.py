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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from corpus.dates import pdf_date
from corpus.errors import BrokenFile, EncryptedFile
from corpus.parsers.base import Facts, Line, Parsed, RawPage
from corpus.parsers.glyphs import WordLine, read_glyphs

if TYPE_CHECKING:
    import pypdf
    import pypdfium2

_TIGHT = re.compile(r"(?<=[(\[]) | (?=[)\]])")  # no blank stands inside a bracket
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
        title=_line(found.title), date=pdf_date(str(created or "")), publisher=_line(found.author)
    )


def _line(text: str | None) -> str:
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
            glyphs = read_glyphs(page)
            label = labels[index] if index < len(labels) else ""
            yield to_page(glyphs.lines, glyphs.height, label)
        finally:
            page.close()


def to_page(lines: tuple[WordLine, ...], height: float, label: str) -> RawPage:
    """The words of a page as raw text, a line of it per line of ink."""
    texts: list[str] = []
    items: list[Line] = []
    start = 0
    for words in lines:
        text = _TIGHT.sub("", " ".join(word.text for word in words))
        texts.append(text)
        items.append(
            Line(
                start=start,
                end=start + len(text),
                x0=words[0].x0,
                x1=max(word.x1 for word in words),
                top=min(word.top for word in words),
                bottom=max(word.bottom for word in words),
                size=median(word.height for word in words),
                bold=all(word.bold for word in words),
            )
        )
        start += len(text) + 1
    return RawPage("\n".join(texts), tuple(items), label=label, height=height)
