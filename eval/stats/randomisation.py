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
    own = differences[differences != 0]
    if not len(own):
        return 1.0
    seen = abs(own.sum()) - CLOSE * np.abs(own).sum()
    if len(own) <= EXACT_UP_TO:
        patterns = np.arange(1 << len(own))[:, None] >> np.arange(len(own)) & 1
        sums = np.abs((1 - 2 * patterns) @ own)
        return float((sums >= seen).mean())
    generator = np.random.default_rng(seed)
    reached, left = 0, rounds
    while left:
        size = min(left, max(BLOCK // len(own), 1))
        signs = 1.0 - 2.0 * generator.integers(0, 2, (size, len(own)), dtype=np.int8)
        reached += int((np.abs(signs @ own) >= seen).sum())
        left -= size
    return (reached + 1) / (rounds + 1)
