"""Files of the token store: codes and places of many passages, and the table of whose they are."""

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.storage import write_file
from index.stores.base import Rows
from index.stores.token_codec import Codes
from index.types import Spans

# A token's place in its passage: 3 bytes. Passages are far shorter than 65,536 characters.
PLACE = np.dtype([("start", "<u2"), ("length", "u1")])
Places = npt.NDArray[np.void]  # (t,) of PLACE


@dataclass(slots=True)
class Table:
    """Rows (n,) with the first token and the number of tokens of each, all int64."""

    rows: Rows
    starts: Rows
    counts: Rows


def empty_table() -> Table:
    """A table without rows."""
    return Table(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(slots=True)
class Segment:
    """Written once but for its table: `codes` (T, b) and `places` (T,) are memory-mapped."""

    folder: Path
    name: str
    codes: Codes
    places: Places
    table: Table
    changed: bool = False

    def drop(self, rows: Rows) -> None:
        """Forget rows; their bytes stay until the segments are merged."""
        keep = ~np.isin(self.table.rows, rows)
        if not keep.all():
            table = self.table
            self.table = Table(table.rows[keep], table.starts[keep], table.counts[keep])
            self.changed = True

    def save_table(self) -> None:
        """Write the table if it changed."""
        if self.changed:
            write_file(self.folder / f"{self.name}.rows", table_bytes(self.table))
            self.changed = False

    def whole(self) -> bool:
        """Whether the table points inside the files."""
        ends = self.table.starts + self.table.counts
        return len(self.codes) == len(self.places) and bool((ends <= len(self.codes)).all())


class Growing:
    """A segment being written: appended to in a file that nobody else has."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the files of a new segment."""
        self._folder = folder
        self._name = name
        self._codes = (folder / f"{name}.codes").open("wb")
        self._places = (folder / f"{name}.places").open("wb")
        self._rows: dict[int, tuple[int, int]] = {}
        self._length = 0

    def append(self, row: int, codes: Codes, places: Places) -> None:
        """Add one passage's (t, b) codes and (t,) places."""
        self._codes.write(codes.tobytes())
        self._places.write(places.tobytes())
        self._rows[row] = (self._length, len(codes))
        self._length += len(codes)

    def drop(self, rows: Rows) -> None:
        """Forget rows just added."""
        for row in rows.tolist():
            self._rows.pop(row, None)

    def finish(self) -> str:
        """Make the files durable and write the table; returns the segment's name."""
        for file in (self._codes, self._places):
            file.flush()
            os.fsync(file.fileno())
            file.close()
        rows = sorted(self._rows)
        spans = np.array([self._rows[row] for row in rows], np.int64).reshape(-1, 2)
        table = Table(np.array(rows, np.int64), spans[:, 0], spans[:, 1])
        write_file(self._folder / f"{self._name}.rows", table_bytes(table))
        return self._name

    def abandon(self) -> None:
        """Close the files of a segment that is not wanted."""
        self._codes.close()
        self._places.close()


def open_segment(folder: Path, name: str, width: int) -> Segment:
    """Map a segment. Raises `OSError`, `ValueError` or `KeyError` if it is damaged."""
    with np.load(folder / f"{name}.rows", allow_pickle=False) as held:
        table = Table(held["rows"], held["starts"], held["counts"])
    codes = _mapped(folder / f"{name}.codes", np.dtype(np.uint8)).reshape(-1, max(width, 1))
    return Segment(folder, name, codes, _mapped(folder / f"{name}.places", PLACE), table)


def table_bytes(table: Table) -> bytes:
    """The table as an npz file."""
    return npz_bytes({"rows": table.rows, "starts": table.starts, "counts": table.counts})


def npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Named arrays as an npz file, no pickles."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def pack_places(spans: Spans) -> Places:
    """(t, 2) offsets -> (t,) places."""
    packed = np.zeros(len(spans), PLACE)
    packed["start"] = np.minimum(spans[:, 0], 65_535)
    packed["length"] = np.minimum(spans[:, 1] - spans[:, 0], 255)
    return packed


def unpack_places(places: Places) -> Spans:
    """(t,) places -> (t, 2) offsets."""
    starts = places["start"].astype(np.int32)
    return np.stack([starts, starts + places["length"].astype(np.int32)], axis=1)


def _mapped(path: Path, dtype: np.dtype) -> np.ndarray:
    """The whole file, memory-mapped; an empty file cannot be mapped."""
    if path.stat().st_size == 0:
        return np.zeros(0, dtype)
    return np.memmap(path, dtype=dtype, mode="r")
