"""The dense store: exact up to `flat_limit` vectors, an inverted file of 8-bit vectors above.

Raw vectors are memory-mapped and never approximated: they give every score that leaves the store.
The inverted file only proposes candidates, and only where exact scoring would be slow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from index.storage import storage_errors, write_file
from index.stores.base import Rows, Scores
from index.stores.ivf import FILE as IVF_FILE
from index.stores.ivf import InvertedFile, Training
from index.stores.ranking import best
from index.stores.segments import Segments, damaged
from index.types import Vectors

_STATE = "state.json"

# Scoring all vectors and dropping some is quicker than copying out more than one in so many.
_MANY = 4


class FaissStore:
    """See `index.stores.base.DenseStore`. A subclass may set other limits.

    `flat_limit`: vectors up to which every search is exact. `few`: allowed rows up to which a
    filtered search is exact. `rerank`: candidates of the inverted file that are scored exactly.
    """

    revision: ClassVar[str] = "faiss-2"
    flat_limit: ClassVar[int] = 50_000
    few: ClassVar[int] = 20_000
    rerank: ClassVar[int] = 100

    def __init__(self, folder: Path, segments: Segments, inverted: InvertedFile | None) -> None:
        """Use `open`."""
        self._folder = folder
        self._segments = segments
        self._inverted = inverted
        self._before = segments.held
        self._removed: Rows = np.zeros(0, np.int64)
        self._blocks: list[tuple[Rows, Vectors]] | None = None

    @classmethod
    def open(cls, folder: Path, *, writable: bool) -> Self:
        """Open the store; a missing folder is an empty store. Raises `IndexDamaged`."""
        path = folder / _STATE
        if not path.is_file():
            return cls(folder, Segments(folder, [], 0), None)
        try:
            state = json.loads(path.read_bytes())
            files = [(str(name), int(count)) for name, count in state["segments"]]
            segments = Segments(folder, files, int(state["dimension"]))
            training = Training(**state["inverted"]) if state["inverted"] else None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise damaged(folder) from error
        inverted = InvertedFile.open(folder, training, writable=writable) if training else None
        return cls(folder, segments, inverted)

    @property
    def summary(self) -> str:
        """The type of the index and its state, for `status`."""
        count = len(self._segments.held)
        if self._inverted is None:
            return f"flat, exact, {count} vectors"
        training = self._inverted.training
        return (
            f"inverted file of {training.lists} lists, 8 bits, {training.probes} probed, "
            f"recall@10 {training.recall:.3f}, drift {training.drift:.2f}, {count} vectors"
        )

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add (n, d) unit vectors under new rows."""
        self._blocks = None
        with storage_errors(self._folder):
            self._segments.add(rows, vectors)

    def remove(self, rows: Rows) -> None:
        """Forget these rows; unknown ones are ignored."""
        self._blocks = None
        self._segments.remove(rows)
        self._removed = np.union1d(self._removed, np.intersect1d(self._before, rows))

    def compact(self) -> bool:
        """Let `save` write the vectors anew, without those removed."""
        self._segments.compact_on_save = True
        return True

    def save(self) -> None:
        """Write what changed; train the inverted file when there are enough vectors for one."""
        self._blocks = None
        with storage_errors(self._folder):
            self._segments.save()
            self._update()
            state = {
                "dimension": self._segments.dimension,
                "segments": self._segments.files,
                "inverted": self._inverted.training.to_json() if self._inverted else None,
            }
            write_file(self._folder / _STATE, json.dumps(state).encode())
        self._before = self._segments.held
        self._removed = self._removed[:0]

    def rows(self) -> Rows:
        """All rows held, ascending."""
        return self._segments.held

    def search(self, query: Vectors, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
        """The best `k` rows for one (d,) query among `allowed` (all if None), best first."""
        query = np.ascontiguousarray(query, np.float32)
        held = self._segments.held
        if k <= 0 or not len(held):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if allowed is not None:
            allowed = np.intersect1d(allowed, held, assume_unique=True)
            many = len(allowed) * _MANY > len(held) and self._inverted is None
            if not many and (len(allowed) <= self.few or self._inverted is None):
                return best(allowed, self.scores(query, allowed), k)
        if self._inverted is None:
            return self._everything(query, k, allowed)
        wide = max(self.rerank, 2 * k)
        rows = self._inverted.search(query, wide, allowed, len(held))
        return best(rows, self.scores(query, rows), k)

    def scores(self, query: Vectors, rows: Rows) -> Scores:
        """Exact inner products of one (d,) query with these rows, in their order."""
        if not len(rows):
            return np.zeros(0, np.float32)
        return self.vectors(rows) @ np.asarray(query, np.float32)

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) stored vectors of these rows, in their order. Raises `KeyError`."""
        return self._segments.vectors(np.asarray(rows, np.int64))

    def verify(self) -> Iterator[str]:
        """Unit length of every vector, no row twice, and the same rows in the inverted file."""
        held = self._segments.held
        if len(np.unique(held)) != len(held):
            yield "A row stands twice among the vectors."
        for rows, matrix in self._segments.blocks():
            lengths = np.sqrt(np.einsum("ij,ij->i", matrix, matrix))
            wrong = int((abs(lengths - 1) > 1e-3).sum())
            if wrong:
                yield f"{wrong} of {len(rows)} stored vectors are not of unit length."
        if self._inverted is not None and not np.array_equal(self._inverted.rows(), held):
            yield "The inverted file of the vectors holds other rows than the vectors."

    def close(self) -> None:
        """Let go of files and memory."""
        self._segments.close()
        self._blocks = None
        self._inverted = None

    def _everything(self, query: Vectors, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
        if self._blocks is None:
            self._blocks = list(self._segments.blocks())
        parts = []
        for rows, matrix in self._blocks:
            scores = matrix @ query
            if allowed is not None:
                inside = np.isin(rows, allowed, assume_unique=True)
                rows, scores = rows[inside], scores[inside]
            parts.append(best(rows, scores, k))
        rows = np.concatenate([rows for rows, _ in parts])
        return best(rows, np.concatenate([scores for _, scores in parts]), k)

    def _update(self) -> None:
        """Bring the inverted file up to the vectors, or make or drop it."""
        held = self._segments.held
        count = len(held)
        if count <= self.flat_limit // 2 or (count <= self.flat_limit and not self._inverted):
            self._inverted = None
            (self._folder / IVF_FILE).unlink(missing_ok=True)
            return
        kept = np.setdiff1d(self._before, self._removed, assume_unique=True)
        if self._inverted is None:
            self._inverted = InvertedFile.train(self._segments)
        else:
            added = np.setdiff1d(held, kept, assume_unique=True)
            if not len(added) and not len(self._removed):
                return
            self._inverted.change(self._segments, self._removed, added)
            if self._inverted.training.outgrown(count):
                self._inverted = InvertedFile.train(self._segments)
        self._inverted.save(self._folder)


class InvertedStore(FaissStore):
    """The same with an inverted file from the first vector on: for tests and comparisons."""

    flat_limit: ClassVar[int] = 0
    few: ClassVar[int] = 10
