"""Weights files: JSON with names, numbers rounded to what matters, vectors on one line."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.answering import judge
from rag.answering.features import NAMES
from rag.answering.fitting import logistic
from rag.answering.fitting.judging import Judged, Source
from rag.answering.fitting.linear import Fitted, Row

MADE_BY = "python -m rag.answering.fitting MODELS DATA CACHE"

_DECAY = 0.003
_Numbers = npt.NDArray[np.float64]
# What a question counts, by what it is asked of and, if "other", by whom (decision 0321). A
# probability to be right should hold for XQuAD and own documents; whether to answer at all is
# decided for own ones (decision 0310) and for hands that wrote nothing that is taught, and should
# hold for documents that the reader was not taught (decision 0315).
_COUNTS: dict[str, dict[Source, float]] = {
    "right": {"own": 0.17, "other": 0.17, "xquad": 1.0, "invented": 0.0},
    "answerable": {"own": 1.25, "other": 2.0, "xquad": 8.0, "invented": 0.5},
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
    languages: dict[str, dict] = {
        language: {} for language in sorted({row.language for row in rows})
    }
    for target, counts in _COUNTS.items():
        asked = [row for row in rows if counts[row.source]]
        share = np.array([counts[row.source] for row in asked])
        wanted = np.array([getattr(row, target) for row in asked], float)
        fair = np.zeros(len(asked))
        for language, entry in languages.items():
            own = np.array([row.language == language for row in asked])
            chosen = [row for row in asked if row.language == language]
            entry[target], fair[own] = _model(chosen, wanted[own], share[own], names)
        # One curve for all: a wanted precision is that of the answers in any language.
        curve = [
            [_rounded(p, 4), _rounded(worth, 4)]
            for p, worth in logistic.precision_curve(fair, wanted, share)
        ]
        for entry in languages.values():
            entry[target]["curve"] = curve
    return languages


def _model(
    rows: Sequence[Judged], wanted: _Numbers, share: _Numbers, names: Sequence[str]
) -> tuple[dict, _Numbers]:
    """One language's model, but for its curve, and the held-out probabilities (n,)."""
    table = np.array([row.row for row in rows], float)[:, [*map(judge.NAMES.index, names)]]
    groups = np.array([row.group for row in rows])
    fitted = logistic.fit_logistic(table, wanted, share, _DECAY)
    fair = logistic.held_out(table, wanted, share, groups, _DECAY)
    entry = {
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
    }
    return entry, fair


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
