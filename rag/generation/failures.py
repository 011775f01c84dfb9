"""What goes wrong with a language model; each kind is one sentence for the reader.

None of them stops an answer: the extractive one is shown instead, with that sentence.
"""

from typing import Literal

from corpus.errors import ModelError
from rag.generation.phrases import say

Kind = Literal[
    "setup",
    "unreachable",
    "refused",
    "timeout",
    "empty",
    "unreadable",
    "died",
    "unsupported",
    "language",
]


class ModelFailure(ModelError):
    """The language model gave no answer that can be used; `kind` says how."""

    def __init__(self, kind: Kind, **values: object) -> None:
        self.kind: Kind = kind
        self.values = values
        super().__init__(say(f"failed.{kind}", "en", **values))

    def sentence(self, language: str) -> str:
        """For a reader of this language."""
        return say(f"failed.{self.kind}", language, **self.values)


_PASSING = {408, 409, 425, 429, 500, 502, 503, 504}


def is_passing(error: BaseException) -> bool:
    """Whether trying again may help: nobody there yet, too busy, a fault of the server."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return status in _PASSING
    name = type(error).__name__.lower()
    return isinstance(error, OSError) or "connect" in name


def failure_of(error: BaseException, begun: bool, seconds: float) -> ModelFailure:
    """What an error of a provider's package means. `begun`: some of the answer had come."""
    name = type(error).__name__.lower()
    if "timeout" in name or isinstance(error, TimeoutError):
        return ModelFailure("timeout", seconds=f"{seconds:g}")
    if begun:
        return ModelFailure("died")
    if isinstance(error, ValueError) and "No generation chunks" in str(error):
        return ModelFailure("empty")  # LangChain's word for a stream that ended at once
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status not in _PASSING:
        return ModelFailure("refused", why=f"status {status}")
    return ModelFailure("unreachable")
