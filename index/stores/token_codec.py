"""Token vectors in one bit per dimension, and questions in the same space.

A token vector has the mean of its language taken off (without that, all of them point one way and
words of two languages lie apart), is turned by a fixed rotation that spreads what it says evenly
over all dimensions, and keeps the signs only. A question keeps its numbers: the inner product of
numbers with signs estimates the cosine without bias (RaBitQ, Gao & Long 2024). Nothing is learned,
so it serves any encoder. Decision 0303 compares it with other codes of the same size.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.types import Spans, Vectors

Codes = npt.NDArray[np.uint8]  # (t, ceil(d / 8)), one bit per dimension

# The mean absolute value of a standard normal: what a sign keeps of a coordinate.
_KEPT = float(np.sqrt(2 / np.pi))
# A token takes 51 bytes with its place: 160 of them keep a passage of 180 under 8 KB. Shorter
# passages keep all their tokens, longer ones 8 of 9.
UNJOINED = 160
KEPT_TOKENS = 8 / 9
_BLOCK = 512  # codes unpacked at once


def padded(dimension: int) -> int:
    """The dimension rounded up to whole bytes."""
    return -(-dimension // 8) * 8


@lru_cache(maxsize=4)
def rotation(dimension: int) -> npt.NDArray[np.float32]:
    """(d, d) orthogonal: two rounds of fixed random signs and a Hadamard-cosine transform.

    It is computed the same on every machine; a rotation from a random matrix would not be.
    """
    power = dimension & -dimension
    mix = np.kron(_cosine(dimension // power), _hadamard(power))
    blocks = -(-2 * dimension // 256)
    noise = b"".join(hashlib.sha256(bytes([block])).digest() for block in range(blocks))
    signs = np.unpackbits(np.frombuffer(noise, np.uint8))[: 2 * dimension].astype(float) * 2 - 1
    turned = (mix * signs[:dimension]) @ (mix * signs[dimension:])
    return turned.astype(np.float32)


def _hadamard(size: int) -> npt.NDArray[np.float64]:
    matrix = np.ones((1, 1))
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix / np.sqrt(size)


def _cosine(size: int) -> npt.NDArray[np.float64]:
    """The orthonormal discrete cosine transform, type II."""
    row, column = np.arange(size)[:, None], np.arange(size)[None]
    matrix = np.sqrt(2 / size) * np.cos(np.pi * (2 * column + 1) * row / (2 * size))
    matrix[0] /= np.sqrt(2)
    return matrix


def turned(tokens: Vectors, mean: Vectors) -> Vectors:
    """(t, d) token vectors centred, of unit length and rotated: (t, padded d)."""
    centred = tokens - mean
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    unit = centred / np.maximum(lengths, 1e-6)
    width = padded(tokens.shape[1])
    if width != tokens.shape[1]:
        unit = np.pad(unit, ((0, 0), (0, width - tokens.shape[1])))
    return np.asarray(unit @ rotation(width), np.float32)


def encode(tokens: Vectors, spans: Spans, mean: Vectors) -> tuple[Codes, Spans]:
    """(t, d) token vectors and offsets -> as many or fewer codes, with their offsets."""
    if not len(tokens):
        width = padded(tokens.shape[1] if tokens.ndim == 2 else 0)
        return np.zeros((0, width // 8), np.uint8), spans[:0]
    vectors, kept = pool(turned(tokens, mean), spans)
    return np.packbits(vectors >= 0, axis=1), kept


def decode(codes: Codes) -> Vectors:
    """(t, b) codes -> (t, 8 b) vectors whose product with a turned question token is its cosine."""
    bits = np.unpackbits(codes, axis=1).astype(np.float32)
    return (bits * 2 - 1) * scale(bits.shape[1])


def cosines(codes: Codes, question: Vectors) -> npt.NDArray[np.float32]:
    """(t, b) codes and (q, 8 b) turned question tokens -> (t, q) cosines.

    Block by block, so that what is unpacked stays in the processor's cache. A sign is 2 bit - 1:
    the product with the signs is twice that with the bits, less the sum of the question's numbers.
    """
    scaled = question * scale(question.shape[1])
    doubled, sums = np.ascontiguousarray(2 * scaled.T), scaled.sum(axis=1)
    found = np.empty((len(codes), len(question)), np.float32)
    for start in range(0, len(codes), _BLOCK):
        block = slice(start, start + _BLOCK)
        np.matmul(np.unpackbits(codes[block], axis=1).astype(np.float32), doubled, out=found[block])
    found -= sums
    return found


def scale(width: int) -> np.float32:
    """What makes the product of signs with a turned question token its cosine."""
    return np.float32(1 / (_KEPT * np.sqrt(max(width, 1))))


def pool(vectors: Vectors, spans: Spans) -> tuple[Vectors, Spans]:
    """In a long passage, neighbouring tokens that say most nearly the same become one."""
    surplus = len(vectors) - max(UNJOINED, int(len(vectors) * KEPT_TOKENS))
    if surplus <= 0:
        return vectors, spans
    likeness = (vectors[:-1] * vectors[1:]).sum(axis=1)
    joined = np.zeros(len(vectors), bool)  # joined to the token before it
    taken = np.zeros(len(vectors), bool)
    for left in np.argsort(-likeness, kind="stable").tolist():
        if surplus and not (taken[left] or taken[left + 1]):
            taken[left : left + 2] = True
            joined[left + 1] = True
            surplus -= 1
    starts = np.flatnonzero(~joined)
    ends = np.append(starts[1:], len(vectors)) - 1
    summed = np.add.reduceat(vectors, starts, axis=0)
    return summed, np.stack([spans[starts, 0], spans[ends, 1]], axis=1)


def mean_for(language: str, means: Mapping[str, Vectors]) -> Vectors:
    """The mean of a language, or that of all languages ("*", or their average) if it has none."""
    known = means.get(language, means.get("*"))
    return known if known is not None else np.mean(list(means.values()), axis=0)
