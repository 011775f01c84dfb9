"""Runs of the evaluation as its page shows them: which there are, their figures, their failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from corpus.errors import KordonError
from rag.ui.evaluation import part

FOLDER = "runs"  # in the home
MAIN = ("right", "nDCG@10")  # the measure by which questions are judged, the first that a run has
SHOWN = (
    *("nDCG@10", "R@10", "right", "quoted@1", "quoted@3", "decided"),
    *("citation precision", "citation recall", "verbatim"),
)
Which = Literal["wrong", "worse", "better", "refused", "all"]
WHICH: tuple[Which, ...] = ("wrong", "worse", "better", "refused", "all")


@dataclass(frozen=True, slots=True)
class Run:
    """A run folder. `done` of `total` questions are asked; `calibrated` has a fitted threshold."""

    path: Path
    dataset: str
    digest: str
    system: str
    started: str
    generation: str
    encoder: str
    done: int
    total: int
    finished: bool
    calibrated: bool

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Side:
    """What one run made of a question. `rank` is that of the first relevant passage, 0 if none."""

    score: float | None
    answered: bool | None
    confidence: float
    quotes: tuple[tuple[str, str], ...]
    rank: int
    error: str


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what was expected (no answers: a refusal) and what the runs made of it."""

    id: str
    text: str
    pair: str
    answerable: bool
    expected: tuple[str, ...]
    sides: tuple[Side, ...]


def all_runs(home: Path) -> list[Run]:
    """All run folders, the newest first; what is no run is left out."""
    folder = home / FOLDER
    if not folder.is_dir():
        return []
    found = [_run(path) for path in folder.iterdir() if (path / "run.json").is_file()]
    return sorted((run for run in found if run), key=lambda run: run.started, reverse=True)


def _run(path: Path) -> Run | None:
    folder = part("RunFolder")(path)
    try:
        run = folder.read("run.json")
        dataset, settings, index = run["dataset"], run["settings"], run.get("index", {})
        return Run(
            path=path,
            dataset=str(dataset["name"]),
            digest=str(dataset["digest"]),
            system=str(settings["system"]),
            started=str(run["started"]),
            generation=str(index.get("generation", "")),
            encoder=str(settings.get("encoder", "")),
            done=_lines(path / "results.jsonl"),
            total=int(dataset["questions"]),
            finished=folder.finished,
            calibrated=(path / "calibration.json").is_file(),
        )
    except (KordonError, KeyError, TypeError, ValueError):
        return None


def _lines(file: Path) -> int:
    try:
        return file.read_bytes().count(b"\n")
    except OSError:
        return 0


def loaded(run: Run) -> Any:
    """An `eval.report.loaded.Loaded` of a finished run. Raises `KordonError`."""
    return _loaded(run.path, (run.path / "measures.json").stat().st_mtime_ns)


@lru_cache(maxsize=12)
def _loaded(path: Path, changed: int) -> Any:
    return part("load_run")(part("RunFolder")(path))


def groups(runs: Sequence[Any]) -> list[str]:
    """The groups of questions that all of these loaded runs have, in the first one's order."""
    return [name for name in runs[0].groups if all(name in run.groups for run in runs)]


def figures(run: Any, group: str) -> dict[str, tuple[float, float, float]]:
    """Measure -> (mean, low, high) of a loaded run in a group."""
    measures = run.groups[group]["measures"]
    return {
        name: (measures[name]["mean"], measures[name]["low"], measures[name]["high"])
        for name in SHOWN
        if name in measures
    }


@lru_cache(maxsize=12)
def differences(a: Path, b: Path, group: str) -> tuple[Any, ...]:
    """`eval.compare.Difference` rows of run b against run a in one group. Raises `KordonError`."""
    folder = part("RunFolder")
    return tuple(part("compare_runs")(folder(a), folder(b), groups=(group,)))


def main_measure(run: Any) -> str:
    """The measure by which the questions of a loaded run are judged."""
    return next((name for name in MAIN if name in run.scores), "")


def cases(runs: Sequence[Any], which: Which = "wrong") -> list[Case]:
    """Questions that all of these loaded runs asked, the worst of the last run first.

    "wrong": the last run scores below one half; "worse" and "better": it differs from the first;
    "refused": it refused what can be answered.
    """
    measure = main_measure(runs[-1])
    asked = [{question.id: question for question in run.questions} for run in runs]
    shared = [key for key in asked[-1] if all(key in questions for questions in asked)]
    found = [
        Case(
            id=key,
            text=asked[-1][key].text,
            pair=asked[-1][key].pair,
            answerable=asked[-1][key].answerable,
            expected=_expected(asked[-1][key]),
            sides=tuple(_side(run, asked[-1][key], measure) for run in runs),
        )
        for key in shared
    ]
    kept = [case for case in found if _fits(case, which)]
    # Of two wrong answers the surer one is worse.
    return sorted(kept, key=lambda c: (c.sides[-1].score or 0, -c.sides[-1].confidence, c.id))


def _fits(case: Case, which: Which) -> bool:
    first, last = (case.sides[0].score or 0.0, case.sides[-1].score or 0.0)
    return {
        "wrong": last < 0.5,
        "worse": last < first,
        "better": last > first,
        "refused": case.answerable and case.sides[-1].answered is False,
        "all": True,
    }[which]


def _expected(question: Any) -> tuple[str, ...]:
    if not question.answerable:
        return ()
    answers = tuple(dict.fromkeys(gold.answer for gold in question.gold if gold.answer))
    return answers or tuple(unit for unit, _ in question.relevant[:3])


def _side(run: Any, question: Any, measure: str) -> Side:
    score = run.scores.get(measure, {}).get(question.id)
    outcome = run.outcomes.get(question.id)
    if outcome is None:
        return Side(score, None, 0.0, (), 0, "")
    relevant = dict(question.relevant)
    ranks = [at for at, (unit, _) in enumerate(outcome.ranking, start=1) if unit in relevant]
    reply = outcome.reply
    return Side(
        score=score,
        answered=None if reply is None else reply.answered,
        confidence=0.0 if reply is None else reply.confidence,
        quotes=()
        if reply is None or not reply.answered
        else tuple((quote.text, quote.document) for quote in reply.quotes[:3]),
        rank=min(ranks, default=0),
        error=outcome.error,
    )


def curves(run: Any) -> dict[str, dict[str, Any]]:
    """Group -> the refusal summary of a loaded run: curve, bins, AURC, ECE; empty without answers.

    Groups are "all" and the languages of the questions.
    """
    return {
        name: group["refusal"]
        for name, group in run.groups.items()
        if "refusal" in group and (name == "all" or "-" not in name)
    }
