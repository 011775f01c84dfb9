"""The learned part: a linear ranker over `features.NAMES`, and what it needs of token vectors.

Everything it learned stands in `rag/data/sentence_ranker.json`, numbers with names, made by
`python -m rag.answering.fitting` (decision 0502). Parameters over token vectors belong to one
encoder; with any other they are left out and the untrained matches decide.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from index.types import Vectors
from rag.answering.features import NAMES

Row = npt.NDArray[np.float32]
_WINDOW = 15  # tokens on each side in which the question's words are looked for


@dataclass(frozen=True, slots=True)
class AnswerHead:
    """Which tokens look like the answer, of what the question asks for.

    For a question with tokens q_i, u = sum_i softmax(8 q_i . pool) q_i, made unit; a passage token
    p at place t scores 12 (u Q) . (p V) + 6 p . bias + near * (mean over i of the best q_i match
    within 15 tokens of t) + seen * (its own best match with the question).
    """

    pool: Row  # (d,)
    query: Row  # (d, r)
    token: Row  # (d, r)
    bias: Row  # (d,)
    near: float
    seen: float

    def scores(self, question: Vectors, passage: Vectors) -> Row:
        """(t,) of a passage's tokens for a question's tokens."""
        if not len(passage) or not len(question):
            return np.zeros(len(passage), np.float32)
        asked = softmax(8 * (question @ self.pool)) @ question
        asked /= max(float(np.linalg.norm(asked)), 1e-6)
        similar = question @ passage.T
        padded = np.pad(similar, ((0, 0), (_WINDOW, _WINDOW)), constant_values=-1.0)
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _WINDOW + 1, axis=1)
        near = windows.max(axis=2).mean(axis=0)
        typed = 12 * (passage @ self.token) @ (asked @ self.query) + 6 * (passage @ self.bias)
        scores: Row = typed + self.near * near + self.seen * similar.max(axis=0)
        return scores.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Ranker:
    """All parameters. `importance` (w,) weighs a question's tokens; `same` and `cross` weigh the
    standardised features of sentences in the question's language and in another."""

    encoder: str
    importance: Row
    head: AnswerHead
    mean: Row
    scale: Row
    same: Row
    cross: Row

    def token_weights(self, question: Vectors) -> Row:
        """(q,) how much each of the question's tokens counts; sums to 1."""
        return softmax(6 * (question @ self.importance))

    def scores(self, columns: dict[str, Row]) -> Row:
        """(n,) scores of candidates with these feature columns, higher is better."""
        rows = np.stack([columns[name] for name in NAMES], axis=1)
        rows = (rows - self.mean) / self.scale
        chosen = np.where(columns["same_language"] > 0.5, rows @ self.same, rows @ self.cross)
        scores: Row = chosen.astype(np.float32)
        return scores


def softmax(values: Row) -> Row:
    """exp(v) / sum exp(v), without overflow."""
    powers = np.exp(values - values.max(initial=-np.inf))
    shares: Row = (powers / max(float(powers.sum()), 1e-12)).astype(np.float32)
    return shares


@cache
def load_ranker(encoder: str, dimension: int) -> Ranker:
    """The shipped ranker for the encoder with this name; for another one, without what was
    learned over the shipped one's token vectors."""
    text = resources.files("rag").joinpath("data/sentence_ranker.json").read_text("utf-8")
    ranker = parse_ranker(json.loads(text))
    return ranker if ranker.encoder == encoder else _untrained(ranker, encoder, dimension)


def parse_ranker(data: dict) -> Ranker:
    """The ranker in the form of the weights file (see `fitting.weights`)."""
    features = data["features"]
    columns = [
        np.array([features[name][part] for name in NAMES], np.float32)
        for part in ("mean", "scale", "same", "cross")
    ]
    tokens = data["tokens"]
    head = tokens["answer"]
    return Ranker(
        data["encoder"],
        np.array(tokens["importance"], np.float32),
        AnswerHead(
            np.array(head["pool"], np.float32),
            np.array(head["query"], np.float32),
            np.array(head["token"], np.float32),
            np.array(head["bias"], np.float32),
            float(head["near"]),
            float(head["seen"]),
        ),
        *columns,
    )


def _untrained(ranker: Ranker, encoder: str, dimension: int) -> Ranker:
    nothing = np.zeros(dimension, np.float32)
    flat = np.zeros((dimension, 1), np.float32)
    keep = np.array([name not in ("answer", "answer_share") for name in NAMES], np.float32)
    return Ranker(
        encoder,
        nothing,
        AnswerHead(nothing, flat, flat, nothing, 0.0, 0.0),
        ranker.mean,
        ranker.scale,
        ranker.same * keep,
        ranker.cross * keep,
    )
