"""Runs as the reports need them, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.errors import RunError
from eval.folder import RunFolder
from eval.types import Outcome, Question

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A finished run in memory."""

    folder: RunFolder
    run: Json
    measures: Json
    questions: tuple[Question, ...]
    outcomes: dict[str, Outcome]
    scores: dict[str, dict[str, float]]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def groups(self) -> Json:
        """Numbers by group."""
        groups: Json = self.measures["groups"]
        return groups


def load_run(folder: RunFolder) -> Loaded:
    """Everything of a finished run. Raises `RunError`."""
    return Loaded(
        folder,
        folder.read("run.json"),
        folder.read("measures.json"),
        folder.questions(),
        folder.outcomes(),
        folder.scores(),
    )


def same_data(runs: list[Loaded]) -> None:
    """Raise `RunError` unless all runs are on the same state of the same data set."""
    first = runs[0]
    for other in runs[1:]:
        if other.run["dataset"]["digest"] != first.run["dataset"]["digest"]:
            raise RunError(
                f"{first.name} and {other.name} are on different data; make one report for each."
            )


def version_text(versions: Mapping[str, str]) -> str:
    """The product's version and the state of its code, as far as a run knows them."""
    code = versions.get("code", "")
    return f"{versions.get('kordon', '')}{f' ({code})' if code else ''}"
