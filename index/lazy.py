"""An encoder that is opened when something is encoded: what encodes nothing loads nothing."""

from collections.abc import Callable, Sequence
from functools import cached_property

from corpus.errors import IndexError_, ModelError
from index.card import encoder_differences
from index.encoders.base import Encoder, EncoderCard, encode_questions
from index.encoders.joint_reader import JointReader, joint_reader_of
from index.types import Encoded, Spans


class LazyEncoder:
    """Opens its encoder on first use, its card included. Raises what `opener` raises then."""

    def __init__(self, opener: Callable[[], Encoder]) -> None:
        self._opener = opener

    @cached_property
    def _encoder(self) -> Encoder:
        return self._opener()

    @property
    def card(self) -> EncoderCard:
        """The card of the encoder."""
        return self._encoder.card

    def token_spans(self, text: str) -> Spans:
        """See `Encoder`."""
        return self._encoder.token_spans(text)

    def encode_passages(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """See `Encoder`."""
        return self._encoder.encode_passages(texts, tokens=tokens)

    def encode_queries(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """See `Encoder`."""
        return self._encoder.encode_queries(texts, tokens=tokens)

    def encode_questions(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """See `index.encoders.base.encode_questions`."""
        return encode_questions(self._encoder, texts, tokens=tokens)

    def joint_reader(self) -> JointReader | None:
        """See `joint_reader_of`."""
        return joint_reader_of(self._encoder)


def matching(encoder: Encoder | None, card: EncoderCard) -> LazyEncoder:
    """`encoder`, on whose first use its card is held against that of an index.

    Using it raises `IndexError_` when the cards differ, `ModelError` when there is no encoder.
    """

    def opened() -> Encoder:
        if encoder is None:
            raise no_model()
        found = encoder_differences(card, encoder.card)
        if found:
            raise IndexError_(
                f"The index was built with another embedding model: {'; '.join(found)}; set the "
                "embedder back or type `kordon index rebuild`."
            )
        return encoder

    return LazyEncoder(opened)


def no_model() -> ModelError:
    """What a change without an encoder is told when it has to encode."""
    return ModelError("This change has to encode passages; name an embedder and try again.")
