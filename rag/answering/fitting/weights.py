"""Weights files: JSON with names, numbers rounded to what matters, vectors on one line."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.answering import judge
from rag.answering.features import NAMES
from rag.answering.fitting import logistic
from rag.answering.fitting.judging import Judged
from rag.answering.fitting.linear import Fitted, Row

MADE_BY = "python -m rag.answering.fitting MODELS DATA CACHE"

_DECAY = 0.003
# What stands beside the log-odds that any quote answers is held back more where the question is
# whether to answer: it tells of the texts that it is fitted on (decision 0324).
_BESIDE = 0.03
_CHIEF = "read_any"
_Numbers = npt.NDArray[np.float64]
_TARGETS = ("right", "answerable")


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
    answers whose quotes were read by the joint reader and for those that were not. All questions of
    a source count as much together as those of another: both probabilities should hold for XQuAD
    and own documents, and for hands that are taught no less than for those that are not."""
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
    many = Counter(row.source for row in rows)
    share = np.array([1 / many[row.source] for row in rows])
    for target in _TARGETS:
        decay = _decay(target, names)
        wanted = np.array([getattr(row, target) for row in rows], float)
        fair = np.zeros(len(rows))
        for language, entry in languages.items():
            own = np.array([row.language == language for row in rows])
            chosen = [row for row in rows if row.language == language]
            entry[target], fair[own] = _model(chosen, wanted[own], share[own], names, decay)
        # One curve for all: a wanted precision is that of the answers in any language.
        curve = [
            [_rounded(p, 4), _rounded(worth, 4)]
            for p, worth in logistic.precision_curve(fair, wanted, share)
        ]
        for entry in languages.values():
            entry[target]["curve"] = curve
    return languages


def _decay(target: str, names: Sequence[str]) -> _Numbers:
    beside = _BESIDE if target == "answerable" and _CHIEF in names else _DECAY
    return np.array([_DECAY if name == _CHIEF else beside for name in names])


def _model(
    rows: Sequence[Judged],
    wanted: _Numbers,
    share: _Numbers,
    names: Sequence[str],
    decay: _Numbers,
) -> tuple[dict, _Numbers]:
    """One language's model, but for its curve, and the held-out probabilities (n,)."""
    table = np.array([row.row for row in rows], float)[:, [*map(judge.NAMES.index, names)]]
    groups = np.array([row.group for row in rows])
    fitted = logistic.fit_logistic(table, wanted, share, decay)
    fair = logistic.held_out(table, wanted, share, groups, decay)
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
