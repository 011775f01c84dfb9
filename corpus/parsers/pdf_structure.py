"""What pypdf reads of a PDF file: encryption, metadata, labels, and pages in an emergency."""

import io
import logging
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.dates import pdf_date
from corpus.errors import EncryptedFile
from corpus.parsers.base import Facts
from corpus.parsers.damage import DAMAGE

if TYPE_CHECKING:
    import pypdf


@dataclass(frozen=True, slots=True)
class Structure:
    """What a file says of itself; `labels` is empty where it names no page by itself.

    `reader` is None where the file is too damaged for pypdf.
    """

    facts: Facts = Facts()
    labels: tuple[str, ...] = ()
    reader: "pypdf.PdfReader | None" = None

    def text(self, index: int) -> str:
        """The text of one page as pypdf extracts it, "" if it cannot."""
        from pypdf.errors import PyPdfError

        if self.reader is None:
            return ""
        try:
            return unicodedata.normalize("NFC", self.reader.pages[index].extract_text())
        except (PyPdfError, *DAMAGE):
            return ""

    @property
    def pages(self) -> int:
        """The number of pages that pypdf finds."""
        from pypdf.errors import PyPdfError

        try:
            return len(self.reader.pages) if self.reader else 0
        except (PyPdfError, *DAMAGE):
            return 0


def read_structure(path: Path, data: bytes) -> Structure:
    """Raises `EncryptedFile` if the file opens with a password only."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # damage is told by our own sentences
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
    except (PyPdfError, *DAMAGE):
        return Structure()
    if locked:
        raise locked_file(path)
    try:
        return Structure(_facts(reader), _labels(reader), reader)
    except (PyPdfError, *DAMAGE):
        return Structure(reader=reader)


def locked_file(path: Path) -> EncryptedFile:
    """The error for a file that nobody can open without its password."""
    return EncryptedFile(f"{path.name} needs a password; save it without one and add it anew.")


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
