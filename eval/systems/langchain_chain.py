"""The plain chain a user would write: LangChain's FAISS, its splitter, the same model.

`RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)` as in LangChain's own tutorial.
Two things are better than what a user gets by default, so that the comparison is about the design
and not about a trap: the model's prefixes are set, and the language filter looks at all chunks
instead of the first 20. Needs `langchain-community`, which this project uses for nothing else.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings

from corpus.errors import UsageError
from eval.settings import RunSettings
from eval.systems.base import Indexed, quoting_reply
from eval.types import MIXED, Found, Question, Reply

if TYPE_CHECKING:
    from langchain_community.vectorstores import FAISS

    from index.encoders.base import Encoder

CHUNK_SIZE = 1000  # characters
CHUNK_OVERLAP = 200


class _Embeddings(Embeddings):
    """The encoder of the index as LangChain wants it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._encoder.encode_passages(texts).vectors.tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._encoder.encode_queries([text]).vectors[0].tolist()
        return vector


class LangChainSystem:
    """LangChain's vector store over the texts of the index."""

    def __init__(self, indexed: Indexed, settings: RunSettings) -> None:
        self._indexed = indexed
        self._store = _build(indexed)

    def search(self, question: Question, k: int) -> list[Found]:
        """The best `k` chunks; the score is 1 - squared distance / 2, the cosine."""
        narrow = self._indexed.filtered and question.target != MIXED
        pairs = self._store.similarity_search_with_score(
            question.text,
            k=k,
            filter={"language": question.target} if narrow else None,
            fetch_k=self._store.index.ntotal,
        )
        return [_found(document.metadata, len(document.page_content), d) for document, d in pairs]

    def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
        """The best chunks whole: the chain's own answer would need a language model."""
        found = self.search(question, 4)
        best = found[0].score if found else 0.0
        return quoting_reply(found, self._indexed, question.language, best), {}


def _found(metadata: dict[str, Any], length: int, distance: float) -> Found:
    start = int(metadata["start_index"])
    score = 1.0 - float(distance) / 2
    return Found(str(metadata["source"]), start, start + length, score, str(metadata["language"]))


def _build(indexed: Indexed) -> FAISS:
    """The store over every document of the index. Raises `UsageError` when a package is missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the package says it is sunset
            from langchain_community.vectorstores import FAISS
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise UsageError(
            f"The LangChain baseline needs {error.name}; install it with "
            "pip install langchain-community langchain-text-splitters."
        ) from error
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP, add_start_index=True
    )
    records = indexed.reader.documents()
    documents = splitter.create_documents(
        [indexed.reader.text(record.id) for record in records],
        [{"source": indexed.names[record.id], "language": record.language} for record in records],
    )
    texts = [document.page_content for document in documents]
    vectors = _vectors(texts, indexed)
    return FAISS.from_embeddings(
        list(zip(texts, vectors.tolist(), strict=True)),
        _Embeddings(indexed.encoder),
        metadatas=[document.metadata for document in documents],
    )


def _vectors(texts: list[str], indexed: Indexed) -> np.ndarray[Any, np.dtype[np.float32]]:
    """(n, d) vectors of the chunks, kept beside the index: encoding takes minutes."""
    place = indexed.cache / f"langchain-{CHUNK_SIZE}-{CHUNK_OVERLAP}.npy"
    if place.is_file():
        kept = np.load(place, allow_pickle=False)
        if len(kept) == len(texts):
            return np.asarray(kept, np.float32)
    vectors = indexed.encoder.encode_passages(texts).vectors
    partial = place.with_suffix(".part")
    with partial.open("wb") as file:
        np.save(file, vectors, allow_pickle=False)
    partial.replace(place)
    return vectors
