"""Orders that every store shares, so that equal scores give equal lists everywhere."""

import numpy as np

from index.stores.base import Rows, Scores


def best(rows: Rows, scores: Scores, k: int) -> tuple[Rows, Scores]:
    """The `k` best of (n,) rows by (n,) scores, best first, equal scores by ascending row."""
    if k <= 0 or not len(rows):
        return rows[:0], scores[:0]
    if k < len(rows):
        # The k-th score may be shared: keep all rows that have it until rows decide.
        edge = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = np.flatnonzero(scores >= edge)
        rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


def positions(held: Rows, wanted: Rows) -> Rows:
    """Where (n,) `wanted` stand in the ascending `held`. Raises `KeyError` for an absent row."""
    at = np.searchsorted(held, wanted)
    inside = np.minimum(at, max(len(held) - 1, 0))
    if len(wanted) and (not len(held) or not np.array_equal(held[inside], wanted)):
        raise KeyError("a row that the store does not hold")
    return at.astype(np.int64)
