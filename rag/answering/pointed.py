"""Where in a quote a reader sees the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.types import Spans

_NEVER = -30.0


@dataclass(frozen=True, slots=True)
class Pointed:
    """The log-odds (t,) of the tokens of a quote to be of the answer, and their characters (t, 2)
    in the text of the passage with this number."""

    passage: int
    odds: npt.NDArray[np.float32]
    spans: Spans

    def whole(self) -> float:
        """The log-odds that the answer is in the quote."""
        return float(np.logaddexp.reduce(self.odds, initial=_NEVER))

    def at(self, start: int, end: int) -> float | None:
        """The greatest log-odds at characters [start, end) of the passage; None where nothing was
        read."""
        inside = (self.spans[:, 0] < end) & (self.spans[:, 1] > start)
        return float(self.odds[inside].max()) if inside.any() else None


def reading_of(pointed: Sequence[Pointed], passage: int, start: int, end: int) -> Pointed | None:
    """The first reading of a passage that saw characters [start, end) of it."""
    return next(
        (one for one in pointed if one.passage == passage and one.at(start, end) is not None), None
    )
