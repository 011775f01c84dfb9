"""Bootstrap intervals (Efron 1987): BCa for means, percentile for other statistics."""

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
NORMAL = NormalDist()
BLOCK = 1 << 22


def mean_interval(
    values: Floats, *, level: float = 0.95, rounds: int = 10_000, seed: int = 0
) -> tuple[float, float]:
    """BCa interval of the mean of (n,) values; for paired runs, of their differences.

    One value, or equal values, give a point: nothing can be said about its spread.
    """
    if len(values) < 2 or np.ptp(values) == 0:
        mean = float(values.mean()) if len(values) else 0.0
        return mean, mean
    means = np.sort(_means(values, rounds, seed))
    below = (means < values.mean()).mean() + (means == values.mean()).mean() / 2
    bias = NORMAL.inv_cdf(float(np.clip(below, 0.5 / rounds, 1 - 0.5 / rounds)))
    jackknife = (values.sum() - values) / (len(values) - 1)
    off = jackknife.mean() - jackknife
    spread = float((off**2).sum()) ** 1.5
    acceleration = float((off**3).sum()) / (6 * spread) if spread else 0.0
    low, high = (
        NORMAL.cdf(bias + (bias + z) / (1 - acceleration * (bias + z)))
        for z in (NORMAL.inv_cdf((1 - level) / 2), NORMAL.inv_cdf((1 + level) / 2))
    )
    return float(np.quantile(means, low)), float(np.quantile(means, high))


def _means(values: Floats, rounds: int, seed: int) -> Floats:
    generator = np.random.default_rng(seed)
    means = np.empty(rounds)
    step = max(BLOCK // len(values), 1)
    for start in range(0, rounds, step):
        size = min(step, rounds - start)
        places = generator.integers(0, len(values), (size, len(values)))
        means[start : start + size] = values[places].mean(axis=1)
    return means


def statistic_interval(
    statistic: Callable[[Places], float],
    count: int,
    *,
    level: float = 0.95,
    rounds: int = 1_000,
    seed: int = 0,
) -> tuple[float, float]:
    """Percentile interval of a statistic of `count` questions, given the places drawn.

    For what is no mean over questions (AURC, ECE); both runs of a pair get the same places.
    """
    if not count:
        return 0.0, 0.0
    generator = np.random.default_rng(seed)
    drawn = [statistic(generator.integers(0, count, count)) for _ in range(rounds)]
    return (
        float(np.quantile(drawn, (1 - level) / 2)),
        float(np.quantile(drawn, (1 + level) / 2)),
    )
