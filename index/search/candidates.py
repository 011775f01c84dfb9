"""Which passages go to the second stage, language by language, and what each leg says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.search.fusion import OTHER, Candidates
from index.search.late import LateLeg
from index.search.lexical import LexicalLeg
from index.stores.base import Rows
from index.types import Vectors

if TYPE_CHECKING:
    from index.reader import Reader

# What questions are asked in. Third languages share one list, and a shorter one beside these.
LANGUAGES = ("en", "ru")
_SHARE_OF_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Groups:
    """The rows of each language of the questions, and of all other languages together."""

    rows: dict[str, Rows]

    @classmethod
    def of(cls, reader: Reader) -> Groups:
        """The groups of an index; languages without passages are left out."""
        rows = reader.dense.rows()
        languages = reader.languages[rows]
        groups = {name: rows[languages == name] for name in LANGUAGES}
        groups[OTHER] = rows[~np.isin(languages, LANGUAGES)]
        return cls({name: own for name, own in groups.items() if own.size})

    def within(self, allowed: Rows | None) -> dict[str, Rows]:
        """What a filter leaves of each group (all if None)."""
        if allowed is None:
            return self.rows
        kept = {
            name: np.intersect1d(own, allowed, assume_unique=True)
            for name, own in self.rows.items()
        }
        return {name: own for name, own in kept.items() if own.size}

    @property
    def total(self) -> int:
        """The number of passages."""
        return sum(own.size for own in self.rows.values())


@dataclass(frozen=True, slots=True)
class Legs:
    """One question's legs: its vector (d,), its words (None when off), its tokens (None when off).

    `limit` is the most candidates that a leg names in one language, `core` how many of those that
    the vectors name tell what is usual there: scores must not depend on how many hits are wanted.
    """

    reader: Reader
    vector: Vectors
    words: LexicalLeg | None
    late: LateLeg | None
    limit: int
    core: int

    def candidates(self, groups: Groups, allowed: Rows | None) -> list[Candidates]:
        """The candidates of every language that the filter leaves, scored by all legs."""
        inside = groups.within(allowed)
        if not inside:
            return []
        shorter = max(1, self.limit // _SHARE_OF_OTHERS)
        named = {}
        for name, own in inside.items():
            limit = shorter if name == OTHER and len(inside) > 1 else self.limit
            named[name] = self._named(name, own, limit, filtered=allowed is not None)
        rows = np.concatenate([both[0] for both in named.values()])
        dense = self.reader.dense.scores(self.vector, rows)
        share = np.zeros(rows.size, np.float32) if self.words is None else self.words.shares(rows)
        late = None if self.late is None else self.late.scores(rows)
        pools, start = [], 0
        for name, (own, core) in named.items():
            here = slice(start, start := start + own.size)
            tokens = None if late is None else late[here]
            pools.append(Candidates(name, own, core, dense[here], share[here], tokens))
        return pools

    def _named(
        self, language: str, allowed: Rows, limit: int, *, filtered: bool
    ) -> tuple[Rows, npt.NDArray[np.bool_]]:
        """The rows that some leg names, and which of them the vectors named (both (n,))."""
        core = self.reader.dense.search(self.vector, limit, allowed)[0]
        if self.words is None:
            return core, np.arange(core.size) < self.core
        if language == OTHER:
            extra = self.words.best(limit, allowed, None)
        else:
            extra = self.words.best(limit, allowed if filtered else None, language)
        extra = np.setdiff1d(extra, core)
        return np.concatenate([core, extra]), np.arange(core.size + extra.size) < min(
            core.size, self.core
        )
