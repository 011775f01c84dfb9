"""The paired randomisation (sign-flip) test (Fisher 1935; Smucker, Allan and Carterette 2007).

Under the null hypothesis the two systems are exchangeable on every question, so every difference
is as likely with the other sign. p is the share of sign patterns whose |mean| reaches the one seen.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EXACT_UP_TO = 14  # 2**14 sign patterns, all of them
BLOCK = 1 << 22  # sign cells drawn at once, 32 MiB
CLOSE = 1e-12  # sums that differ by rounding only count as equal


def paired_randomisation(differences: Floats, *, rounds: int = 20_000, seed: int = 0) -> float:
    """Two-sided p of a zero mean of (n,) paired differences.

    Exact for up to 14 differences other than zero (those never change the sum); else Monte Carlo
    with p = (reached + 1) / (rounds + 1) (Davison and Hinkley 1997). 1.0 without a difference.
    """
    return paired_randomisations(differences[:, None], rounds=rounds, seed=seed)[0]


def paired_randomisations(
    differences: Floats, *, rounds: int = 20_000, seed: int = 0
) -> list[float]:
    """`paired_randomisation` of every column of (n, m) differences, with the same signs for all.

    Put 0.0 where a question has no value in a column: a zero takes no part.
    """
    found = [_exact(column[column != 0]) for column in differences.T]
    open_ = [place for place, p in enumerate(found) if p is None]
    if open_:
        drawn = _drawn(differences[:, open_], rounds, seed)
        for place, p in zip(open_, drawn, strict=True):
            found[place] = p
    return [p for p in found if p is not None]


def _exact(own: Floats) -> float | None:
    """p over all sign patterns, or None when there are too many of them."""
    if not len(own):
        return 1.0
    if len(own) > EXACT_UP_TO:
        return None
    patterns = np.arange(1 << len(own))[:, None] >> np.arange(len(own)) & 1
    sums = np.abs((1 - 2 * patterns) @ own)
    return float((sums >= _seen(own[:, None])[0]).mean())


def _drawn(differences: Floats, rounds: int, seed: int) -> list[float]:
    generator = np.random.default_rng(seed)
    seen = _seen(differences)
    reached = np.zeros(len(seen), np.int64)
    left = rounds
    while left:
        size = min(left, max(BLOCK // len(differences), 1))
        signs = 1.0 - 2.0 * generator.integers(0, 2, (size, len(differences)), dtype=np.int8)
        reached += (np.abs(signs @ differences) >= seen).sum(axis=0)
        left -= size
    return [(int(count) + 1) / (rounds + 1) for count in reached]


def _seen(differences: Floats) -> Floats:
    """What |sum| has to reach, per column."""
    seen: Floats = np.abs(differences.sum(axis=0)) - CLOSE * np.abs(differences).sum(axis=0)
    return seen
