"""Which sentences to show, and how sure to be of them."""

from dataclasses import dataclass

import numpy as np

from rag.answering.alignment import sentence_maxsim, similarities
from rag.answering.candidates import Candidate, sentences_of
from rag.answering.options import AnswerOptions
from rag.answering.sources import Passages


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences to show, best first (none is a refusal), and the probability that they
    answer the question."""

    candidates: tuple[Candidate, ...]
    confidence: float


def choose(passages: Passages, options: AnswerOptions) -> Choice:
    """The sentences that match the question best, if they match it well."""
    candidates = sentences_of(passages.hits)
    if not candidates:
        return Choice((), 0.0)
    matrices = similarities(passages.question, passages.tokens)
    scores = sentence_maxsim(candidates, matrices, passages.spans)
    order = np.argsort(-scores, kind="stable")[: options.sentences]
    confidence = float(np.clip(scores[order[0]] / 2, 0.0, 1.0))
    if confidence < options.least_match:
        return Choice((), confidence)
    return Choice(tuple(candidates[place] for place in order), confidence)
