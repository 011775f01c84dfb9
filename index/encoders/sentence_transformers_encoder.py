"""Any sentence-transformers model, by hub name or folder; the only module that imports torch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError
from index.encoders.base import EncoderCard
from index.types import Encoded, Spans

# Prefixes of models whose own configuration does not name them (from their model cards).
PREFIXES = {"e5": ("query: ", "passage: ")}


class SentenceTransformersEncoder:
    """Vectors and last-layer token vectors of a `SentenceTransformer`."""

    def __init__(self, name: str) -> None:
        self._model = _load(name)
        query, passage = _prefixes(name, self._model.prompts)
        self._card = EncoderCard(
            name=f"sentence-transformers:{name}",
            revision=_revision(self._model),
            dimension=int(self._model.get_embedding_dimension()),
            max_tokens=int(self._model.max_seq_length or 512),
            query_prefix=query,
            passage_prefix=passage,
        )

    @property
    def card(self) -> EncoderCard:
        """What the vectors depend on."""
        return self._card

    def token_spans(self, text: str) -> Spans:
        """(t, 2) offsets of the model's tokens in the whole text."""
        encoding = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False
        )
        return np.array(encoding["offset_mapping"], np.int32).reshape(-1, 2)

    def encode_passages(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Vectors of passages, in their order."""
        return self._encode(texts, self._card.passage_prefix, tokens)

    def encode_queries(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Vectors of questions, in their order."""
        return self._encode(texts, self._card.query_prefix, tokens)

    def _encode(self, texts: Sequence[str], prefix: str, tokens: bool) -> Encoded:
        prefixed = [prefix + text for text in texts]
        options = {"prompt": "", "show_progress_bar": False}
        if not tokens:
            vectors = self._model.encode(prefixed, normalize_embeddings=True, **options)
            return Encoded(np.asarray(vectors, np.float32).reshape(len(texts), -1))
        rows = self._model.encode(prefixed, output_value=None, convert_to_numpy=False, **options)
        vectors, states, spans = [], [], []
        for text, row in zip(prefixed, rows, strict=True):
            vectors.append(_unit(row["sentence_embedding"].float().numpy()))
            length = int(row["attention_mask"].sum())
            kept, offsets = self._content(text, length, len(prefix))
            states.append(_unit(row["token_embeddings"][:length].float().numpy()[kept]))
            spans.append(offsets)
        stacked = np.array(vectors, np.float32).reshape(len(texts), self._card.dimension)
        return Encoded(stacked, tuple(states), tuple(spans))

    def _content(self, text: str, length: int, prefix: int) -> tuple[npt.NDArray[np.intp], Spans]:
        """Indices of tokens that are neither special nor prefix, and their offsets."""
        encoding = self._model.tokenizer(
            text, return_offsets_mapping=True, truncation=True, max_length=self._card.max_tokens
        )
        spans = np.array(encoding["offset_mapping"], np.int32).reshape(-1, 2)[:length] - prefix
        kept = np.flatnonzero(spans[:, 1] > 0)
        return kept, np.maximum(spans[kept], 0)


def _load(name: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError(
            f"sentence-transformers does not import ({error}); type: pip install "
            "sentence-transformers torch==2.13.0"
        ) from error
    try:
        return SentenceTransformer(name, device="cpu")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The model {name!r} cannot be loaded without a network; give the folder of a "
            'downloaded model: embedder = "sentence-transformers:/path/to/model"'
        ) from error


def _prefixes(name: str, prompts: dict[str, str]) -> tuple[str, str]:
    query = prompts.get("query", "")
    passage = prompts.get("passage") or prompts.get("document") or ""
    if not (query or passage):
        for part, prefixes in PREFIXES.items():
            if part in name.rsplit("/", 1)[-1].lower().replace("_", "-").split("-"):
                return prefixes
    return query, passage


def _revision(model: Any) -> str:
    """The hub's commit when known; else a digest of a fixed text's vector."""
    commit = getattr(model[0].auto_model.config, "_commit_hash", None)
    if commit:
        return str(commit)
    probe = model.encode("Kordon", show_progress_bar=False)
    return "probe:" + np.round(probe[:8], 3).tobytes().hex()[:16]


def _unit(rows: Any) -> Any:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
