"""Changes to the catalogue of a generation that is being built."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.types import Document
from index.catalogue import SCHEMA, Catalogue, ChunkRow, FileSums
from index.records import Source
from index.stores.base import Rows


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk without a row; see `ChunkRow`."""

    start: int
    end: int
    first_page: int
    last_page: int
    heading: str
    language: str
    digest: bytes


class CatalogueEditor(Catalogue):
    """Reads and writes the catalogue at `path`, which is made when it does not exist.

    Nothing is durable before `finish`; a crash leaves a folder that nobody reads.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises `sqlite3.Error`."""
        fresh = not path.exists()
        connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA journal_mode=MEMORY")
        connection.execute("PRAGMA synchronous=OFF")
        # A removed document leaves nothing in free pages.
        connection.execute("PRAGMA secure_delete=ON")
        if fresh:
            connection.executescript(SCHEMA)
        connection.execute("BEGIN")
        super().__init__(connection, path)

    def finish(self) -> None:
        """Commit and close; what was removed is gone from the file."""
        self._connection.execute("COMMIT")
        free = self._connection.execute("PRAGMA freelist_count").fetchone()[0]
        pages = self._connection.execute("PRAGMA page_count").fetchone()[0]
        if free > 64 and free * 4 > pages:
            self._connection.execute("VACUUM")
        self.close()

    def put_document(
        self, document: Document, sums: FileSums, *, size: int, added: str, forced: str
    ) -> int:
        """Add a document, or replace what is known of it. Returns its number.

        `forced` is the language that a person gave, or "".
        """
        unread = [page.number for page in document.pages if page.layer == "none"]
        values = (
            document.format,
            document.title,
            document.date,
            document.publisher,
            document.label,
            document.language,
            int(document.paged),
            len(document.pages),
            len(document.text),
            json.dumps(document.problems, ensure_ascii=False),
            json.dumps(unread),
            size,
            added,
            sums.text,
            sums.pages,
            sums.original,
            forced,
        )
        self._run(
            "INSERT INTO documents(format, title, date, publisher, label, language, paged, pages,"
            " characters, problems, unread, size, added, text_sum, pages_sum, original, forced, id)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET"
            " format=excluded.format, title=excluded.title, date=excluded.date,"
            " publisher=excluded.publisher, label=excluded.label, language=excluded.language,"
            " paged=excluded.paged, pages=excluded.pages, characters=excluded.characters,"
            " problems=excluded.problems, unread=excluded.unread, size=excluded.size,"
            " text_sum=excluded.text_sum, pages_sum=excluded.pages_sum, original=excluded.original,"
            " forced=excluded.forced",
            (*values, document.id),
        )
        return int(self.query("SELECT number FROM documents WHERE id = ?", (document.id,))[0][0])

    def put_source(self, source: Source) -> None:
        """Remember where a document's file stands."""
        self._run(
            "INSERT INTO sources(root, path, document, size, modified, digest, label, settings)"
            " VALUES (?, ?, (SELECT number FROM documents WHERE id = ?), ?, ?, ?, ?, ?)"
            " ON CONFLICT(root, path) DO UPDATE SET document=excluded.document, size=excluded.size,"
            " modified=excluded.modified, digest=excluded.digest, label=excluded.label,"
            " settings=excluded.settings",
            (
                source.root,
                source.path,
                source.document_id,
                source.size,
                source.modified,
                source.digest,
                source.label,
                source.settings,
            ),
        )

    def drop_source(self, root: str, path: str) -> None:
        """Forget a file; its document stays until `orphans` are dropped."""
        self._run("DELETE FROM sources WHERE root = ? AND path = ?", (root, path))

    def orphans(self) -> list[tuple[int, str]]:
        """(number, id) of documents that no file leads to."""
        return self.query(
            "SELECT number, id FROM documents WHERE number NOT IN (SELECT document FROM sources)"
            " ORDER BY number"
        )

    def drop_document(self, number: int) -> None:
        """Forget a document with its files and chunks."""
        self._run("DELETE FROM chunks WHERE document = ?", (number,))
        self._run("DELETE FROM sources WHERE document = ?", (number,))
        self._run("DELETE FROM documents WHERE number = ?", (number,))

    def drop_original(self, document_id: str) -> None:
        """Forget the copy of a document's file."""
        self._run("UPDATE documents SET original = '' WHERE id = ?", (document_id,))

    def drop_chunks(self, rows: Sequence[int]) -> None:
        """Forget chunks."""
        self._connection.executemany("DELETE FROM chunks WHERE row = ?", [(row,) for row in rows])

    def put_chunks(
        self, document: int, chunks: Sequence[NewChunk], reused: dict[bytes, list[int]]
    ) -> Rows:
        """Put the chunks of a document, under a row of `reused` with the same digest if there is
        one (it is taken out of `reused`). Returns the rows whose derived parts are to be made.
        """
        following = self.query("SELECT coalesce(max(row), -1) + 1 FROM chunks")[0][0]
        fresh: list[int] = []
        values = []
        for chunk in chunks:
            kept = reused.get(chunk.digest)
            if kept:
                row = kept.pop(0)
            else:
                row, following = following, following + 1
                fresh.append(row)
            values.append(
                (
                    row,
                    document,
                    chunk.start,
                    chunk.end,
                    chunk.first_page,
                    chunk.last_page,
                    chunk.heading,
                    chunk.language,
                    chunk.digest,
                )
            )
        self._connection.executemany(
            "INSERT OR REPLACE INTO chunks VALUES (?,?,?,?,?,?,?,?,?)", values
        )
        return np.array(fresh, np.int64)

    def add_time(self, document_id: str) -> str | None:
        """When a known document was taken in."""
        found = self.query("SELECT added FROM documents WHERE id = ?", (document_id,))
        return str(found[0][0]) if found else None

    def _run(self, statement: str, values: Sequence[object]) -> None:
        with self._lock:
            self._connection.execute(statement, values)


def reusable(rows: Sequence[ChunkRow]) -> dict[bytes, list[int]]:
    """Digest -> rows of chunks that are about to be replaced."""
    found: dict[bytes, list[int]] = {}
    for chunk in rows:
        found.setdefault(chunk.digest, []).append(chunk.row)
    return found
