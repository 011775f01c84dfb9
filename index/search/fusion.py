"""How the legs' scores become one score that is fair to both languages.

The main leg is late interaction, or the dense vectors where there is no second stage. For a passage
d in language L, with C the passages of L that the vectors put on top, m and s the mean and standard
deviation of the main leg within C, and u a usual value of s (a constant of the leg):

    score(d) = (main(d) - m) / s + w * u / s * (share(d) - r_L)

Within a language this orders passages by main(d) + w * u * share(d), whatever the spread of the
candidates. Between languages it compares passages by how far they stand out in their own language,
so that a question finds the other language as easily as its own. `share` is the part of the
question's lexical weight that the passage matches (0 to 1) and r_L the best share in the language:
so a language whose passages cannot hold the question's words is not punished for it. Only the
question's own language can hold all of them; when another one shows more through the bridges (a
name that stands in its passages only), r_L of the own language is that greater share. Decision 0305
has the measurements.

Passages of third languages are compared by the m and s of the others: the best of a few documents
stand out among their like whether or not they say anything of the question.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.search.settings import SearchSettings
from index.stores.base import Rows, Scores

OTHER = "other"  # the pool of all third languages

# The usual spread within the candidates of one language.
LATE_SPREAD = 0.05
DENSE_SPREAD = 0.02
# A language with few candidates borrows the usual spread as if it had this many more.
_BORROWED = 5.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one language and what each leg says of them, all (n,) in one order.

    `core` marks those that the dense leg listed itself: the others would blur its statistics.
    `late` is None when there is no second stage.
    """

    language: str
    rows: Rows
    core: npt.NDArray[np.bool_]
    dense: Scores
    share: Scores
    late: Scores | None


def fuse(pools: list[Candidates], language: str, settings: SearchSettings) -> list[Scores]:
    """(n,) fused scores of every candidate, one array per pool; `language` is the question's."""
    best = {pool.language: float(pool.share.max(initial=0.0)) for pool in pools}
    if language in best:
        best[language] = max(best.values())
    levels = {pool.language: _level(pool) for pool in pools}
    if OTHER in levels and len(levels) > 1:
        known = [level for name, level in levels.items() if name != OTHER]
        levels[OTHER] = (np.mean([m for m, _ in known]), np.mean([s for _, s in known]))
    fused = []
    for pool in pools:
        centre, spread = levels[pool.language]
        words = settings.lexical_weight * _usual(pool) * (pool.share - best[pool.language])
        fused.append(np.asarray((_main(pool) - centre + words) / spread, np.float32))
    return fused


def _main(pool: Candidates) -> Scores:
    return pool.dense if pool.late is None else pool.late


def _usual(pool: Candidates) -> float:
    return DENSE_SPREAD if pool.late is None else LATE_SPREAD


def _level(pool: Candidates) -> tuple[np.floating, np.floating]:
    """Mean and standard deviation of the main leg among what the vectors named."""
    core = _main(pool)[pool.core] if pool.core.any() else _main(pool)
    return spread_of(core, _usual(pool))


def spread_of(scores: Scores, usual: float) -> tuple[np.floating, np.floating]:
    """Mean and standard deviation of (n,) scores, drawn towards the usual one when n is small."""
    if not scores.size:
        return np.float32(0), np.float32(usual)
    squares = float(((scores - scores.mean()) ** 2).sum())
    variance = (squares + _BORROWED * usual**2) / (scores.size + _BORROWED)
    return np.float32(scores.mean()), np.float32(variance**0.5)
