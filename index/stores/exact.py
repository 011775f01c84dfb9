"""The exact dense store: numpy only, slow and right, the reference for every other one."""

import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from corpus.errors import IndexDamaged
from index.storage import storage_errors, write_file
from index.stores.base import Rows, Scores
from index.stores.ranking import best, positions
from index.types import Vectors

_FILE = "exact.npy"
_ROWS = "rows.npy"
_SUMS = "sums.json"


class ExactStore:
    """Inner products with all vectors; see `index.stores.base.DenseStore`."""

    revision: ClassVar[str] = "exact-1"

    def __init__(self, folder: Path, rows: Rows, matrix: Vectors) -> None:
        """Use `open`."""
        self._folder = folder
        self._rows = rows  # (n,) ascending
        self._matrix = matrix  # (n, d)

    @classmethod
    def open(cls, folder: Path, *, writable: bool) -> Self:
        """Open the store; a missing folder is an empty store. Raises `IndexDamaged`."""
        if not (folder / _FILE).is_file():
            return cls(folder, np.zeros(0, np.int64), np.zeros((0, 0), np.float32))
        try:
            rows = np.load(folder / _ROWS, allow_pickle=False)
            matrix = np.load(folder / _FILE, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise _damaged(folder) from error
        if matrix.ndim != 2 or rows.shape != (len(matrix),):
            raise _damaged(folder)
        return cls(folder, rows, matrix)

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add (n, d) unit vectors under new rows."""
        if not len(rows):
            return
        matrix = np.concatenate([self._matrix, vectors]) if len(self._rows) else vectors
        together = np.concatenate([self._rows, np.asarray(rows, np.int64)])
        order = np.argsort(together, kind="stable")
        self._rows, self._matrix = together[order], matrix[order].astype(np.float32)

    def remove(self, rows: Rows) -> None:
        """Forget these rows; unknown ones are ignored."""
        kept = ~np.isin(self._rows, rows)
        self._rows, self._matrix = self._rows[kept], self._matrix[kept]

    def save(self) -> None:
        """Write rows, vectors and their checksums."""
        files = {_FILE: _bytes(self._matrix), _ROWS: _bytes(self._rows)}
        sums = {name: zlib.crc32(data) for name, data in files.items()}
        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, data in files.items():
                write_file(self._folder / name, data)
            write_file(self._folder / _SUMS, json.dumps(sums).encode())

    def rows(self) -> Rows:
        """All rows held, ascending."""
        return self._rows

    def search(self, query: Vectors, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
        """The best `k` rows for one (d,) query among `allowed` (all if None), best first."""
        rows = self._rows if allowed is None else self._rows[np.isin(self._rows, allowed)]
        return best(rows, self.scores(query, rows), k)

    def scores(self, query: Vectors, rows: Rows) -> Scores:
        """Exact inner products of one (d,) query with these rows, in their order."""
        if not len(rows):
            return np.zeros(0, np.float32)
        return self.vectors(rows) @ query

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) stored vectors of these rows, in their order. Raises `KeyError`."""
        return self._matrix[positions(self._rows, rows)]

    def verify(self) -> Iterator[str]:
        """Compare the files with their checksums."""
        if not (self._folder / _SUMS).is_file():
            if (self._folder / _FILE).is_file():
                yield f"{_SUMS} of the exact store is missing."
            return
        sums = json.loads((self._folder / _SUMS).read_bytes())
        for name, expected in sums.items():
            if zlib.crc32((self._folder / name).read_bytes()) != expected:
                yield f"{name} of the exact store is damaged."

    def close(self) -> None:
        """Let go of the memory."""
        self._rows, self._matrix = self._rows[:0], self._matrix[:0]


def _bytes(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _damaged(folder: Path) -> IndexDamaged:
    return IndexDamaged(f"The vectors in {folder} are damaged; run `kordon index repair`.")
