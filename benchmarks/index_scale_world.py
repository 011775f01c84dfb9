"""Generated texts and vectors for `index_scale.py`."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.store import IndexStore
from index.types import Vectors

DIMENSION = 384
CENTRES = 2_000
_SOUNDS = "ba be bi bo da de di do ga ge gi go ка ке ки ко ла ле ли ло ма ме ми мо"
SYLLABLES = _SOUNDS.split()


class World:
    """Generated texts and vectors, the same for the same seed.

    `real` (n, 384) are the vectors of real passages that generated ones lie around.
    """

    def __init__(self, seed: int, real: Vectors | None = None) -> None:
        self.random = np.random.default_rng(seed)
        drawn = self.random.choice(SYLLABLES, (20_000, 4))
        self.words = np.array(["".join(parts) for parts in drawn])
        share = 1 / np.arange(1, len(self.words) + 1)
        self.share = share / share.sum()
        common = self.random.normal(size=DIMENSION)
        self.common = 2.0 * common / np.linalg.norm(common)
        centres = self.random.normal(size=(CENTRES, DIMENSION))
        self.centres = self.common + centres / np.linalg.norm(centres, axis=1, keepdims=True)
        self.spread, self.kind = 0.7, "random centres"
        if real is not None:
            self.centres, self.spread, self.kind = real, 0.35, "real passages"

    def sentences(self, count: int) -> list[str]:
        """Thirty words each, frequent ones more often (Zipf)."""
        picked = self.random.choice(self.words, (count, 30), p=self.share)
        return [" ".join(words) + "." for words in picked.tolist()]

    def vectors(self, count: int) -> Vectors:
        """(n, 384) unit vectors."""
        noise = self.random.normal(size=(count, DIMENSION)) * (self.spread / DIMENSION**0.5)
        drawn = self.centres[self.random.integers(0, len(self.centres), count)] + noise
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def real_vectors(homes: Sequence[Path]) -> Vectors:
    """The vectors of indexes made with the product's model."""
    found = []
    for home in homes:
        with IndexStore(home).open() as reader:
            found.append(np.array(reader.dense.vectors(reader.dense.rows())))
    return np.concatenate(found)
