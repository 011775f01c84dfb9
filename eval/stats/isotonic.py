"""Isotonic regression by pooling adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002)."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def isotonic(scores: Floats, right: Floats) -> tuple[Floats, Floats]:
    """The non-decreasing map from score to probability with the least squared error.

    Returns knots (x, y) with x strictly rising; between knots `np.interp` joins them by lines.
    """
    values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, weights=right) / counts
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many values
    for mean, count in zip(means, counts, strict=True):
        block = (float(mean), float(count), 1)
        while blocks and blocks[-1][0] >= block[0]:
            last = blocks.pop()
            weight = last[1] + block[1]
            block = ((last[0] * last[1] + block[0] * block[1]) / weight, weight, last[2] + block[2])
        blocks.append(block)
    fitted = np.repeat([mean for mean, _, _ in blocks], [size for _, _, size in blocks])
    return values.astype(float), fitted
