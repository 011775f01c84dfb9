"""The upper layers fitted to questions: what is added to the encoder's weights for them.

A question does not resemble the passage that answers it, least of all in other words or in another
language. `index/data/question_layers.npz` holds, for each matrix product of the upper layers, two
thin matrices whose product is added to its weights (LoRA, Hu et al. 2022) where questions are
encoded. Passages are encoded as before, so that no index is built again. Made by
`python -m rag.answering.fitting.asking`; decision 0309 has what it is worth.
"""

import hashlib
from collections.abc import Mapping
from importlib.resources import files

import numpy as np

from index.models.wheel import Matrix

_FILE = "question_layers.npz"


def digest() -> str:
    """The first 12 hexadecimal digits of the file's SHA-256."""
    return hashlib.sha256(files("index").joinpath("data", _FILE).read_bytes()).hexdigest()[:12]


def for_questions(tensors: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """The encoder's tensors under our names with the fitted ones in place of their own."""
    path = files("index").joinpath("data", _FILE)
    with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
        factors = {name: held[name].astype(np.float32) for name in held.files}
    return updated(tensors, factors)


def updated(tensors: Mapping[str, Matrix], factors: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """`factors["l6.q.out"]` (outputs, r) times `factors["l6.q.in"]` (r, inputs) is added to
    `tensors["l6.q.w"]`, whose form is kept."""
    changed = dict(tensors)
    for name in factors:
        product, _, side = name.rpartition(".")
        if side == "out":
            added = factors[name] @ factors[f"{product}.in"]
            own = tensors[f"{product}.w"]
            changed[f"{product}.w"] = (own.reshape(added.shape) + added).reshape(own.shape)
    return changed
