"""The dense store on FAISS. FAISS is imported here only, when a store is opened.

Flat inner product behind an id map: exact, and fast enough up to tens of thousands of chunks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from corpus.errors import IndexDamaged
from index.storage import storage_errors, write_file
from index.stores.base import Rows, Scores
from index.stores.ranking import best, positions
from index.types import Vectors

if TYPE_CHECKING:
    import faiss

_FILE = "flat.faiss"
# A little more than asked for, so that equal scores at the edge are ordered by row as elsewhere.
_SPARE = 16


class FaissStore:
    """See `index.stores.base.DenseStore`."""

    revision: ClassVar[str] = "faiss-flat-1"

    def __init__(self, folder: Path, index: faiss.IndexIDMap2 | None) -> None:
        """Use `open`."""
        self._folder = folder
        self._index = index
        self._look()

    @classmethod
    def open(cls, folder: Path, *, writable: bool) -> Self:
        """Open the store; a missing folder is an empty store. Raises `IndexDamaged`."""
        import faiss

        path = folder / _FILE
        if not path.is_file():
            return cls(folder, None)
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise _damaged(folder) from error
        if not isinstance(index, faiss.IndexIDMap2) or index.index.ntotal != index.id_map.size():
            raise _damaged(folder)
        return cls(folder, index)

    def _look(self) -> None:
        """Views of the vectors and of their rows, which reading methods share."""
        import faiss

        if self._index is None or not self._index.ntotal:
            self._held = np.zeros(0, np.int64)
            self._order = self._held
            self._matrix = np.zeros((0, 0), np.float32)
            return
        flat: Any = faiss.downcast_index(self._index.index)
        ids = faiss.vector_to_array(self._index.id_map)
        self._order = np.argsort(ids, kind="stable")  # (n,) position of the i-th smallest row
        self._held = ids[self._order]
        self._matrix = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d).reshape(-1, flat.d)

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add (n, d) unit vectors under new rows."""
        import faiss

        if not len(rows):
            return
        if self._index is None:
            self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        self._index.add_with_ids(
            np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(rows, np.int64)
        )
        self._look()

    def remove(self, rows: Rows) -> None:
        """Forget these rows; unknown ones are ignored."""
        if self._index is not None and len(rows):
            import faiss

            self._index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(rows, np.int64)))
            self._look()

    def save(self) -> None:
        """Write the index file anew."""
        import faiss

        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._index is not None:
                data = faiss.serialize_index(self._index)
                write_file(self._folder / _FILE, data.tobytes())

    def rows(self) -> Rows:
        """All rows held, ascending."""
        return self._held

    def search(self, query: Vectors, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
        """The best `k` rows for one (d,) query among `allowed` (all if None), best first."""
        if allowed is not None:
            rows = self._held[np.isin(self._held, allowed)]
            return best(rows, self.scores(query, rows), k)
        if self._index is None or not len(self._held) or k <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        wide = min(k + _SPARE, len(self._held))
        scores, rows = self._index.search(query.reshape(1, -1).astype(np.float32), wide)
        return best(rows[0], scores[0], k)

    def scores(self, query: Vectors, rows: Rows) -> Scores:
        """Exact inner products of one (d,) query with these rows, in their order."""
        if not len(rows):
            return np.zeros(0, np.float32)
        return self.vectors(rows) @ query.astype(np.float32)

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) stored vectors of these rows, in their order. Raises `KeyError`."""
        return self._matrix[self._order[positions(self._held, rows)]]

    def verify(self) -> Iterator[str]:
        """Unit length of every vector, and no row twice."""
        if not len(self._held):
            return
        lengths = np.linalg.norm(self._matrix, axis=1)
        if not np.allclose(lengths, 1.0, atol=1e-3):
            yield f"{int((abs(lengths - 1) > 1e-3).sum())} stored vectors are not of unit length."
        if len(np.unique(self._held)) != len(self._held):
            yield "A row stands twice among the vectors."

    def close(self) -> None:
        """Let go of the memory."""
        self._index = None
        self._look()


def _damaged(folder: Path) -> IndexDamaged:
    return IndexDamaged(f"The vectors in {folder} are damaged; run `kordon index repair`.")
