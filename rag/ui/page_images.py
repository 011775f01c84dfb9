"""Pages of PDF documents as pictures, and where the words stand on them; both are kept a while.

pdfium works for one thread at a time, so that all calls go through its lock.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import BrokenFile

if TYPE_CHECKING:
    import pypdfium2

    from corpus.parsers.pdf_places import PagePlaces

WIDTH = 1200  # pixels: sharp in half a wide window, and on a phone
MOST = 4.0  # pixels per point, for very small pages
TALL = 4000  # pixels: a page that is a very long strip


def has_picture(kind: str) -> bool:
    """Whether pages of this format can be shown as pictures."""
    return kind == "pdf"


@lru_cache(maxsize=64)
def page_image(file: Path, number: int) -> bytes:
    """Page `number` (from 1) of a PDF file as a PNG picture.

    Raises `BrokenFile` when there is no such page or it cannot be drawn.
    """
    with _opened(file, number) as page:
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), TALL / max(height, 1), MOST)
        bitmap = page.render(scale=scale)
        try:
            picture = bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
    data = io.BytesIO()
    picture.save(data, "PNG", compress_level=3)
    return data.getvalue()


@lru_cache(maxsize=256)
def page_places(file: Path, number: int) -> "PagePlaces":
    """The raw text of page `number` and the places of its words. Raises `BrokenFile`."""
    from corpus.parsers.pdf_places import read_places

    with _opened(file, number) as page:
        return read_places(page)


@lru_cache(maxsize=256)
def page_shape(file: Path, number: int) -> float:
    """Height of the page by its width, so that its place is kept free while it loads."""
    with _opened(file, number) as page:
        width, height = page.get_size()
        return height / max(width, 1)


@contextmanager
def _opened(file: Path, number: int) -> "Iterator[pypdfium2.PdfPage]":
    import pypdfium2

    from corpus.parsers.pdf import PDFIUM

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(file)
        except (pypdfium2.PdfiumError, OSError) as error:
            raise BrokenFile(f"{file.name} cannot be opened; add the document again.") from error
        try:
            if not 1 <= number <= len(document):
                raise BrokenFile(f"{file.name} has no page {number}.")
            try:
                page = document[number - 1]
            except pypdfium2.PdfiumError as error:
                raise BrokenFile(
                    f"Page {number} of {file.name} is damaged and cannot be shown."
                ) from error
            yield page
        finally:
            document.close()
