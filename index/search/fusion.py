"""How the legs' scores become one score that is fair to both languages.

For a passage d in language L, with C the passages of L that the vectors put on top:

    score(d) = w_dense * z_C(dense(d)) + w_late * z_C(late(d)) + w_lex * (share(d) - max_L share)

The z-scores of the dense and late legs are taken within C, so that a question finds passages of
the other language as easily as of its own. `share` is the part of the question's lexical weight
that the passage matches (0 to 1). Taking off the best share of the language keeps within each
language the order that words support, and says nothing between languages: a language whose passages
cannot hold the question's words is not punished for it. Decision 0305 has the measurements.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.search.settings import SearchSettings
from index.stores.base import Rows, Scores

# A language with few candidates borrows the others' spread as if it had this many more.
_BORROWED = 5.0
_LEAST_SPREAD = 1e-4


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


def fuse(pools: list[Candidates], settings: SearchSettings) -> list[Scores]:
    """The fused score of every candidate, one array per pool."""
    dense = standardise([pool.dense for pool in pools], [pool.core for pool in pools])
    fused = [settings.dense_weight * scores for scores in dense]
    if pools and all(pool.late is not None for pool in pools):
        late = standardise(
            [pool.late for pool in pools if pool.late is not None], [pool.core for pool in pools]
        )
        fused = [a + settings.late_weight * b for a, b in zip(fused, late, strict=True)]
    return [
        scores + settings.lexical_weight * shortfall(pool.share)
        for scores, pool in zip(fused, pools, strict=True)
    ]


def standardise(scores: list[Scores], core: list[npt.NDArray[np.bool_]]) -> list[Scores]:
    """Z-scores of each language's scores against its own core candidates."""
    inside = [own[mask] if mask.any() else own for own, mask in zip(scores, core, strict=True)]
    deviations = [float(((own - own.mean()) ** 2).sum()) if own.size else 0.0 for own in inside]
    total = sum(own.size for own in inside)
    common = sum(deviations) / total if total else 0.0
    found = []
    for own, stats, squares in zip(scores, inside, deviations, strict=True):
        variance = (squares + _BORROWED * common) / (stats.size + _BORROWED)
        spread = max(variance**0.5, _LEAST_SPREAD)
        centre = float(stats.mean()) if stats.size else 0.0
        found.append(((own - centre) / spread).astype(np.float32))
    return found


def shortfall(share: Scores) -> Scores:
    """(n,) shares of one language -> how far each stays behind the best of them (at most 0)."""
    return share - share.max() if share.size else share
