"""The default encoder: multilingual-e5-small on onnxruntime and tokenizers, without torch.

Questions go through a graph in full precision, passages through the one that is partly 8 bits:
noise on one side of a comparison costs half of what it costs on both, and only passages are many.
Questions that look for an answer have a graph of their own (`index.models.question_layers`).
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError
from index.encoders.base import EncoderCard
from index.encoders.joint_reader import JointReader, open_joint_reader
from index.encoders.onnx_session import Tokenized, open_session
from index.models.folder import TOKENIZER_FILE, map_word_embeddings
from index.types import Encoded, Spans, Vectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QUERY_GRAPH = "onnx/encoder.onnx"  # full precision
QUESTION_GRAPH = "onnx/questions.onnx"  # the same with the layers fitted to questions
PASSAGE_GRAPH = "onnx/encoder-int8.onnx"  # partly 8 bits: faster where there is much to encode
BOS, EOS = 0, 2


class OnnxEncoder:
    """Mean-pooled, L2-normalised sentence vectors and the token vectors of the same pass.

    Each text is a forward pass of its own, several side by side on one thread each: nothing is
    padded, and a text's vector does not depend on its neighbours (8-bit scales are found per pass).
    """

    def __init__(self, folder: Path, card: EncoderCard, *, threads: int | None = None) -> None:
        if not (folder / QUESTION_GRAPH).is_file():
            raise ModelError("The embedding model is not prepared; type: kordon setup")
        self._card = card
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._lock = Lock()
        self._sessions: dict[str, Any] = {}
        self._joint: JointReader | None = None
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="encode")
        # The two halves of the start-up do not wait for each other.
        session = self._pool.submit(open_session, folder / QUESTION_GRAPH, self._threads)
        self._tokenizer = _open_tokenizer(folder / TOKENIZER_FILE)
        self._words = map_word_embeddings(folder)
        self._question_session = session.result()

    @property
    def card(self) -> EncoderCard:
        """What the vectors depend on."""
        return self._card

    def token_spans(self, text: str) -> Spans:
        """(t, 2) offsets of the model's tokens, of the whole text however long it is."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return np.array(encoding.offsets, np.int32).reshape(-1, 2)

    def encode_passages(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Vectors of passages, in their order; texts beyond the model's length are cut."""
        return self._encode(
            self._session(PASSAGE_GRAPH, 1), texts, self._card.passage_prefix, tokens
        )

    def encode_queries(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Vectors of questions as the published model has them, in their order."""
        session = self._session(QUERY_GRAPH, self._threads)
        return self._encode(session, texts, self._card.query_prefix, tokens)

    def encode_questions(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """See `index.encoders.base.encode_questions`."""
        return self._encode(self._question_session, texts, self._card.query_prefix, tokens)

    def _session(self, graph: str, threads: int) -> Any:
        """Opened when it is first needed."""
        with self._lock:
            if graph not in self._sessions:
                self._sessions[graph] = open_session(self._folder / graph, threads)
            return self._sessions[graph]

    def _encode(self, session: Any, texts: Sequence[str], prefix: str, tokens: bool) -> Encoded:
        inputs = self.tokenize(texts, prefix)
        vectors = np.zeros((len(texts), self._card.dimension), np.float32)
        kept_states: list[Vectors] = []
        kept_spans: list[Spans] = []
        states_of = map if len(inputs) == 1 else self._pool.map
        results = states_of(lambda item: self._forward(session, item.ids), inputs)
        for i, (item, states) in enumerate(zip(inputs, results, strict=True)):
            vectors[i] = _unit(states.mean(axis=0))
            if tokens:
                kept = item.spans[:, 1] > 0
                kept_states.append(_unit(states[kept]))
                kept_spans.append(np.maximum(item.spans[kept], 0))
        return Encoded(vectors, tuple(kept_states), tuple(kept_spans))

    def tokenize(self, texts: Sequence[str], prefix: str) -> list[Tokenized]:
        """The texts as the model reads them behind this prefix, cut at its length."""
        encodings = self._tokenizer.encode_batch(
            [prefix + text for text in texts], add_special_tokens=False
        )
        limit = self._card.max_tokens - 2
        return [_with_specials(item.ids, item.offsets, limit, len(prefix)) for item in encodings]

    def _forward(self, session: Any, ids: npt.NDArray[np.int64]) -> Vectors:
        """(t, dimension) float32 states of the last layer."""
        feed = {"embeddings": self.embeddings(ids), "lengths": np.array([len(ids)], np.int32)}
        return np.asarray(session.run(["hidden"], feed)[0][0])

    def embeddings(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """(1, t, dimension) rows of the word embeddings."""
        return np.asarray(self._words[ids])[None]

    def joint_reader(self) -> JointReader | None:
        """What reads question and text together; None when `kordon setup` did not prepare it."""
        with self._lock:
            if self._joint is None:
                self._joint = open_joint_reader(self, self._folder, self._threads)
            return self._joint


def _open_tokenizer(path: Path) -> "Tokenizer":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _with_specials(
    ids: list[int], offsets: list[tuple[int, int]], limit: int, prefix: int
) -> Tokenized:
    spans = np.zeros((min(len(ids), limit) + 2, 2), np.int32)
    spans[1:-1] = np.array(offsets[:limit], np.int32).reshape(-1, 2) - prefix
    spans[[0, -1]] = 0
    return Tokenized(np.array([BOS, *ids[:limit], EOS], np.int64), spans)


def _unit(rows: Vectors) -> Vectors:
    """Rows scaled to length one; a zero row stays zero."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)
