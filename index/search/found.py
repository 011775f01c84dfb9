"""What a search found, and what scores it anew before it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from index.search.question import Query
from index.search.subjects import Spread
from index.stores.base import Rows, Scores
from index.types import Encoded, Evidence, Hit, LegName


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of one search: `rows[i]` is the row of `hits[i]` in the reader's parts.

    `spread` tells how much of each document speaks of the question's names.
    """

    query: Query
    encoded: Encoded
    hits: tuple[Hit, ...]
    rows: Rows
    spread: Spread = field(default_factory=dict)

    def first(self, count: int) -> Found:
        """The best `count` hits alone."""
        return replace(self, hits=self.hits[:count], rows=self.rows[:count])


class Rescorer(Protocol):
    """Scores the best hits of a search anew."""

    @property
    def leg(self) -> LegName:
        """What it is called in the evidence."""
        ...

    @property
    def depth(self) -> int:
        """How many hits it scores."""
        ...

    def scores(self, found: Found) -> tuple[Scores, Scores]:
        """(n,) the new scores of the hits, and (n,) what the leg itself says of each; both higher
        is better."""
        ...


def rescored(found: Found, rescorer: Rescorer) -> Found:
    """`found` with its best hits in the order of their new scores.

    Hits that were not scored stay behind, as far from the last as they were from the one before
    them: their scores say nothing beside the new ones.
    """
    head = found.first(rescorer.depth)
    count = len(head.hits)
    if not count:
        return found
    scores, own = rescorer.scores(head)
    order = np.lexsort((head.rows, -scores))
    place = np.empty(count, np.int64)
    place[np.lexsort((head.rows, -own))] = np.arange(1, count + 1)
    hits = []
    for at in order.tolist():
        said = Evidence(rescorer.leg, float(own[at]), int(place[at]))
        evidence = (*found.hits[at].evidence, said)
        hits.append(replace(found.hits[at], score=float(scores[at]), evidence=evidence))
    lower = float(scores.min()) - found.hits[count - 1].score
    hits += [replace(hit, score=hit.score + lower) for hit in found.hits[count:]]
    return replace(
        found,
        hits=tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1)),
        rows=np.concatenate([found.rows[order], found.rows[count:]]),
    )
