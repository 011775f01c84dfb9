"""The texts and pages of a generation's documents, as far as they have been asked for."""

from collections.abc import Mapping
from pathlib import Path

from corpus.errors import IndexDamaged
from corpus.types import Page
from index.texts import PagePlace, TextShelf, unpack_pages, unpack_places


class Contents:
    """What the folder of documents holds, by their ids. Every method raises `IndexDamaged`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts = TextShelf(folder)
        self._places: dict[str, tuple[PagePlace, ...]] = {}
        self._labels: dict[str, Mapping[int, str]] = {}

    def text(self, document_id: str) -> str:
        """The whole clean text."""
        return self._texts.file(document_id).whole()

    def excerpt(self, document_id: str, start: int, end: int) -> str:
        """`text(document_id)[start:end]`, without reading the rest; "" outside the text."""
        file = self._texts.file(document_id)
        end = min(end, file.length)
        return file.slice(start, end) if 0 <= start < end else ""

    def slice(self, document_id: str, start: int, end: int) -> str:
        """As `excerpt`, of a place that must lie inside the text."""
        return self._texts.file(document_id).slice(start, end)

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """All pages with their content."""
        return unpack_pages(self._packed(document_id), document_id, self.text(document_id))

    def places(self, document_id: str) -> tuple[PagePlace, ...]:
        """Where the pages lie in the text, in order; kept, since every citation asks."""
        known = self._places.get(document_id)
        if known is None:
            known = unpack_places(self._packed(document_id), document_id)
            self._places[document_id] = known
        return known

    def labels(self, document_id: str) -> Mapping[int, str]:
        """What is printed on each page, by its number; kept, since every list of hits asks."""
        known = self._labels.get(document_id)
        if known is None:
            known = {place.number: place.label for place in self.places(document_id)}
            self._labels[document_id] = known
        return known

    def clear(self) -> None:
        """Let go of the texts in memory."""
        self._texts.clear()

    def _packed(self, document_id: str) -> bytes:
        path = self._folder / f"{document_id}.pages"
        try:
            return path.read_bytes()
        except OSError as error:
            raise IndexDamaged(f"{path} cannot be read; run `kordon index verify`.") from error
