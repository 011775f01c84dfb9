"""The catalogue of a generation: documents, the files they came from, and chunks, in SQLite.

A finished catalogue is opened read-only and immutable; `catalogue_edit` writes it in a clone.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamaged
from index.records import DocumentRecord, Source
from index.stores.base import Rows

FILE = "catalogue.sqlite"
SCHEMA = """
CREATE TABLE documents(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, format TEXT NOT NULL, title TEXT NOT NULL,
  date TEXT NOT NULL, publisher TEXT NOT NULL, label TEXT NOT NULL, language TEXT NOT NULL,
  paged INTEGER NOT NULL, pages INTEGER NOT NULL, characters INTEGER NOT NULL,
  problems TEXT NOT NULL, unread TEXT NOT NULL, size INTEGER NOT NULL, added TEXT NOT NULL,
  text_sum TEXT NOT NULL, pages_sum TEXT NOT NULL, original TEXT NOT NULL,
  forced TEXT NOT NULL);
CREATE TABLE sources(
  root TEXT NOT NULL, path TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents(number),
  size INTEGER NOT NULL, modified INTEGER NOT NULL, digest TEXT NOT NULL, label TEXT NOT NULL,
  settings TEXT NOT NULL, PRIMARY KEY (root, path));
CREATE TABLE chunks(
  row INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(number),
  first INTEGER NOT NULL, last INTEGER NOT NULL, first_page INTEGER NOT NULL,
  last_page INTEGER NOT NULL, heading TEXT NOT NULL, language TEXT NOT NULL,
  digest BLOB NOT NULL);
CREATE INDEX chunks_by_document ON chunks(document);
"""
_BATCH = 500  # bound variables of one statement stay under SQLite's limit


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk as the catalogue keeps it: `digest` covers what the derived parts depend on."""

    row: int
    document: int
    start: int
    end: int
    first_page: int
    last_page: int
    heading: str
    language: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class FileSums:
    """SHA-256 of a document's packed text and packed pages, and the name of its original."""

    document_id: str
    text: str
    pages: str
    original: str


class Columns(NamedTuple):
    """Aligned (n,) arrays over all chunks by ascending row; `languages` indexes `codes`."""

    rows: Rows
    documents: Rows
    languages: npt.NDArray[np.int16]
    codes: tuple[str, ...]


