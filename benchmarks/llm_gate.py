"""Fits the gate of generated answers on what the model says of questions of the `dev` half."""

import json
from collections.abc import Sequence

import numpy as np
from llm_judge import Judged

from rag.answering.fitting.logistic import fit_logistic
from rag.generation.gate import logit

LEAST = 16  # questions of a language; with fewer the shipped weights stay
_DECAY = 0.05
_REFUSED = 0.05  # of the answerable questions: where the threshold lies


def fit_gate(results: Sequence[Judged]) -> str:
    """The weights as they would stand in `rag/data/gate.json`, or why there are none."""
    languages = {}
    for language in ("en", "ru"):
        own = [one for one in results if one.language == language and one.model is not None]
        kinds = {one.answerable for one in own}
        if len(own) < LEAST or len(kinds) < 2:
            return f"{len(own)} questions in {language} are too few to fit on (at least {LEAST})."
        design = np.array([[logit(one.extractive), logit(one.model or 0.0)] for one in own])
        right = np.array([float(one.answerable) for one in own])
        model = fit_logistic(design, right, np.ones(len(own)), _DECAY)
        lowest = np.quantile(model.probability(design)[right > 0], _REFUSED)
        weights = model.weights / model.scale
        bias = model.bias - float(weights @ model.mean)
        languages[language] = {
            "bias": round(bias, 3),
            "extractive": round(float(weights[0]), 3),
            "model": round(float(weights[1]), 3),
            "threshold": round(float(lowest), 3),
        }
    return json.dumps({"languages": languages}, indent=1)
