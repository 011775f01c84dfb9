"""The contract of an encoder, and the table of those we ship."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.types import Encoded, Spans


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What vectors depend on; two encoders with equal cards give equal vectors (to rounding)."""

    name: str
    revision: str
    dimension: int
    max_tokens: int
    query_prefix: str = ""
    passage_prefix: str = ""


class Encoder(Protocol):
    """Texts in, unit vectors out. Safe to call from several threads."""

    @property
    def card(self) -> EncoderCard:
        """What the vectors depend on."""
        ...

    def token_spans(self, text: str) -> Spans:
        """(t, 2) character offsets of the model's tokens in `text`, prefix and specials left out.

        The chunker measures with it; `text` may be longer than the model reads.
        """
        ...

    def encode_passages(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Vectors of passages (the passage prefix is put in front). Order is kept."""
        ...

    def encode_queries(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Vectors of questions (the query prefix is put in front). Order is kept."""
        ...


def encode_questions(encoder: Encoder, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
    """Vectors of questions that look for their answer, by layers fitted to that where the encoder
    has such (a method of this name); else `encode_queries`."""
    fitted = getattr(encoder, "encode_questions", None) or encoder.encode_queries
    found: Encoded = fitted(texts, tokens=tokens)
    return found
