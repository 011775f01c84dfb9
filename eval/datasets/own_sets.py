"""The questions of this project, over its sample documents or over real ones beside it."""

from dataclasses import replace
from pathlib import Path

from eval.datasets.entry import Entry
from eval.datasets.own import load_own
from eval.types import Dataset

PACKAGE = Path(__file__).resolve().parents[2]
QUESTIONS = PACKAGE / "eval" / "data"
_REAL = "ctaml"  # the folder of the real documents, below the data folder; `seeds` is beside it
_BOTH = "Questions and documents were both written for this project; "
_HALF = "Questions written for this project over documents that are not part of it."
_FACTS = "Retrieval is judged by gold facts (see docs/evaluation.md), not by passages."


def _over_samples(name: str, file: str, about: str, fitted: str = "none was fitted on.") -> Entry:
    folders = (PACKAGE / "corpus" / "samples",)

    def load(_: Path) -> Dataset:
        return _load(name, file, folders, _BOTH + fitted)

    return Entry(name, "", load, "en+ru", "part of this project", about)


def _over_real(name: str, file: str, about: str) -> Entry:
    def load(folder: Path) -> Dataset:
        return _load(name, file, (folder, folder.parent / "seeds"), _HALF)

    licence = "questions part of this project, documents for local evaluation only"
    return Entry(name, _REAL, load, "en+ru", licence, about)


def _load(name: str, file: str, folders: tuple[Path, ...], note: str) -> Dataset:
    loaded = load_own(QUESTIONS / file, folders=folders, name=name)
    return replace(loaded, caveats=(note, _FACTS, *loaded.caveats))


OWN_SETS = (
    _over_samples(
        "gold",
        "gold.jsonl",
        "questions over the bundled sample documents, unanswerable near misses among them",
        "split dev was fitted on.",
    ),
    _over_real(
        "ctaml",
        "ctaml_questions.jsonl",
        "questions over 41 real documents, unanswerable near misses among them",
    ),
    _over_real(
        "real",
        "real_questions.jsonl",
        "90 more over the same documents, by writers who had not seen the system",
    ),
    _over_real(
        "fresh",
        "fresh_questions.jsonl",
        "100 more, written after the reader and its data were designed",
    ),
    _over_real(
        "natural",
        "natural_questions.jsonl",
        "130 more in the words that come to mind, as an acceptance test would ask them",
    ),
    _over_samples(
        "natural-samples",
        "natural_samples.jsonl",
        "60 such questions over the bundled sample documents",
    ),
    _over_real(
        "second",
        "second_questions.jsonl",
        "another such test over the real documents, by other writers",
    ),
    _over_samples(
        "second-samples",
        "second_samples.jsonl",
        "another such test over the bundled sample documents, by another writer",
    ),
    _over_real(
        "hands",
        "hands_questions.jsonl",
        "172 more by four unlike writers, half of them near misses",
    ),
    _over_samples(
        "hands-samples",
        "hands_samples.jsonl",
        "254 by the same over the sample documents that nothing is fitted on",
    ),
    _over_samples(
        "unseen",
        "unseen_samples.jsonl",
        "some 650 questions, many hard, over the sample documents that nothing is fitted on",
    ),
)
