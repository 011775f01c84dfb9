"""Several comparisons at once, and the smallest difference that a set can show."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NO_SPREAD = 1e-12  # what rounding leaves of equal differences


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's (1979) adjusted p-values, in the order given.

    The i-th smallest of m is multiplied by m - i + 1, made monotone, and capped at 1.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [1.0] * len(p_values)
    largest = 0.0
    for step, place in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - step) * p_values[place]))
        adjusted[place] = largest
    return adjusted


def smallest_difference(
    differences: Floats, *, alpha: float = 0.05, power: float = 0.8
) -> float | None:
    """The true mean difference that a paired test would find with this power (two-sided).

    (z[1 - alpha/2] + z[power]) * sd / sqrt(n), with the sd of the differences seen. None where that
    says nothing: all differences are equal, or so few that no p of a sign-flip test, at least
    2 / 2^n, falls below alpha.
    """
    if 2.0 ** (1 - len(differences)) >= alpha:
        return None
    spread = float(np.std(differences, ddof=1))
    if spread <= NO_SPREAD:
        return None
    normal = NormalDist()
    factor = normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(power)
    return float(factor * spread / np.sqrt(len(differences)))
