"""Raw vectors in files that are only ever added, and where each row stands in them.

    raw-000001.f32, ...   (n, d) float32, little-endian, in the order in which rows were added
    rows.npy              (n,) int64 ascending: the rows held
    places.npy            (n,) int64: where each stands in the files put end to end

Removing rows leaves their vectors in place until a third of the files is dead weight; then all is
written anew. Nothing is read into memory that a search does not touch.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from corpus.errors import IndexDamaged
from index.storage import fsync, write_file
from index.stores.base import Rows
from index.stores.ranking import positions
from index.types import Vectors

ROWS, PLACES = "rows.npy", "places.npy"
BLOCK = 65_536  # vectors handled at once
_DEAD_SHARE = 3
_MANY_SEGMENTS = 64


class Segments:
    """The rows and raw vectors of one folder."""

    def __init__(self, folder: Path, files: list[tuple[str, int]], dimension: int) -> None:
        """`files` are (name, vectors in it). Raises `IndexDamaged` when they do not fit."""
        self.folder = folder
        self.files = files
        self.dimension = dimension
        self._rows: Rows = np.zeros(0, np.int64)
        self._places: Rows = np.zeros(0, np.int64)
        self._pending: list[tuple[Rows, Rows]] = []
        self._maps: list[Vectors] = []
        self._starts: Rows = np.zeros(1, np.int64)
        self._growing: BinaryIO | None = None
        self.compact_on_save = False
        if files:
            self._load()

    @property
    def held(self) -> Rows:
        """(n,) rows held, ascending."""
        if self._pending:
            rows = np.concatenate([self._rows, *(rows for rows, _ in self._pending)])
            places = np.concatenate([self._places, *(places for _, places in self._pending)])
            order = np.argsort(rows, kind="stable")
            self._rows, self._places, self._pending = rows[order], places[order], []
        return self._rows

    @property
    def total(self) -> int:
        """Vectors in the files, dead ones included."""
        return sum(count for _, count in self.files)

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Write (n, d) vectors to the file of this session."""
        if not len(rows):
            return
        if self.dimension and vectors.shape[1] != self.dimension:
            raise ValueError(f"vectors of {vectors.shape[1]} instead of {self.dimension} numbers")
        self.dimension = vectors.shape[1]
        if self._growing is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            taken = [int(name[4:10]) for name, _ in self.files]
            name = f"raw-{max(taken, default=0) + 1:06d}.f32"
            (self.folder / name).unlink(missing_ok=True)
            self._growing = (self.folder / name).open("xb")
            self.files.append((name, 0))
        places = np.arange(self.total, self.total + len(rows), dtype=np.int64)
        self._growing.write(np.ascontiguousarray(vectors, "<f4").tobytes())
        name, count = self.files[-1]
        self.files[-1] = (name, count + len(rows))
        self._pending.append((np.array(rows, np.int64), places))
        self._maps = []

    def remove(self, rows: Rows) -> None:
        """Forget rows; unknown ones are ignored."""
        kept = ~np.isin(self.held, rows)
        self._rows, self._places = self._rows[kept], self._places[kept]

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) vectors of rows, in their order. Raises `KeyError` for an absent one."""
        at = positions(self.held, rows)
        return self._take(self._places[at])

    def blocks(self) -> Iterator[tuple[Rows, Vectors]]:
        """Live rows file by file, each with the (m, d) view of its file's vectors."""
        held = self.held
        self._map()
        owner = np.searchsorted(self._starts, self._places, side="right") - 1
        for number, matrix in enumerate(self._maps):
            mine = np.flatnonzero(owner == number)
            if len(mine):
                yield held[mine], _picked(matrix, self._places[mine] - self._starts[number])

    def save(self) -> None:
        """Make everything durable; written anew when too much of it is dead."""
        if self._growing is not None:
            self._growing.flush()
            self._growing.close()
            self._growing = None
            fsync(self.folder / self.files[-1][0])
        self.folder.mkdir(parents=True, exist_ok=True)
        dead = self.total - len(self.held)
        wanted = self.compact_on_save and dead
        if wanted or dead * _DEAD_SHARE > self.total or len(self.files) > _MANY_SEGMENTS:
            self._compact()
        self.compact_on_save = False
        write_file(self.folder / ROWS, _bytes(self.held))
        write_file(self.folder / PLACES, _bytes(self._places))

    def close(self) -> None:
        """Let go of files."""
        if self._growing is not None:
            self._growing.close()
            self._growing = None
        self._maps = []

    def _compact(self) -> None:
        """One file with the live vectors by ascending row."""
        old = [name for name, _ in self.files]
        name = f"raw-{max((int(one[4:10]) for one in old), default=0) + 1:06d}.f32"
        with (self.folder / name).open("xb") as file:
            for at in range(0, len(self.held), BLOCK):
                file.write(self._take(self._places[at : at + BLOCK]).astype("<f4").tobytes())
        fsync(self.folder / name)
        self._maps = []
        for one in old:
            (self.folder / one).unlink()
        self.files = [(name, len(self.held))] if len(self.held) else []
        if not len(self.held):
            (self.folder / name).unlink()
        self._places = np.arange(len(self.held), dtype=np.int64)

    def _load(self) -> None:
        try:
            self._rows = np.load(self.folder / ROWS, allow_pickle=False)
            self._places = np.load(self.folder / PLACES, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise damaged(self.folder) from error
        whole = self._rows.shape == self._places.shape and self._rows.ndim == 1
        if not whole or (len(self._places) and int(self._places.max()) >= self.total):
            raise damaged(self.folder)
        self._map()

    def _map(self) -> None:
        if self._maps or not self.files:
            return
        if self._growing is not None:
            self._growing.flush()
        self._maps = []
        for name, count in self.files:
            path = self.folder / name
            try:
                if path.stat().st_size != count * self.dimension * 4:
                    raise damaged(self.folder)
                shape = (count, self.dimension)
                self._maps.append(np.memmap(path, "<f4", "r", shape=shape))
            except OSError as error:
                raise damaged(self.folder) from error
        self._starts = np.cumsum([0, *(count for _, count in self.files)], dtype=np.int64)

    def _take(self, places: Rows) -> Vectors:
        """(n, d) vectors at places, in their order."""
        self._map()
        if len(self._maps) == 1:
            return np.asarray(self._maps[0][places])
        taken = np.empty((len(places), self.dimension), np.float32)
        owner = np.searchsorted(self._starts, places, side="right") - 1
        for number in np.unique(owner):
            mine = owner == number
            taken[mine] = self._maps[number][places[mine] - self._starts[number]]
        return taken


def damaged(folder: Path) -> IndexDamaged:
    """The error for files that do not fit together."""
    return IndexDamaged(f"The vectors in {folder} are damaged; type `kordon index repair`.")


def _picked(matrix: Vectors, at: Rows) -> Vectors:
    """The whole view when every vector is wanted in order, else a copy of those wanted."""
    whole = len(at) == len(matrix) and bool((np.diff(at) == 1).all())
    return matrix if whole else np.asarray(matrix[at])


def _bytes(array: Rows) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
