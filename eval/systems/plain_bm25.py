"""BM25 over plain lower-case words, no stemming: what the published BM25 figures of Russian are.

The same weights as our lexical leg (Lucene's BM25, k1 1.2, b 0.75), so that the two differ by the
analysis alone. Made in memory from the texts of the index.
"""

import re
from collections import Counter

import numpy as np

from eval.settings import RunSettings
from eval.systems.base import Indexed
from eval.systems.legs import LexicalSystem
from eval.types import Question
from index.stores.base import Rows, Scores

K1, B = 1.2, 0.75
_WORD = re.compile(r"\w+")
_BATCH = 1_000


class PlainBm25System(LexicalSystem):
    """Ranks as `LexicalSystem` does, by words as they are written."""

    def __init__(self, indexed: Indexed, settings: RunSettings) -> None:
        super().__init__(indexed, settings)
        self._rows: Rows = indexed.reader.columns.rows
        self._weights = _weights(self._texts())

    def lexical(self, question: Question, k: int) -> tuple[Rows, Scores]:
        """Rows that share a word with the question, best first."""
        scores = np.zeros(len(self._rows), np.float32)
        for word in words(question.text):
            if word in self._weights:
                places, weights = self._weights[word]
                scores[places] += weights
        allowed = self._allowed(question)
        kept = scores > 0
        if allowed is not None:
            kept &= np.isin(self._rows, allowed, assume_unique=True)
        found = np.flatnonzero(kept)
        best = found[np.argsort(-scores[found], kind="stable")[:k]]
        return self._rows[best], scores[best]

    def _texts(self) -> list[str]:
        reader, rows = self._indexed.reader, self._rows
        return [
            chunk.text
            for at in range(0, len(rows), _BATCH)
            for chunk in reader.chunks(rows[at : at + _BATCH])
        ]


def words(text: str) -> list[str]:
    """Lower-case words and numbers, in reading order."""
    return _WORD.findall(text.lower())


def _weights(texts: list[str]) -> dict[str, tuple[Rows, Scores]]:
    """Per word the places of the texts that hold it, and what it adds to their scores."""
    counts = [Counter(words(text)) for text in texts]
    lengths = np.array([count.total() for count in counts], np.float32)
    norms = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1e-9)) if texts else lengths
    postings: dict[str, list[tuple[int, int]]] = {}
    for place, count in enumerate(counts):
        for word, times in count.items():
            postings.setdefault(word, []).append((place, times))
    found = {}
    for word, pairs in postings.items():
        places, times = np.array(pairs, np.int64).T
        rarity = np.log(1 + (len(texts) - len(pairs) + 0.5) / (len(pairs) + 0.5))
        found[word] = places, (rarity * times / (times + norms[places])).astype(np.float32)
    return found
