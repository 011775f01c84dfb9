"""An encoder without weights: hashed words and character trigrams. For tests, demos, comparisons.

Deterministic across machines and versions. It knows no meaning: only texts that share words or
parts of words come out alike.
"""

import re
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from index.encoders.base import EncoderCard
from index.types import Encoded, Spans, Vectors

WORD = re.compile(r"\w+|[^\w\s]")
DIMENSION = 128


class HashingEncoder:
    """Sum of signed hash buckets of each token's trigrams (Weinberger et al. 2009), unit length."""

    @property
    def card(self) -> EncoderCard:
        """What the vectors depend on."""
        return EncoderCard("hashing", "1", DIMENSION, 512)

    def token_spans(self, text: str) -> Spans:
        """(t, 2) offsets of words and punctuation marks."""
        spans = [match.span() for match in WORD.finditer(text)]
        return np.array(spans, np.int32).reshape(-1, 2)

    def encode_passages(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Vectors of passages."""
        return self._encode(texts, tokens)

    def encode_queries(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Vectors of questions; the same function as for passages."""
        return self._encode(texts, tokens)

    def _encode(self, texts: Sequence[str], tokens: bool) -> Encoded:
        spans = [self.token_spans(text) for text in texts]
        states = [
            np.array([_bucket_sum(text[start:end]) for start, end in rows], np.float32).reshape(
                -1, DIMENSION
            )
            for text, rows in zip(texts, spans, strict=True)
        ]
        vectors = np.array([_unit(rows.sum(axis=0)) for rows in states], np.float32)
        vectors = vectors.reshape(len(texts), DIMENSION)
        if not tokens:
            return Encoded(vectors)
        return Encoded(vectors, tuple(_unit(rows) for rows in states), tuple(spans))


def _bucket_sum(token: str) -> Vectors:
    """(DIMENSION,) signed counts of a token's features."""
    vector = np.zeros(DIMENSION, np.float32)
    for feature in _features(token.lower()):
        code = zlib.crc32(feature.encode())
        vector[code % DIMENSION] += 1.0 if code & 0x10000 else -1.0
    return vector


def _features(token: str) -> Iterator[str]:
    yield token
    padded = f"^{token}$"
    for start in range(len(padded) - 2):
        yield padded[start : start + 3]


def _unit(rows: Vectors) -> Vectors:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)
