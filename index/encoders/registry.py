"""Names of encoders, and how each is opened.

| setting | what it is |
|---|---|
| `default` | multilingual-e5-small prepared by `kordon setup`, on onnxruntime |
| `hashing` | hashed words, no weights |
| `sentence-transformers:NAME_OR_FOLDER` | any sentence-transformers model, on torch |
| `package.module:Class` | a third party's class; called with the models folder |
"""

from pathlib import Path
from pkgutil import resolve_name

from corpus.errors import UsageError
from index.encoders.base import Encoder

OPENERS = {
    "default": "index.encoders.registry:open_default",
    "hashing": "index.encoders.registry:open_hashing",
}
SENTENCE_TRANSFORMERS = "sentence-transformers:"


def open_encoder(name: str, models: Path) -> Encoder:
    """Open an encoder by its setting; `models` is `$KORDON_HOME/models`.

    Raises ModelError when it cannot be loaded offline, UsageError for an unknown name.
    """
    if name.startswith(SENTENCE_TRANSFORMERS):
        from index.encoders.sentence_transformers_encoder import SentenceTransformersEncoder

        return SentenceTransformersEncoder(name.removeprefix(SENTENCE_TRANSFORMERS))
    target = OPENERS.get(name, name)
    if ":" not in target:
        known = ", ".join([*OPENERS, SENTENCE_TRANSFORMERS + "NAME"])
        raise UsageError(f"The encoder {name!r} is unknown; use one of: {known}.")
    try:
        opener = resolve_name(target)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"The encoder {name!r} cannot be imported ({error}).") from error
    encoder: Encoder = opener(models)
    return encoder


def open_default(models: Path) -> Encoder:
    """The prepared model on onnxruntime."""
    from index.encoders.onnx_encoder import OnnxEncoder
    from index.models.setup import NAME, read_card

    return OnnxEncoder(models / NAME, read_card(models))


def open_hashing(models: Path) -> Encoder:
    """The encoder without weights."""
    from index.encoders.hashing import HashingEncoder

    return HashingEncoder()
