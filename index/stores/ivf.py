"""The inverted file on FAISS for many vectors: 8 bits per number, memory-mapped.

FAISS is imported here only. Parameters: about 4 sqrt(n) lists; as many of them probed as a sample
of searches needs for a recall@10 of .99 against exact search. Drift: new vectors are compared with
the list centres; when they lie clearly further off than those that the centres were made for, or
the index has grown fourfold, the centres are made anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.storage import write_file
from index.stores.base import Rows, Scores
from index.stores.segments import BLOCK, Segments, damaged
from index.types import Vectors

if TYPE_CHECKING:
    import faiss

FILE = "ivf.faiss"
_PROBES = (4, 8, 16, 32, 64, 128, 256, 512)
_RECALL = 0.99
_SAMPLE = 64  # searches that decide how many lists are probed
_PER_LIST = 48  # training vectors for each list
_DRIFT = 1.2
_GROWTH = 4
_SEED = 7


@dataclass(frozen=True, slots=True)
class Training:
    """What an inverted file was trained on, and what came since.

    `residual` is the mean of 1 - cosine to the nearest list centre over the training vectors,
    `later` the same over the `added` vectors that came after.
    """

    trained: int
    lists: int
    probes: int
    recall: float
    residual: float
    added: int = 0
    later: float = 0.0

    @property
    def drift(self) -> float:
        """How much further off new vectors lie than those trained on; 1.0 is no drift."""
        return self.later / self.residual if self.added and self.residual > 1e-6 else 1.0

    def outgrown(self, count: int) -> bool:
        """Whether the drift test asks for training anew at `count` vectors."""
        enough = self.added >= max(1_000, count // 20)
        return (enough and self.drift > _DRIFT) or count > _GROWTH * max(self.trained, 1)

    def to_json(self) -> dict[str, float]:
        """The fields as JSON values."""
        return asdict(self)


class InvertedFile:
    """An IVF index and how it was trained. Reading methods are safe from several threads."""

    def __init__(self, index: faiss.IndexIVF, training: Training) -> None:
        """Use `train` or `open`."""
        self._index: Any = index
        self.training = training

    @classmethod
    def open(cls, folder: Path, training: Training, *, writable: bool) -> InvertedFile:
        """Open the file; mapped into memory unless it is to be changed. Raises `IndexDamaged`."""
        import faiss

        flags = 0 if writable else faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
        try:
            index = faiss.read_index(str(folder / FILE), flags)
        except RuntimeError as error:
            raise damaged(folder) from error
        if not isinstance(index, faiss.IndexIVF):
            raise damaged(folder)
        return cls(index, training)

    @classmethod
    def train(cls, segments: Segments) -> InvertedFile:
        """Make list centres from a sample of the vectors, and put all of them in."""
        import faiss

        count = len(segments.held)
        lists = max(1, min(round(4 * math.sqrt(count)), count // 39))
        sample = _sampled(segments, lists * _PER_LIST)
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(segments.dimension),
            segments.dimension,
            lists,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        index.cp.niter = 8
        index.cp.seed = _SEED
        index.cp.max_points_per_centroid = _PER_LIST
        index.cp.min_points_per_centroid = 1
        index.train(sample)
        made = cls(index, Training(count, lists, 1, 0.0, 0.0))
        residual = made._residual(sample)
        made._put(segments, segments.held)
        made.training = replace(made.training, residual=residual)
        made.training = made._calibrated(segments)
        return made

    def change(self, segments: Segments, removed: Rows, added: Rows) -> None:
        """Take rows out and put rows in, and note how the new ones lie."""
        import faiss

        if len(removed):
            self._index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(removed, np.int64)))
        if not len(added):
            return
        later = self._put(segments, added)
        old = self.training
        total = old.added + len(added)
        mean = (old.later * old.added + later * len(added)) / total
        self.training = replace(old, added=total, later=mean)

    def save(self, folder: Path) -> None:
        """Write the index file anew."""
        import faiss

        write_file(folder / FILE, faiss.serialize_index(self._index).data)

    def search(self, query: Vectors, k: int, allowed: Rows | None, held: int) -> Rows:
        """Rows of about the best `k`, not in order; of `allowed` only, if given.

        `held` is the number of all rows: the fewer of them are allowed, the more lists are probed.
        """
        share = 1.0 if allowed is None else max(len(allowed), 1) / max(held, 1)
        probes = min(self.training.lists, math.ceil(self.training.probes / share**0.5))
        wanted = k if allowed is None else min(k, len(allowed))
        selector = None if allowed is None else _selector(allowed)
        while True:
            limits = _parameters(nprobe=probes, sel=selector)
            _, rows = self._index.search(query.reshape(1, -1), k, params=limits)
            found = rows[0][rows[0] >= 0]
            if len(found) >= min(wanted, held) or probes >= self.training.lists:
                return found.astype(np.int64)
            probes = min(self.training.lists, probes * 4)

    def rows(self) -> Rows:
        """All rows held, ascending."""
        import faiss

        lists = self._index.invlists
        ids = [
            faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).copy()
            for number in range(lists.nlist)
            if lists.list_size(number)
        ]
        return np.sort(np.concatenate(ids)) if ids else np.zeros(0, np.int64)

    def _put(self, segments: Segments, rows: Rows) -> float:
        """Add rows; returns their mean distance from their list centres."""
        total = 0.0
        for at in range(0, len(rows), BLOCK):
            block = rows[at : at + BLOCK]
            vectors = np.ascontiguousarray(segments.vectors(block), np.float32)
            self._index.add_with_ids(vectors, np.ascontiguousarray(block, np.int64))
            total += self._residual(vectors[:2_000]) * len(block)
        return total / max(len(rows), 1)

    def _residual(self, vectors: Vectors) -> float:
        nearest, _ = self._index.quantizer.search(np.ascontiguousarray(vectors, np.float32), 1)
        return float(np.mean(1.0 - nearest))

    def _calibrated(self, segments: Segments) -> Training:
        """The smallest number of probes that reaches the recall on a sample of searches."""
        queries = _queries(segments)
        exact = _exact(segments, queries, 10)
        recall = 0.0
        for probes in (*[one for one in _PROBES if one < self.training.lists], self.training.lists):
            trial = replace(self.training, probes=probes)
            self.training = trial
            found = [
                _best_of(segments, query, self.search(query, 100, None, len(segments.held)))
                for query in queries
            ]
            hits = [
                len(set(one) & truth) / len(truth) for one, truth in zip(found, exact, strict=True)
            ]
            recall = float(np.mean(hits))
            if recall >= _RECALL:
                break
        return replace(self.training, recall=round(recall, 4))


def _parameters(**limits: Any) -> Any:
    import faiss

    make: Any = faiss.SearchParametersIVF
    return make(**limits)


def _selector(allowed: Rows) -> Any:
    import faiss

    make: Any = faiss.IDSelectorBitmap
    bits = np.zeros((int(allowed[-1]) // 8 + 1) * 8, bool)
    bits[allowed] = True
    return make(np.packbits(bits, bitorder="little"))


def _sampled(segments: Segments, count: int) -> Vectors:
    random = np.random.default_rng(_SEED)
    rows = segments.held
    if count < len(rows):
        rows = np.sort(random.choice(rows, count, replace=False))
    return np.ascontiguousarray(segments.vectors(rows), np.float32)


def _queries(segments: Segments) -> Vectors:
    """Vectors about as far from their passage as questions are (cosine .9)."""
    base = _sampled(segments, _SAMPLE)
    noise = np.random.default_rng(_SEED + 1).normal(size=base.shape).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    mixed = 0.9 * base + 0.436 * noise
    return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)


def _exact(segments: Segments, queries: Vectors, k: int) -> list[set[int]]:
    best: list[list[tuple[float, int]]] = [[] for _ in queries]
    for rows, matrix in _parts(segments):
        scores = matrix @ queries.T
        k_here = min(k, len(rows))
        for number in range(len(queries)):
            top = np.argpartition(-scores[:, number], k_here - 1)[:k_here]
            merged = [
                *best[number],
                *zip(scores[top, number].tolist(), rows[top].tolist(), strict=True),
            ]
            best[number] = sorted(merged, reverse=True)[:k]
    return [{row for _, row in one} for one in best]


def _parts(segments: Segments) -> Iterator[tuple[Rows, Vectors]]:
    for at in range(0, len(segments.held), BLOCK):
        rows = segments.held[at : at + BLOCK]
        yield rows, segments.vectors(rows)


def _best_of(segments: Segments, query: Vectors, rows: Rows) -> list[int]:
    scores: Scores = segments.vectors(rows) @ query
    return [int(row) for row in rows[np.argsort(-scores)[:10]]]
