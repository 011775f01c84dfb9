"""A new generation while it is built beside the live one, until the one step that makes it live."""

import shutil
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np

from corpus.errors import IndexDamaged
from corpus.progress import Progress
from corpus.types import Document
from index import catalogue
from index.cache import EncodingCache
from index.card import IndexCard
from index.catalogue import FileSums
from index.catalogue_edit import CatalogueEditor, NewChunk, reusable
from index.chunking import chunk_document, context_lead
from index.derive import Passages, chunk_digest, fill_parts
from index.document_files import DocumentFiles
from index.encoders.base import Encoder
from index.generations import Layout
from index.manifest import Manifest, file_entries, read_manifest
from index.records import Source
from index.stores.base import Part
from index.stores.table import KINDS, store_class
from index.verification import verify_generation


class Build:
    """Changes to a clone of the live generation. Only the holder of the lock makes one."""

    def __init__(
        self, layout: Layout, parent: int | None, card: IndexCard, encoder: Encoder
    ) -> None:
        """Clone `parent` (None: start empty). Raises `OSError` or `sqlite3.Error`."""
        self.folder = layout.building(parent)
        self.editor = CatalogueEditor(self.folder / catalogue.FILE)
        self.files = DocumentFiles(self.folder)
        self._layout = layout
        self._parent = parent
        self._card = card
        self._encoder = encoder
        self._gone: set[int] = set()
        self._renewed: frozenset[str] = frozenset()
        self._traceless = False
        self._fresh: set[int] = set()
        self._touched: set[str] = set()

    def put(
        self, document: Document, source: Source, *, original: bytes | None, forced: str
    ) -> None:
        """Put a document and its file. An older version under the same path makes room."""
        replaced = self._replaced(source)
        number = self._put_document(document, source, original, forced)
        self.editor.put_source(source)
        older = [chunk for one in {*replaced, number} for chunk in self.editor.chunks_of(one)]
        reused = reusable(older)
        self._touched.add(document.id)
        chunks = self._cut(document, forced)
        self._fresh.update(self.editor.put_chunks(number, chunks, reused).tolist())
        self._drop_rows([row for rows in reused.values() for row in rows])
        for one in replaced:
            self.editor.drop_document(one)

    def holds(self, document_id: str) -> bool:
        """Whether the document is in the generation being built."""
        return bool(self.editor.query("SELECT 1 FROM documents WHERE id = ?", (document_id,)))

    def put_source(self, source: Source) -> None:
        """Note one more file of a document that is already there."""
        self.editor.put_source(source)
        self.drop_orphans()

    def drop_source(self, root: str, path: str) -> None:
        """Forget a file, and its document when no other file leads to it."""
        self.editor.drop_source(root, path)
        self.drop_orphans()

    def drop_copy(self, source: Source) -> bool:
        """Forget a file whose document another file leads to; False where none does."""
        others = self.editor.query(
            "SELECT 1 FROM sources s JOIN documents d ON d.number = s.document"
            " WHERE d.id = ? AND NOT (s.root = ? AND s.path = ?)",
            (source.document_id, source.root, source.path),
        )
        if others:
            self.editor.drop_source(source.root, source.path)
        return bool(others)

    def drop_orphans(self) -> None:
        """Remove documents that no file leads to."""
        for number, _ in self.editor.orphans():
            self._drop_rows([chunk.row for chunk in self.editor.chunks_of(number)])
            self.editor.drop_document(number)

    def forget(self, document_id: str) -> None:
        """Remove a document whatever files lead to it."""
        number = self.editor.numbers()[document_id]
        self._drop_rows([chunk.row for chunk in self.editor.chunks_of(number)])
        self.editor.drop_document(number)

    def drop_original(self, document_id: str) -> None:
        """Keep a document without the copy of its file."""
        self.editor.drop_original(document_id)

    def recut(self, document: Document, forced: str) -> None:
        """Cut a document anew with today's options, keeping rows whose text stays."""
        number = self.editor.numbers()[document.id]
        reused = reusable(self.editor.chunks_of(number))
        self._touched.add(document.id)
        chunks = self._cut(document, forced)
        self._fresh.update(self.editor.put_chunks(number, chunks, reused).tolist())
        self._drop_rows([row for rows in reused.values() for row in rows])

    def traceless(self) -> None:
        """Let `derive` leave no trace of removed rows, new or old, in any file."""
        for kind, part in self._open(lambda _: True).items():
            if part.compact():
                part.save()
                self._renewed |= {kind}
            part.close()
        self._traceless = True

    def derive(
        self, cache: EncodingCache, progress: Progress, renew: frozenset[str] = frozenset()
    ) -> None:
        """Bring the derived parts up to the catalogue; kinds in `renew` are made from nothing."""
        passages = Passages(self.editor, self.folder, self._card.chunking.context)
        fresh = np.array(sorted(self._fresh), np.int64)
        gone = np.array(sorted(self._gone), np.int64)
        if self._traceless:
            renew |= {part.kind for part in self._card.parts} - self._renewed
        self._renewed |= renew
        unwanted = set(KINDS) - {part.kind for part in self._card.parts}
        for kind in unwanted | renew:
            shutil.rmtree(self.folder / kind, ignore_errors=True)
        kept = self._open(lambda kind: kind not in renew)
        renewed = self._open(lambda kind: kind in renew)
        try:
            for part in kept.values():
                part.remove(gone)
            fill_parts(kept, fresh, passages, self._encoder, cache, progress)
            everything = self.editor.all_rows()
            fill_parts(renewed, everything, passages, self._encoder, cache, progress)
            for part in (*kept.values(), *renewed.values()):
                part.save()
        finally:
            for part in (*kept.values(), *renewed.values()):
                part.close()

    def seal(self, action: str) -> Manifest:
        """Finish the catalogue, write the manifest and prove the folder.

        Raises `IndexDamaged` if it does not prove right.
        """
        counts = self.editor.counts()
        self.editor.finish()
        self.files.sweep(self.folder / catalogue.FILE)
        parent = None if self._parent is None else self._layout.folder(self._parent)
        older = read_manifest(parent) if parent else None
        clean = {part.kind for part in self._card.parts} <= self._renewed
        manifest = Manifest(
            generation=self._layout.following(),
            parent=self._parent,
            created=now(),
            action=action,
            card=self._card,
            counts=counts,
            files=file_entries(self.folder, parent, older),
            remains=0 if clean else len(self._gone) + (older.remains if older else 0),
        )
        self._layout.seal(self.folder, manifest)
        problems = verify_generation(self.folder, fresh=self._touched)
        if problems:
            raise IndexDamaged(
                f"The new generation did not prove right and was thrown away: {problems[0]}"
            )
        return manifest

    def publish(self, manifest: Manifest) -> int:
        """Number the sealed generation and make it live. Returns its number."""
        self._layout.publish(self.folder, manifest.generation)
        self._layout.switch(manifest.generation)
        return manifest.generation

    def abandon(self) -> None:
        """Throw the folder away."""
        self.editor.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _open(self, wanted: Callable[[str], bool]) -> dict[str, Part]:
        return {
            part.kind: store_class(part.kind, part.spec).open(
                self.folder / part.kind, writable=True
            )
            for part in self._card.parts
            if wanted(part.kind)
        }

    def _replaced(self, source: Source) -> set[int]:
        """Numbers of documents that only this file leads to and that it no longer contains."""
        found = self.editor.query(
            "SELECT s.document FROM sources s JOIN documents d ON d.number = s.document"
            " WHERE s.root = ? AND s.path = ? AND d.id <> ?"
            " AND (SELECT count(*) FROM sources o WHERE o.document = s.document) = 1",
            (source.root, source.path, source.document_id),
        )
        return {row[0] for row in found}

    def _put_document(
        self, document: Document, source: Source, original: bytes | None, forced: str
    ) -> int:
        text, pages = self.files.store(document)
        name = self._original_name(document.id)
        if original is not None:
            name = self.files.keep(source, original)
        return self.editor.put_document(
            document,
            FileSums(document.id, text, pages, name),
            size=source.size,
            added=self.editor.add_time(document.id) or now(),
            forced=forced,
        )

    def _cut(self, document: Document, forced: str) -> list[NewChunk]:
        options = self._card.chunking
        found = []
        for chunk in chunk_document(document, self._encoder, options, language=forced):
            lead = context_lead(chunk.text, chunk.heading, document.title, options.context)
            found.append(
                NewChunk(
                    start=chunk.start,
                    end=chunk.end,
                    first_page=chunk.pages[0],
                    last_page=chunk.pages[-1],
                    heading=chunk.heading,
                    language=chunk.language,
                    digest=chunk_digest(chunk.text, lead, chunk.language),
                )
            )
        return found

    def _original_name(self, document_id: str) -> str:
        found = self.editor.query("SELECT original FROM documents WHERE id = ?", (document_id,))
        return str(found[0][0]) if found else ""

    def _drop_rows(self, rows: Sequence[int]) -> None:
        self.editor.drop_chunks(rows)
        self._gone.update(rows)
        self._fresh.difference_update(rows)


def now() -> str:
    """The time in UTC, ISO 8601, to the second."""
    return datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
