"""Fits the gate of generated answers on the kept results of `make bench-llm`."""

import json
from pathlib import Path

import numpy as np

from rag.answering.fitting.logistic import fit_logistic
from rag.generation.gate import logit

LEAST = 16  # questions of a language; with fewer the shipped weights stay
_DECAY = 0.05


def fit_gate(results: Path) -> str:
    """The weights as they would stand in `rag/data/gate.json`, or why there are none."""
    rows = [
        row for row in json.loads(results.read_text("utf-8"))["all"] if row["model"] is not None
    ]
    languages = {}
    for language in ("en", "ru"):
        own = [row for row in rows if row["language"] == language]
        kinds = {row["answerable"] for row in own}
        if len(own) < LEAST or len(kinds) < 2:
            return f"{len(own)} questions in {language} are too few to fit on (at least {LEAST})."
        design = np.array([[logit(row["extractive"]), logit(row["model"])] for row in own])
        right = np.array([float(row["answerable"]) for row in own])
        model = fit_logistic(design, right, np.ones(len(own)), _DECAY)
        weights = model.weights / model.scale
        bias = model.bias - float(weights @ model.mean)
        languages[language] = {
            "bias": round(bias, 3),
            "extractive": round(float(weights[0]), 3),
            "model": round(float(weights[1]), 3),
            "threshold": 0.5,
        }
    return json.dumps({"languages": languages}, indent=1)
