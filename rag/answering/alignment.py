"""Late interaction: which words of a passage answer to which words of the question.

Token vectors come from the encoder's last layer, so a word's vector knows its passage; a sentence
cut out of it still carries what "it" refers to. Similarity is the inner product of unit rows.
MaxSim is Khattab and Zaharia, ColBERT (2020), here without training and averaged over the question.
"""

import numpy as np
import numpy.typing as npt

from index.types import Spans, Vectors

_WINDOW = 15
Edge = int | npt.NDArray[np.int64]


def inside(spans: Spans, start: Edge, end: Edge) -> npt.NDArray[np.bool_]:
    """(t,) which tokens overlap the characters [start, end); (n, t) for n of them, each (n, 1)."""
    return (spans[:, 0] < end) & (spans[:, 1] > start)


def nearness(
    question: Vectors, passage: Vectors, weights: npt.NDArray[np.float32] | None = None
) -> npt.NDArray[np.float32]:
    """(t,) how well the question's tokens are matched around each passage token: the mean over
    them, weighted by `weights` (q,) if given, of the best match within 15 tokens on either side."""
    if not len(question) or not len(passage):
        return np.zeros(len(passage), np.float32)
    padded = np.pad(question @ passage.T, ((0, 0), (_WINDOW, _WINDOW)), constant_values=-1.0)
    best = _best_in_windows(padded, 2 * _WINDOW + 1)
    near: npt.NDArray[np.float32] = best.mean(axis=0) if weights is None else weights @ best
    return near


def _best_in_windows(matrix: npt.NDArray[np.float32], width: int) -> npt.NDArray[np.float32]:
    """(n, m) to (n, m - width + 1), the greatest of every `width` values side by side, found from
    windows of half the width."""
    size = 1
    while size < width:
        step = min(size, width - size)
        matrix = np.maximum(matrix[:, :-step], matrix[:, step:])
        size += step
    return matrix
