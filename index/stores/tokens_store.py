"""The token store: one bit per dimension and token, in memory-mapped segments.

A passage of 180 tokens takes 8,160 bytes: 160 tokens are left after near-equal neighbours are
joined, each with 48 bytes of code and 3 bytes of place. Files of a segment are written once; only
its table of rows is replaced when rows go, so a clone of hard links never changes what others read.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from corpus.errors import IndexDamaged
from index.storage import fsync, storage_errors, write_file
from index.stores import token_codec as codec
from index.stores.base import Rows, Scores
from index.stores.token_means import COMMON, means_like
from index.stores.token_segments import (
    Growing,
    Segment,
    Table,
    empty_table,
    npz_bytes,
    open_segment,
    pack_places,
    unpack_places,
)
from index.types import Spans, Vectors

_LIST = "list.json"
_MEANS = "means.npz"
_MANY_SEGMENTS = 12
_DEAD_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Joined:
    """Where every row's tokens are: `segments` (n,) counts along with the table's rows."""

    table: Table
    segments: Rows


class SignTokenStore:
    """Token vectors by sign; see `index.stores.base.TokenStore` and `index.stores.token_codec`."""

    revision: ClassVar[str] = "signs-2"

    def __init__(self, folder: Path, segments: list[Segment], means: dict[str, Vectors]) -> None:
        """Use `open`."""
        self._folder = folder
        self._segments = segments
        self._means = means
        self._joined = _joined(segments)
        self._new: Growing | None = None
        self._merge_next = False

    @classmethod
    def open(cls, folder: Path, *, writable: bool) -> Self:
        """Open the store; a missing folder is an empty store. Raises `IndexDamaged`."""
        if not (folder / _LIST).is_file():
            return cls(folder, [], {})
        try:
            listed = json.loads((folder / _LIST).read_text("utf-8"))
            width = int(listed["width"])
            segments = [open_segment(folder, str(name), width) for name in listed["segments"]]
            with np.load(folder / _MEANS, allow_pickle=False) as held:
                means = {name: held[name] for name in held.files}
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise IndexDamaged(
                f"The token vectors in {folder} are damaged; run `kordon index repair`."
            ) from error
        return cls(folder, segments, means)

    def add(
        self,
        rows: Rows,
        tokens: Sequence[Vectors],
        spans: Sequence[Spans],
        languages: Sequence[str] = (),
    ) -> None:
        """Add (t_i, d) unit token vectors and their character offsets under new rows."""
        if not len(rows):
            return
        languages = languages or [""] * len(rows)
        self._learn_means(tokens, languages)
        if self._new is None:
            with storage_errors(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._new = Growing(self._folder, self._free_name())
        with storage_errors(self._folder):
            for row, own, places, language in zip(
                rows.tolist(), tokens, spans, languages, strict=True
            ):
                codes, kept = codec.encode(own, places, codec.mean_for(language, self._means))
                self._new.append(row, codes, pack_places(kept))

    def remove(self, rows: Rows) -> None:
        """Forget these rows; unknown ones are ignored."""
        for segment in self._segments:
            segment.drop(rows)
        if self._new is not None:
            self._new.drop(rows)

    def compact(self) -> bool:
        """Let the next `save` copy what lives into one new segment."""
        self._merge_next = True
        return True

    def save(self) -> None:
        """Write everything durably; many or half-empty segments become one."""
        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            width = self._width()
            if self._new is not None:
                name = self._new.finish()
                self._segments.append(open_segment(self._folder, name, width))
                self._new = None
            if self._merge_next or self._scattered():
                self._merge(width)
                self._merge_next = False
            for segment in self._segments:
                segment.save_table()
            write_file(self._folder / _MEANS, npz_bytes(self._means))
            names = [segment.name for segment in self._segments]
            listed = json.dumps({"width": width, "segments": names})
            write_file(self._folder / _LIST, listed.encode())
            self._sweep(names)
            fsync(self._folder)
        self._joined = _joined(self._segments)

    def rows(self) -> Rows:
        """All rows held, ascending."""
        return self._joined.table.rows

    def read(self, rows: Rows) -> tuple[tuple[Vectors, ...], tuple[Spans, ...]]:
        """Decoded token vectors, in the space of `question`, and offsets of these rows.

        Raises `KeyError` for an unknown row.
        """
        vectors, spans = [], []
        for segment, start, count in self._places(rows):
            held = self._segments[segment]
            vectors.append(codec.decode(np.asarray(held.codes[start : start + count])))
            spans.append(unpack_places(np.asarray(held.places[start : start + count])))
        return tuple(vectors), tuple(spans)

    def question(self, tokens: Vectors, language: str) -> Vectors:
        """(t, d) token vectors of a question in the space of what `read` returns, unit rows."""
        if not self._means:
            return np.zeros((len(tokens), codec.padded(tokens.shape[1])), np.float32)
        return codec.turned(tokens, codec.mean_for(language, self._means))

    def best_matches(self, question: Vectors, rows: Rows) -> Scores:
        """(t, w) turned question tokens -> (n, t): each one's best cosine in each of these rows.

        A passage without tokens has zeros.
        """
        found = np.zeros((len(rows), len(question)), np.float32)
        places = self._places(rows)
        filled = [at for at, (_, _, count) in enumerate(places) if count]
        if not filled or not len(question):
            return found
        pieces = []
        for at in filled:
            segment, start, count = places[at]
            pieces.append(self._segments[segment].codes[start : start + count])
        counts = np.array([len(piece) for piece in pieces])
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        likeness = codec.cosines(np.concatenate(pieces), question)  # (sum t_i, t)
        found[filled] = np.maximum.reduceat(likeness, starts, axis=0)
        return found

    def verify(self) -> Iterator[str]:
        """Every table points into its files, and no row stands twice."""
        rows = self._joined.table.rows
        if len(np.unique(rows)) != len(rows):
            yield "A passage stands twice among the token vectors."
        for segment in self._segments:
            if not segment.whole():
                yield f"Segment {segment.name} of the token vectors is shorter than its table says."

    def close(self) -> None:
        """Let go of files and memory."""
        if self._new is not None:
            self._new.abandon()
            self._new = None
        self._segments = []
        self._joined = _joined([])

    def _places(self, rows: Rows) -> list[tuple[int, int, int]]:
        """Segment, first token and number of tokens of each row."""
        table = self._joined.table
        at = np.searchsorted(table.rows, rows)
        inside = np.minimum(at, max(len(table.rows) - 1, 0))
        if len(rows) and (not len(table.rows) or (table.rows[inside] != rows).any()):
            raise KeyError("a row without token vectors")
        return list(
            zip(
                self._joined.segments[at].tolist(),
                table.starts[at].tolist(),
                table.counts[at].tolist(),
                strict=True,
            )
        )

    def _learn_means(self, tokens: Sequence[Vectors], languages: Sequence[str]) -> None:
        """Settle means at the first tokens seen of a language, for good: codes depend on them."""
        if not self._means:
            self._means = means_like(_stacked(tokens)) or {}
        if COMMON in self._means:
            return
        for language in sorted(set(languages) - self._means.keys()):
            pairs = zip(tokens, languages, strict=True)
            held = _stacked([own for own, name in pairs if name == language])
            if len(held):
                self._means[language] = held.mean(axis=0)

    def _width(self) -> int:
        """Bytes of one code; 0 while no token has been seen."""
        mean = next(iter(self._means.values()), None)
        return 0 if mean is None else codec.padded(len(mean)) // 8

    def _free_name(self) -> str:
        """A segment name that no file has, in this folder or in the one it was cloned from."""
        taken = [int(path.name.split(".")[0]) for path in self._folder.glob("*.codes")]
        return str(max(taken, default=0) + 1)

    def _scattered(self) -> bool:
        held = sum(len(segment.codes) for segment in self._segments)
        live = sum(int(segment.table.counts.sum()) for segment in self._segments)
        return len(self._segments) > _MANY_SEGMENTS or held - live > _DEAD_SHARE * max(held, 1)

    def _merge(self, width: int) -> None:
        """Copy what lives into one new segment, a passage at a time."""
        merged = Growing(self._folder, self._free_name())
        for segment in self._segments:
            table = segment.table
            for row, start, count in zip(table.rows, table.starts, table.counts, strict=True):
                codes = np.asarray(segment.codes[start : start + count])
                merged.append(int(row), codes, np.asarray(segment.places[start : start + count]))
        self._segments = [open_segment(self._folder, merged.finish(), width)]

    def _sweep(self, names: list[str]) -> None:
        """Remove files of segments that are not listed any more."""
        for path in self._folder.iterdir():
            if path.name not in (_LIST, _MEANS) and path.name.split(".")[0] not in names:
                path.unlink()


def _stacked(tokens: Sequence[Vectors]) -> Vectors:
    """(sum t_i, d); an encoder may give passages without tokens."""
    filled = [own for own in tokens if len(own)]
    return np.concatenate(filled) if filled else np.zeros((0, 0), np.float32)


def _joined(segments: list[Segment]) -> Joined:
    """One table over all segments, by ascending row."""
    tables = [segment.table for segment in segments]
    if not tables:
        return Joined(empty_table(), np.zeros(0, np.int64))
    rows = np.concatenate([table.rows for table in tables])
    order = np.argsort(rows, kind="stable")
    numbers = np.repeat(np.arange(len(tables)), [len(table.rows) for table in tables])
    starts = np.concatenate([table.starts for table in tables])
    counts = np.concatenate([table.counts for table in tables])
    return Joined(Table(rows[order], starts[order], counts[order]), numbers[order])
