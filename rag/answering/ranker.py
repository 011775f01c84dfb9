"""The learned part: a linear ranker over `features.NAMES`, and what it needs of token vectors.

Everything it learned stands in `rag/data/sentence_ranker.json`, numbers with names, made by
`python -m rag.answering.fitting` (decision 0502). Parameters over token vectors belong to one
encoder; with any other they are left out and the untrained matches decide.
"""

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from index.types import Vectors
from rag.answering.features import NAMES

Row = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranker:
    """All parameters. `question_means` (d,) by language are taken off question tokens, which lie
    elsewhere than passage tokens (decision 0501). `importance` (w,) weighs a question's tokens;
    `same` and `cross` weigh the standardised features of sentences in the question's language and
    in another."""

    encoder: str
    question_means: dict[str, Row]
    importance: Row
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
    return Ranker(
        data["encoder"],
        {
            language: np.array(mean, np.float32)
            for language, mean in tokens["question_means"].items()
        },
        np.array(tokens["importance"], np.float32),
        *columns,
    )


def _untrained(ranker: Ranker, encoder: str, dimension: int) -> Ranker:
    nothing = np.zeros(dimension, np.float32)
    return replace(ranker, encoder=encoder, question_means={}, importance=nothing)
