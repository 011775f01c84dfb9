"""Weights files: JSON with names, numbers rounded to what matters, vectors on one line."""

import json
import re
from pathlib import Path

import numpy as np

from rag.answering.features import NAMES
from rag.answering.fitting.linear import Fitted, Row
from rag.answering.ranker import AnswerHead

MADE_BY = "python -m rag.answering.fitting MODELS DATA CACHE"


def ranker_data(encoder: str, fitted: Fitted, importance: Row, head: AnswerHead) -> dict:
    """The content of `sentence_ranker.json` (see `ranker.parse_ranker`)."""
    features = {
        name: {
            "mean": _rounded(fitted.mean[at], 5),
            "scale": _rounded(fitted.scale[at], 5),
            "same": _rounded(fitted.same[at], 4),
            "cross": _rounded(fitted.cross[at], 4),
        }
        for at, name in enumerate(NAMES)
    }
    answer = {
        "near": _rounded(head.near, 4),
        "seen": _rounded(head.seen, 4),
        "pool": _vector(head.pool),
        "bias": _vector(head.bias),
        "query": [_vector(row) for row in head.query],
        "token": [_vector(row) for row in head.token],
    }
    tokens = {"importance": _vector(importance), "answer": answer}
    return {"made_by": MADE_BY, "encoder": encoder, "features": features, "tokens": tokens}


def write(data: dict, file: Path) -> None:
    """Write the file, lists of numbers on one line each."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    flat = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", _one_line, text)
    file.write_text(flat + "\n", "utf-8")


def _one_line(match: re.Match[str]) -> str:
    return "[" + re.sub(r"\s+", " ", match[1]) + "]"


def _rounded(value: float | np.floating, digits: int) -> float:
    return float(f"{float(value):.{digits}g}")


def _vector(values: Row) -> list[float]:
    return [_rounded(float(value), 3) for value in np.ravel(values)]
