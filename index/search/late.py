"""Late interaction: how well each word of the question finds its like in a passage.

MaxSim (Khattab & Zaharia 2020, ColBERT) over the encoder's own token vectors: the mean over the
question's tokens of the greatest cosine with any token of the passage.
"""

import numpy as np
import numpy.typing as npt

from index.stores.base import Scores
from index.types import Vectors


def maxsim(question: Vectors, passages: tuple[Vectors, ...]) -> Scores:
    """(t, d) question tokens and passages of (t_i, d) tokens -> (n,) scores, unit rows throughout.

    A passage without tokens scores 0.
    """
    scores = np.zeros(len(passages), np.float32)
    lengths = np.array([len(passage) for passage in passages], np.int64)
    filled = np.flatnonzero(lengths)
    if not filled.size or not len(question):
        return scores
    stacked = np.concatenate([passages[index] for index in filled])
    starts = np.concatenate(([0], np.cumsum(lengths[filled])[:-1]))
    similarity = stacked @ question.T  # (sum t_i, t)
    scores[filled] = np.maximum.reduceat(similarity, starts, axis=0).mean(axis=1)
    return scores


def alignment(question: Vectors, passage: Vectors) -> npt.NDArray[np.float32]:
    """(t, d) x (p, d) -> (p,): how strongly each passage token answers to some question token."""
    if not len(question) or not len(passage):
        return np.zeros(len(passage), np.float32)
    return (passage @ question.T).max(axis=1)
