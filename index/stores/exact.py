"""The exact dense store: numpy only, slow and right, the reference for every other one."""

import io
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

    @property
    def summary(self) -> str:
        """The type of the index, for `status`."""
        return f"exact, {len(self._rows)} vectors"

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

    def compact(self) -> bool:
        """Nothing of removed rows is ever kept."""
        return True

    def save(self) -> None:
        """Write rows and vectors."""
        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_file(self._folder / _FILE, _bytes(self._matrix))
            write_file(self._folder / _ROWS, _bytes(self._rows))

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
        """Unit length of every vector, and no row twice."""
        lengths = np.linalg.norm(self._matrix, axis=1)
        if not np.allclose(lengths, 1.0, atol=1e-3):
            yield f"{int((abs(lengths - 1) > 1e-3).sum())} stored vectors are not of unit length."
        if len(np.unique(self._rows)) != len(self._rows):
            yield "A row stands twice among the vectors."

    def close(self) -> None:
        """Let go of the memory."""
        self._rows, self._matrix = self._rows[:0], self._matrix[:0]


def _bytes(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _damaged(folder: Path) -> IndexDamaged:
    return IndexDamaged(f"The vectors in {folder} are damaged; run `kordon index repair`.")
