"""What each leg says of a passage, with its place in that leg's own list."""

import numpy as np
import numpy.typing as npt

from index.search.fusion import Candidates
from index.stores.base import Scores
from index.types import Evidence


class Scored:
    """The legs' scores and ranks over all candidates, in the order of the pools."""

    def __init__(self, pools: list[Candidates]) -> None:
        """`pools` are not empty."""
        self.dense = np.concatenate([pool.dense for pool in pools])
        self.share = np.concatenate([pool.share for pool in pools])
        late = [pool.late for pool in pools if pool.late is not None]
        self.late = np.concatenate(late) if len(late) == len(pools) else None
        self._ranks = {
            "dense": _ranks(self.dense),
            "lexical": _ranks(self.share),
            "late": _ranks(self.late) if self.late is not None else None,
        }

    def evidence(self, place: int, terms: tuple[str, ...]) -> tuple[Evidence, ...]:
        """The evidence for the candidate at `place`; `terms` are the words it shares."""
        dense = Evidence("dense", float(self.dense[place]), self._rank("dense", place))
        found = [dense]
        if self.share[place] > 0:
            score = float(self.share[place])
            found.append(Evidence("lexical", score, self._rank("lexical", place), terms))
        if self.late is not None:
            found.append(Evidence("late", float(self.late[place]), self._rank("late", place)))
        return tuple(found)

    def _rank(self, leg: str, place: int) -> int:
        ranks = self._ranks[leg]
        return int(ranks[place]) if ranks is not None else 0


def _ranks(scores: Scores) -> npt.NDArray[np.int64]:
    """(n,) places from 1; equal scores keep their order."""
    ranks = np.empty(scores.size, np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, scores.size + 1)
    return ranks
