"""One complete generation, opened for reading by any number of threads."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamaged, IndexError_, UsageError
from corpus.types import Page
from index import catalogue
from index.card import IndexCard, encoder_differences
from index.catalogue import Catalogue, ChunkRow, Columns, open_catalogue
from index.contents import Contents
from index.encoders.base import EncoderCard
from index.filtering import allows
from index.generations import hold
from index.manifest import DOCUMENTS, ORIGINALS, Manifest, read_manifest
from index.naming import telling_names
from index.parts import PartShelf, check_file
from index.records import DocumentRecord
from index.stores.base import DenseStore, Part, Rows, TermStore, TokenStore
from index.texts import PagePlace
from index.types import Chunk, Filter, chunk_id


class Reader:
    """Documents, chunks and derived parts of one generation.

    It keeps seeing that generation whatever writers do, until `close`.
    """

    def __init__(self, folder: Path) -> None:
        """Open a generation's folder. Raises `IndexMissing` or `IndexDamaged`."""
        self.folder = folder
        self._held: int | None = hold(folder)
        try:
            self.manifest: Manifest = read_manifest(folder)
            check_file(folder, self.manifest, catalogue.FILE)
            self._catalogue: Catalogue = open_catalogue(folder / catalogue.FILE)
        except BaseException:
            self._let_go()
            raise
        self._parts = PartShelf(folder, self.manifest)
        self._contents = Contents(folder / DOCUMENTS)

    @property
    def generation(self) -> int:
        """The number of the generation."""
        return self.manifest.generation

    @property
    def card(self) -> IndexCard:
        """The model, chunking and stores it was built with."""
        return self.manifest.card

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue itself."""
        return self._catalogue

    @property
    def dense(self) -> DenseStore:
        """The vectors."""
        return cast(DenseStore, self.part("vectors"))

    @property
    def terms(self) -> TermStore:
        """The terms."""
        return cast(TermStore, self.part("terms"))

    @property
    def tokens(self) -> TokenStore:
        """The token vectors."""
        return cast(TokenStore, self.part("tokens"))

    def has(self, kind: str) -> bool:
        """Whether this generation has a part of that kind."""
        return self.card.part(kind) is not None

    def expect(self, encoder: EncoderCard) -> None:
        """Raise `IndexError_` unless questions encoded by this encoder fit the vectors here."""
        found = encoder_differences(self.card.encoder, encoder)
        if found:
            raise IndexError_(
                f"The index was built with another embedding model: {'; '.join(found)}; set the "
                "embedder back or type `kordon index rebuild`."
            )

    def part(self, kind: str) -> Part:
        """A derived part, opened on first use. Raises `IndexDamaged`."""
        return self._parts.part(kind)

    def documents(self) -> tuple[DocumentRecord, ...]:
        """All documents in the order they were taken in."""
        return tuple(self._records.values())

    def document(self, document_id: str) -> DocumentRecord:
        """One document. Raises `UsageError` when this generation does not hold it."""
        record = self._records.get(document_id)
        if record is None:
            raise UsageError(
                f"There is no document {document_id!r} in generation {self.generation}; "
                "type `kordon index list` to see what there is."
            )
        return record

    def record(self, number: int) -> DocumentRecord:
        """The document with this number in `columns`."""
        return self._records[self._ids[number]]

    def name(self, document_id: str) -> str:
        """What a person reads of a document's file: no other file in the index is called so."""
        record = self.document(document_id)
        return self._names[record.root, record.path]

    def text(self, document_id: str) -> str:
        """The whole clean text of a document."""
        return self._contents.text(self.document(document_id).id)

    def excerpt(self, document_id: str, start: int, end: int) -> str:
        """`text(document_id)[start:end]`, without reading the rest; "" outside the text."""
        return self._contents.excerpt(self.document(document_id).id, start, end)

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """The pages of a document."""
        return self._contents.pages(self.document(document_id).id)

    def page_places(self, document_id: str) -> tuple[PagePlace, ...]:
        """Where the pages of a document lie in its text, in order."""
        return self._contents.places(self.document(document_id).id)

    def page_labels(self, document_id: str) -> Mapping[int, str]:
        """What is printed on each page, by its number."""
        return self._contents.labels(self.document(document_id).id)

    def source_path(self, document_id: str) -> Path:
        """The kept copy of the original file. Raises `UsageError` when none was kept."""
        path = self.kept_original(document_id)
        if path is None or not path.is_file():
            raise UsageError(
                f"No copy of {self.document(document_id).path} was kept in the index; add the file "
                "again to keep one."
            )
        return path

    def kept_original(self, document_id: str) -> Path | None:
        """Where the copy of the original should be; None when none was kept."""
        name = self._originals.get(self.document(document_id).id, "")
        return self.folder / ORIGINALS / name if name else None

    def forced_language(self, document_id: str) -> str:
        """The language that a person gave the document, or ""."""
        found = self._catalogue.query("SELECT forced FROM documents WHERE id = ?", (document_id,))
        return str(found[0][0]) if found else ""

    def chunks(self, rows: Sequence[int] | Rows) -> list[Chunk]:
        """The chunks of these rows, in their order. Raises `IndexDamaged` for an unknown row."""
        wanted = [int(row) for row in rows]
        found = self._catalogue.chunk_rows(wanted)
        try:
            return [self._chunk(found[row]) for row in wanted]
        except KeyError as error:
            raise IndexDamaged(
                f"Row {error} is in a derived part of generation {self.generation} but not in its "
                "catalogue; run `kordon index repair`."
            ) from error

    def rows_of(self, where: Filter) -> Rows | None:
        """The rows that a filter allows, ascending; None when it allows everything.

        This is the one place where clearance is applied, and it comes before scoring.
        """
        if where == Filter():
            return None
        columns = self.columns
        numbers = [self._numbers[record.id] for record in self.documents() if allows(where, record)]
        kept = np.isin(columns.documents, np.array(numbers, np.int64))
        if where.languages:
            codes = [at for at, code in enumerate(columns.codes) if code in where.languages]
            kept &= np.isin(columns.languages, codes)
        return columns.rows[kept]

    @cached_property
    def columns(self) -> Columns:
        """Document and language of every chunk, as arrays."""
        return self._catalogue.columns()

    @cached_property
    def languages(self) -> npt.NDArray[np.str_]:
        """Language codes indexed by row; "" where there is no such row."""
        columns = self.columns
        width = max((len(code) for code in columns.codes), default=1)
        size = int(columns.rows[-1]) + 1 if len(columns.rows) else 0
        by_row = np.full(size, "", dtype=f"<U{width}")
        by_row[columns.rows] = np.array(columns.codes or ("",), dtype=f"<U{width}")[
            columns.languages
        ]
        return by_row

    def verify(self) -> list[str]:
        """Everything that is damaged, one sentence each; empty when the generation is whole."""
        from index.verification import verify_generation

        return verify_generation(self.folder)

    def close(self) -> None:
        """Let go of files and memory; the reader is of no use afterwards."""
        self._parts.close()
        self._contents.clear()
        self._catalogue.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _records(self) -> dict[str, DocumentRecord]:
        return {record.id: record for record in self._catalogue.documents()}

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        return telling_names(self._catalogue.sources())

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return self._catalogue.numbers()

    @cached_property
    def _ids(self) -> dict[int, str]:
        return {number: document for document, number in self._numbers.items()}

    @cached_property
    def _originals(self) -> dict[str, str]:
        return {sums.document_id: sums.original for sums in self._catalogue.sums()}

    def _chunk(self, row: ChunkRow) -> Chunk:
        document_id = self._ids[row.document]
        return Chunk(
            id=chunk_id(document_id, row.start, row.end),
            document_id=document_id,
            start=row.start,
            end=row.end,
            pages=tuple(range(row.first_page, row.last_page + 1)),
            heading=row.heading,
            language=row.language,
            label=self._records[document_id].label,
            text=self._contents.slice(document_id, row.start, row.end),
        )
