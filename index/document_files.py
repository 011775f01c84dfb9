"""Texts, pages and originals of the documents of a generation that is being built."""

import hashlib
from pathlib import Path

from corpus.types import Document
from index.catalogue import open_catalogue
from index.manifest import DOCUMENTS, ORIGINALS
from index.records import Source
from index.storage import write_file
from index.texts import pack_pages, pack_text


class DocumentFiles:
    """The two folders of one generation. Nothing is durable before it is published."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the generation's."""
        self._documents = folder / DOCUMENTS
        self._originals = folder / ORIGINALS

    def store(self, document: Document) -> tuple[str, str]:
        """Write a document's text and pages; returns the SHA-256 of each file."""
        text, pages = pack_text(document.text), pack_pages(document.pages)
        write_file(self._documents / f"{document.id}.text", text, durable=False)
        write_file(self._documents / f"{document.id}.pages", pages, durable=False)
        return hashlib.sha256(text).hexdigest(), hashlib.sha256(pages).hexdigest()

    def keep(self, source: Source, original: bytes) -> str:
        """Keep a copy of a file under its content's SHA-256; returns its name."""
        name = source.digest + Path(source.path).suffix.lower()
        if not (self._originals / name).exists():
            write_file(self._originals / name, original, durable=False)
        return name

    def sweep(self, catalogue: Path) -> None:
        """Remove files of documents that a finished catalogue does not hold any more."""
        known = open_catalogue(catalogue)
        try:
            sums = known.sums()
        finally:
            known.close()
        kept = {f"{one.document_id}.{end}" for one in sums for end in ("text", "pages")}
        kept |= {one.original for one in sums}
        for folder in (self._documents, self._originals):
            for path in folder.iterdir():
                if path.name not in kept:
                    path.unlink()
