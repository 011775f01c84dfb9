"""A run folder: everything that is needed to repeat, resume, compare and report a run.

    run.json         settings, versions, data set, index, seed, machine, times, problems
    questions.jsonl  the question instances asked, with what was right
    results.jsonl    one outcome a line, written as soon as it is there
    run.trec         the rankings; the score column only says the order
    scores.jsonl     every measure of every question
    measures.json    means and intervals per group, refusal, calibration, times

A run without `measures.json` is unfinished: the same command goes on with it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.errors import StorageError
from eval.errors import RunError
from eval.types import Found, Gold, Outcome, Question, Quote, Reply

Json = dict[str, Any]


class RunFolder:
    """Reads and writes one run folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The folder's name, unique among runs."""
        return self.path.name

    @property
    def finished(self) -> bool:
        """Whether all questions were asked and scored."""
        return (self.path / "measures.json").is_file()

    def write(self, file: str, value: Any) -> None:
        """Write JSON, whole or not at all. Raises `StorageError`."""
        self._replace(file, json.dumps(value, ensure_ascii=False, indent=1) + "\n")

    def write_lines(self, file: str, rows: Sequence[Any]) -> None:
        """Write JSON lines, whole or not at all. Raises `StorageError`."""
        self._replace(file, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))

    def write_text(self, file: str, text: str) -> None:
        """Write a text file, whole or not at all. Raises `StorageError`."""
        self._replace(file, text)

    def _replace(self, file: str, text: str) -> None:
        partial = self.path / f"{file}.part"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            partial.write_text(text, "utf-8")
            partial.replace(self.path / file)
        except OSError as error:
            raise StorageError(f"{self.path} cannot be written: {error.strerror}.") from error

    def read(self, file: str) -> Json:
        """A JSON object. Raises `RunError`."""
        try:
            value = json.loads((self.path / file).read_text("utf-8"))
        except FileNotFoundError as error:
            raise RunError(f"{self.path} is no finished run: it has no {file}.") from error
        except (OSError, ValueError) as error:
            raise RunError(f"{self.path / file} is damaged: {error}.") from error
        if not isinstance(value, dict):
            raise RunError(f"{self.path / file} is damaged: an object is expected.")
        return value

    def read_lines(self, file: str) -> Iterator[Json]:
        """JSON objects, one a line; a last line cut short by an interruption is left out."""
        path = self.path / file
        try:
            lines = path.read_text("utf-8").split("\n") if path.is_file() else [""]
        except (OSError, UnicodeDecodeError) as error:
            raise RunError(f"{path} is damaged: {error}.") from error
        for number, line in enumerate(lines[:-1], start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise RunError(f"{path}, line {number}, is damaged: {error}.") from error

    def questions(self) -> tuple[Question, ...]:
        """The question instances of the run."""
        return tuple(question_from(row) for row in self.read_lines("questions.jsonl"))

    def outcomes(self) -> dict[str, Outcome]:
        """The outcomes so far, by question."""
        return {row["id"]: outcome_from(row) for row in self.read_lines("results.jsonl")}

    def scores(self) -> dict[str, dict[str, float]]:
        """`{measure: {question: value}}`, as `eval.scoring` made them."""
        values: dict[str, dict[str, float]] = {}
        for row in self.read_lines("scores.jsonl"):
            for measure, value in row["scores"].items():
                values.setdefault(measure, {})[row["id"]] = value
        return values


def outcome_json(outcome: Outcome) -> Json:
    """An outcome as plain values."""
    return asdict(outcome)


def outcome_from(row: Json) -> Outcome:
    """An outcome from plain values."""
    reply = row["reply"]
    return Outcome(
        row["id"],
        tuple((unit, score) for unit, score in row["ranking"]),
        tuple(Found(**found) for found in row["found"]),
        None
        if reply is None
        else Reply(
            reply["answered"],
            reply["confidence"],
            reply["language"],
            tuple(Quote(**quote) for quote in reply["quotes"]),
            tuple(tuple(places) for places in reply["sentences"]),
            tuple(reply["spans"]),
            reply["prose"],
        ),
        row["error"],
        row["timings_ms"],
    )


def question_from(row: Json) -> Question:
    """A question from plain values."""
    return Question(
        **{
            **row,
            "relevant": tuple((unit, grade) for unit, grade in row["relevant"]),
            "gold": tuple(Gold(**gold) for gold in row["gold"]),
        }
    )


def trec_lines(outcomes: Sequence[Outcome], name: str) -> str:
    """The rankings as a TREC run. White space in ids becomes "_": the form has no quoting."""
    lines = []
    for outcome in outcomes:
        for rank, (unit, _) in enumerate(outcome.ranking, start=1):
            score = len(outcome.ranking) - rank + 1
            query, document = ("_".join(part.split()) for part in (outcome.id, unit))
            lines.append(f"{query} Q0 {document} {rank} {score} {name}\n")
    return "".join(lines)


def open_run(path: Path) -> RunFolder:
    """A finished run. Raises `RunError`."""
    folder = RunFolder(path)
    if not folder.finished:
        raise RunError(
            f"{path} is no finished run; finish it with the same kordon-eval run command."
        )
    return folder
