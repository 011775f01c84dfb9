"""Two texts in the encoder's space, their tokens centred by language."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from index.encoders.base import Encoder
from index.stores import token_codec as codec
from index.stores.token_means import means_like
from index.types import Vectors
from rag.generation.checks.elements import Text

_SAMPLE = (
    "The committee approved the report on the movement of cash and goods across the border, and "
    "the customs service published the figures of the year on its site."
)


class Vectorizer:
    """Safe to call from several threads, as the encoder is."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    @cached_property
    def _means(self) -> Mapping[str, Vectors]:
        """The mean token vectors of the encoder's languages; none for an unknown encoder."""
        tokens = self.encoder.encode_passages([_SAMPLE], tokens=True).tokens[0]
        return means_like(tokens) or {}

    def pair(
        self, sentence: str, language: str, quote: str, quote_language: str
    ) -> tuple[tuple[Text, Text], float]:
        """Both texts with their token vectors, and the cosine of the whole texts."""
        encoded = self.encoder.encode_passages([sentence, quote], tokens=True)
        texts = []
        for at, (text, own) in enumerate(((sentence, language), (quote, quote_language))):
            tokens = encoded.tokens[at]
            mean = codec.mean_for(own, self._means) if self._means else np.zeros_like(tokens[0])
            texts.append(Text(text, codec.turned(tokens, mean), encoded.spans[at]))
        return (texts[0], texts[1]), float(encoded.vectors[0] @ encoded.vectors[1])
