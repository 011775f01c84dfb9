"""Plug-in models that read question and passage together and reorder the best hits.

| setting `search.reranker` | what it is |
|---|---|
| empty | none: the product ships no such model |
| `cross-encoder:FOLDER` | a model for `sentence_transformers.CrossEncoder`, on torch |
| `package.module:Class` | a third party's class, called without arguments |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Protocol

import numpy as np

from corpus.errors import ModelError, UsageError
from index.encoders.registry import takes
from index.search.found import Found
from index.stores.base import Scores
from index.types import LegName

CROSS_ENCODER = "cross-encoder:"


class Reranker(Protocol):
    """Scores passages for a question; calls come from one thread at a time per instance."""

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """(n,) how well each passage answers the question, in their order; higher is better."""
        ...


class CrossEncoderReranker:
    """Any single-score `sentence_transformers.CrossEncoder`."""

    def __init__(self, name: str) -> None:
        """Load the model of a folder (or a hub's name, with a network). Raises `ModelError`."""
        self._model = _load(name)
        if self._model.num_labels != 1:
            raise ModelError(
                f"The cross-encoder {name!r} gives {self._model.num_labels} numbers a pair; "
                "search.reranker needs a model that gives one."
            )

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """(n,) the model's scores; texts beyond its length are cut."""
        pairs = [(question, passage) for passage in passages]
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), np.float32)


@dataclass(frozen=True, slots=True)
class ModelRescorer:
    """A reranker's scores in place of the search's, for the best `depth` hits."""

    model: Reranker
    depth: int
    leg: LegName = "reranker"

    def scores(self, found: Found) -> tuple[Scores, Scores]:
        """(n,) the model's scores, twice: they replace the others."""
        own = self.model.scores(found.query.text, [hit.chunk.text for hit in found.hits])
        return own, own


def open_reranker(name: str) -> Reranker | None:
    """Open a reranker by its setting. Raises `ModelError` and `UsageError`, one sentence each."""
    if not name:
        return None
    if name.startswith(CROSS_ENCODER):
        return CrossEncoderReranker(name.removeprefix(CROSS_ENCODER))
    if ":" not in name:
        raise UsageError(
            f'search.reranker "{name}" is unknown; use "cross-encoder:FOLDER" or "package:Class".'
        )
    try:
        make: Callable[[], Reranker] = resolve_name(name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            f"The reranker {name!r} cannot be imported ({error}); correct search.reranker."
        ) from error
    model = make() if takes(make) else None
    if not hasattr(model, "scores"):
        raise UsageError(
            f"{name!r} is no reranker (index.search.reranking says what one has); correct "
            "search.reranker."
        )
    return model


def _load(name: str) -> Any:
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(str(Path(name).expanduser()), device="cpu")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The cross-encoder {name!r} cannot be loaded without a network; give the folder of a "
            'downloaded model: search.reranker = "cross-encoder:/path/to/model"'
        ) from error
