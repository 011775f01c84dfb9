"""Late interaction: which words of a passage answer to which words of the question.

Token vectors come from the encoder's last layer, so a word's vector knows its passage; a sentence
cut out of it still carries what "it" refers to. Similarity is the inner product of unit rows.
MaxSim is Khattab and Zaharia, ColBERT (2020), here without training and averaged over the question.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.types import Spans, Vectors
from rag.answering.candidates import Candidate

Similarity = npt.NDArray[np.float32]  # (question tokens, passage tokens)


def similarities(question: Vectors, passages: Sequence[Vectors]) -> list[Similarity]:
    """For each passage the similarity of every question token (rows) with its every token."""
    return [question @ passage.T for passage in passages]


def inside(spans: Spans, start: int, end: int) -> npt.NDArray[np.bool_]:
    """(t,) which tokens overlap the characters [start, end)."""
    return (spans[:, 0] < end) & (spans[:, 1] > start)


def maxsim(similarity: Similarity) -> float:
    """Mean over the question's tokens of the best match; 0 when there is nothing to match."""
    if 0 in similarity.shape:
        return 0.0
    return float(similarity.max(axis=1).mean())


def sentence_maxsim(
    candidates: Sequence[Candidate], matrices: Sequence[Similarity], spans: Sequence[Spans]
) -> npt.NDArray[np.float32]:
    """(n,) MaxSim of each candidate's own tokens plus MaxSim of its whole passage."""
    whole = [maxsim(matrix) for matrix in matrices]
    return np.array(
        [
            whole[c.passage]
            + maxsim(matrices[c.passage][:, inside(spans[c.passage], c.start, c.end)])
            for c in candidates
        ],
        dtype=np.float32,
    )
