"""Weights files: JSON with names, numbers rounded to what matters, vectors on one line."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.answering import judge
from rag.answering.features import NAMES
from rag.answering.fitting import logistic
from rag.answering.fitting.judging import Judged, Source
from rag.answering.fitting.linear import Fitted, Row

MADE_BY = "python -m rag.answering.fitting MODELS DATA CACHE"

_DECAY = 0.003
# What a question counts, by what it is asked of. A probability to be right should hold for XQuAD
# and own documents; whether to answer at all is decided for own ones (decision 0310), and should
# hold for documents that the reader was not taught (decision 0315).
_COUNTS: dict[str, dict[Source, float]] = {
    "right": {"own": 0.17, "xquad": 1.0, "invented": 0.0},
    "answerable": {"own": 1.25, "xquad": 6.0, "invented": 0.7},
}


def ranker_data(encoder: str, fitted: Fitted, means: dict[str, Row], importance: Row) -> dict:
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
    kept = {language: [_rounded(value, 4) for value in mean] for language, mean in means.items()}
    tokens = {"question_means": kept, "importance": _vector(importance)}
    return {"made_by": MADE_BY, "encoder": encoder, "features": features, "tokens": tokens}


def calibration_data(read: Sequence[Judged], unread: Sequence[Judged]) -> dict:
    """The content of `answer_calibration.json` (see `calibration`), with held-out quality: for
    answers whose quotes were read by the joint reader and for those that were not."""
    bare = tuple(name for name in judge.NAMES if name not in judge.READ)
    return {
        "made_by": MADE_BY,
        "read": _languages(read, judge.NAMES),
        "unread": _languages(unread, bare),
    }


def _languages(rows: Sequence[Judged], names: Sequence[str]) -> dict:
    languages = {}
    for language in sorted({row.language for row in rows}):
        asked = [row for row in rows if row.language == language]
        languages[language] = {
            target: _model(asked, target, names) for target in ("right", "answerable")
        }
    return languages


def _model(rows: Sequence[Judged], target: str, names: Sequence[str]) -> dict:
    rows = [row for row in rows if _COUNTS[target][row.source]]
    table = np.array([row.row for row in rows], float)[:, [*map(judge.NAMES.index, names)]]
    wanted = np.array([getattr(row, target) for row in rows], float)
    share = np.array([_COUNTS[target][row.source] for row in rows])
    groups = np.array([row.group for row in rows])
    fitted = logistic.fit_logistic(table, wanted, share, _DECAY)
    fair = logistic.held_out(table, wanted, share, groups, _DECAY)
    return {
        "bias": _rounded(fitted.bias, 5),
        "columns": {
            name: {
                "weight": _rounded(fitted.weights[at], 4),
                "mean": _rounded(fitted.mean[at], 5),
                "scale": _rounded(fitted.scale[at], 5),
            }
            for at, name in enumerate(names)
        },
        "held_out_calibration_error": _rounded(logistic.calibration_error(fair, wanted), 3),
        "curve": [
            [_rounded(p, 4), _rounded(worth, 4)]
            for p, worth in logistic.precision_curve(fair, wanted, share)
        ],
    }


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