class Catalogue:
    """Reads one catalogue. Safe to call from several threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Use `open_catalogue`."""
        self._connection = connection
        self._path = path
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def query(self, statement: str, values: Sequence[object] = ()) -> list[tuple]:
        """All rows of one statement. Raises `IndexDamaged`."""
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise IndexDamaged(
                f"The catalogue {self._path} is damaged ({error}); run `kordon index verify`, "
                "then `kordon index rollback`."
            ) from error

    def documents(self) -> tuple[DocumentRecord, ...]:
        """All documents in the order they were taken in."""
        places: dict[int, list[tuple[str, str]]] = {}
        for document, root, path in self.query(
            "SELECT document, root, path FROM sources ORDER BY rowid"
        ):
            places.setdefault(document, []).append((root, path))
        counts = dict(self.query("SELECT document, count(*) FROM chunks GROUP BY document"))
        return tuple(
            _record(row, places.get(row[0], [("", "")]), counts.get(row[0], 0))
            for row in self.query(
                "SELECT number, id, format, title, date, publisher, label, language, paged, pages,"
                " characters, problems, unread, size, added FROM documents ORDER BY number"
            )
        )

    def numbers(self) -> dict[str, int]:
        """Document id -> its number in `chunks.document`."""
        return dict(self.query("SELECT id, number FROM documents"))

    def sources(self) -> dict[tuple[str, str], Source]:
        """(root, path) -> the file as it was taken in."""
        found = self.query(
            "SELECT s.root, s.path, d.id, s.size, s.modified, s.digest, s.label,"
            " s.settings FROM sources s JOIN documents d ON d.number = s.document ORDER BY s.rowid"
        )
        return {(row[0], row[1]): Source(*row) for row in found}

    def sums(self) -> list[FileSums]:
        """The checksums of every document's files."""
        found = self.query(
            "SELECT id, text_sum, pages_sum, original FROM documents ORDER BY number"
        )
        return [FileSums(*row) for row in found]

    def chunk_rows(self, rows: Iterable[int]) -> dict[int, ChunkRow]:
        """Row -> chunk, for the rows that exist."""
        wanted = list(rows)
        found: dict[int, ChunkRow] = {}
        for at in range(0, len(wanted), _BATCH):
            batch = wanted[at : at + _BATCH]
            marks = ",".join("?" * len(batch))
            for row in self.query(f"{_CHUNKS} WHERE row IN ({marks})", batch):
                found[row[0]] = ChunkRow(*row)
        return found

    def chunks_of(self, document: int) -> list[ChunkRow]:
        """The chunks of a document (by number) in reading order."""
        found = self.query(f"{_CHUNKS} WHERE document = ? ORDER BY first, last", (document,))
        return [ChunkRow(*row) for row in found]

    def all_rows(self) -> Rows:
        """All rows, ascending."""
        return np.array(
            [row for (row,) in self.query("SELECT row FROM chunks ORDER BY row")], np.int64
        )

    def chunks_by_row(self, batch: int = 2_000) -> Iterator[list[ChunkRow]]:
        """All chunks by ascending row, in batches."""
        last = -1
        while True:
            found = self.query(f"{_CHUNKS} WHERE row > ? ORDER BY row LIMIT ?", (last, batch))
            if not found:
                return
            last = found[-1][0]
            yield [ChunkRow(*row) for row in found]

    def columns(self) -> Columns:
        """What filters look at, for all chunks."""
        found = self.query("SELECT row, document, language FROM chunks ORDER BY row")
        codes = tuple(sorted({row[2] for row in found}))
        number = {code: at for at, code in enumerate(codes)}
        return Columns(
            np.array([row[0] for row in found], np.int64),
            np.array([row[1] for row in found], np.int64),
            np.array([number[row[2]] for row in found], np.int16),
            codes,
        )

    def counts(self) -> dict[str, int]:
        """How much the catalogue holds."""
        (documents, pages, characters) = self.query(
            "SELECT count(*), coalesce(sum(pages), 0), coalesce(sum(characters), 0) FROM documents"
        )[0]
        chunks = self.query("SELECT count(*) FROM chunks")[0][0]
        sources = self.query("SELECT count(*) FROM sources")[0][0]
        return {
            "documents": documents,
            "sources": sources,
            "pages": pages,
            "characters": characters,
            "chunks": chunks,
        }

    def problems(self) -> list[str]:
        """What SQLite's own check and the references say; empty when all is well."""
        found = [str(row[0]) for row in self.query("PRAGMA integrity_check(5)")]
        sentences = [f"The catalogue is damaged: {text}." for text in found if text != "ok"]
        if self.query("PRAGMA foreign_key_check"):
            sentences.append("The catalogue names documents that it does not hold.")
        return sentences


_CHUNKS = (
    "SELECT row, document, first, last, first_page, last_page, heading, language, digest"
    " FROM chunks"
)


def open_catalogue(path: Path) -> Catalogue:
    """Open a finished catalogue. Raises `IndexDamaged` when it is missing or no database."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise IndexDamaged(
            f"The catalogue {path} does not open ({error}); run `kordon index rollback`."
        ) from error
    catalogue = Catalogue(connection, path)
    catalogue.query("SELECT count(*) FROM documents")
    return catalogue


def _record(row: tuple, places: list[tuple[str, str]], chunks: int) -> DocumentRecord:
    (_, id_, format_, title, date, publisher, label, language, paged, pages) = row[:10]
    characters, problems, unread, size, added = row[10:]
    (root, path), *others = places
    return DocumentRecord(
        id=id_,
        root=root,
        path=path,
        also=tuple(other for _, other in others),
        format=format_,
        title=title,
        date=date,
        publisher=publisher,
        label=label,
        language=language,
        paged=bool(paged),
        pages=pages,
        characters=characters,
        chunks=chunks,
        problems=tuple(json.loads(problems)),
        unread=tuple(json.loads(unread)),
        size=size,
        added=added,
    )
