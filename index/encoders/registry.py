"""Names of encoders, and how each is opened.

| setting | what it is |
|---|---|
| `default` | multilingual-e5-small prepared by `kordon setup`, on onnxruntime |
| `hashing` | hashed words, no weights |
| `sentence-transformers:NAME_OR_FOLDER` | any sentence-transformers model, on torch |
| `package.module:Class` | a third party's class; called with the models folder |
"""

import inspect
from pathlib import Path
from pkgutil import resolve_name

from corpus.errors import KordonError, ModelError, UsageError
from index.encoders.base import Encoder

OPENERS = {
    "default": "index.encoders.registry:open_default",
    "hashing": "index.encoders.registry:open_hashing",
}
SENTENCE_TRANSFORMERS = "sentence-transformers:"
_NEEDED = ("card", "token_spans", "encode_passages", "encode_queries")


def open_encoder(name: str, models: Path) -> Encoder:
    """Open an encoder by its setting; `models` is `$KORDON_HOME/models`.

    Raises ModelError when it is damaged or cannot be loaded offline, UsageError for a name that is
    unknown or of something else.
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
        raise UsageError(
            f"The encoder {name!r} cannot be imported ({error}); correct the setting embedder."
        ) from error
    if not takes(opener, models):
        raise _no_encoder(name)
    encoder: Encoder = opener(models)
    if not all(hasattr(encoder, needed) for needed in _NEEDED):
        raise _no_encoder(name)
    return encoder


def takes(called: object, *arguments: object) -> bool:
    """Whether something can be called with these arguments, found out without calling it."""
    if not callable(called):
        return False
    try:
        inspect.signature(called).bind(*arguments)
    except TypeError:
        return False
    except ValueError:
        return True  # some classes written in C do not tell
    return True


def _no_encoder(name: str) -> UsageError:
    return UsageError(
        f"{name!r} is no encoder (index.encoders.base says what one has); correct the setting "
        "embedder."
    )


def open_default(models: Path) -> Encoder:
    """The prepared model on onnxruntime. Raises `ModelError` when it is missing or damaged."""
    from index.encoders.onnx_encoder import OnnxEncoder
    from index.models.setup import NAME, read_card

    try:
        return OnnxEncoder(models / NAME, read_card(models))
    except (KordonError, MemoryError, PermissionError):
        raise
    except Exception as error:  # tokenizers raises nothing more special
        raise ModelError("The embedding model is damaged; type: kordon setup") from error


def open_hashing(models: Path) -> Encoder:
    """The encoder without weights."""
    from index.encoders.hashing import HashingEncoder

    return HashingEncoder()
