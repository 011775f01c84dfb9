"""Whether a question asks about the collection rather than for what its documents say.

Two judges: rules that know a question which says nothing but which documents are wanted (`plain`),
and a logistic model over the question's vector, fitted to questions of both sorts by many writers
(`python -m rag.answering.fitting.collection`, decision 0328), which belongs to one encoder and
is asked where any word may speak of documents. With another encoder there are only the rules.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np

from index.encoders.base import Encoder
from index.types import Vectors
from rag.answering.catalogue.plain import asks_plainly, says_so
from rag.answering.catalogue.request_words import may_speak_of_documents, speaks_of_documents

Judgement = Literal["yes", "if it fits", "probably", "no"]
SURE = 0.9  # probability from which the texts are not asked before the catalogue,
PROBABLE = 0.5  # and from which it answers what they do not surely answer


@dataclass(frozen=True, slots=True)
class Model:
    """p = 1 / (1 + exp(-(bias + vector . weights))), for question vectors (d,) of `encoder`."""

    encoder: str
    bias: float
    weights: Vectors

    def probability(self, vector: Vectors) -> float:
        """How probably the question with this vector is about the collection."""
        return float(1 / (1 + np.exp(-(self.bias + float(vector @ self.weights)))))


@cache
def load_model() -> Model:
    """The shipped model."""
    text = resources.files("rag").joinpath("data/collection_questions.json").read_text("utf-8")
    data = json.loads(text)
    return Model(data["encoder"], data["bias"], np.array(data["weights"], np.float32))


def about_collection(question: str, encoder: Encoder) -> Judgement:
    """Whether a question is about the collection: "yes", "if it fits" a document (else the texts
    may answer it), or "probably" (if the texts do not answer it well)."""
    plainly = asks_plainly(question)
    if plainly and says_so(question):
        return "yes"
    own = _probability(question, encoder)
    if own >= SURE and speaks_of_documents(question):
        return "yes"
    if plainly:
        return "if it fits"
    return "probably" if own >= PROBABLE else "no"


def _probability(question: str, encoder: Encoder) -> float:
    """By the model; 0 for another encoder, or where no word may be about documents."""
    model = load_model()
    if model.encoder != encoder.card.name:
        return 0.0
    if not (speaks_of_documents(question) or may_speak_of_documents(question)):
        return 0.0
    return model.probability(encoder.encode_queries([question]).vectors[0])
