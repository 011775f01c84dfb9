"""Which data sets there are, where they are looked for, and how each is loaded.

A data set is named in the table, or given as a path: a `.jsonl` file in our own form, a `.json`
file in SQuAD form, a BEIR folder or a TREC folder. Data that nobody of this project wrote are not
part of it: they are looked for under `--data`, `KORDON_DATA`, or `../shared/data` beside the
checkout.
"""

import os
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from eval.datasets.beir import load_beir
from eval.datasets.own import load_own
from eval.datasets.squad import load_squad
from eval.datasets.trec import load_trec
from eval.errors import DatasetError
from eval.types import Dataset
from rag.settings import DATA as VARIABLE
from rag.settings import checkout

PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Entry:
    """A data set of the table. `place` is a path below the data folder; `loader` "module:name"."""

    name: str
    place: str
    loader: str
    languages: str
    licence: str
    about: str


ENTRIES = (
    Entry(
        "gold",
        "",
        "eval.datasets.catalogue:load_gold",
        "en+ru",
        "part of this project",
        "questions over the bundled sample documents, unanswerable near misses among them",
    ),
    Entry(
        "ctaml",
        "ctaml",
        "eval.datasets.catalogue:load_ctaml",
        "en+ru",
        "questions part of this project, documents for local evaluation only",
        "questions over 41 real documents, unanswerable near misses among them",
    ),
    Entry(
        "real",
        "ctaml",
        "eval.datasets.catalogue:load_real",
        "en+ru",
        "questions part of this project, documents for local evaluation only",
        "90 more over the same documents, by writers who had not seen the system",
    ),
    Entry(
        "fresh",
        "ctaml",
        "eval.datasets.catalogue:load_fresh",
        "en+ru",
        "questions part of this project, documents for local evaluation only",
        "100 more, written after the reader and its data were designed",
    ),
    Entry(
        "natural",
        "ctaml",
        "eval.datasets.catalogue:load_natural",
        "en+ru",
        "questions part of this project, documents for local evaluation only",
        "130 more in the words that come to mind, as an acceptance test would ask them",
    ),
    Entry(
        "natural-samples",
        "",
        "eval.datasets.catalogue:load_natural_samples",
        "en+ru",
        "part of this project",
        "60 such questions over the bundled sample documents",
    ),
    Entry(
        "second",
        "ctaml",
        "eval.datasets.catalogue:load_second",
        "en+ru",
        "questions part of this project, documents for local evaluation only",
        "another such test over the real documents, by other writers",
    ),
    Entry(
        "second-samples",
        "",
        "eval.datasets.catalogue:load_second_samples",
        "en+ru",
        "part of this project",
        "another such test over the bundled sample documents, by another writer",
    ),
    Entry(
        "hands",
        "ctaml",
        "eval.datasets.catalogue:load_hands",
        "en+ru",
        "questions part of this project, documents for local evaluation only",
        "172 more by four unlike writers, half of them near misses",
    ),
    Entry(
        "hands-samples",
        "",
        "eval.datasets.catalogue:load_hands_samples",
        "en+ru",
        "part of this project",
        "254 by the same over the sample documents that nothing is fitted on",
    ),
    Entry(
        "unseen",
        "",
        "eval.datasets.catalogue:load_unseen",
        "en+ru",
        "part of this project",
        "some 650 questions, many hard, over the sample documents that nothing is fitted on",
    ),
    Entry(
        "xquad",
        "xquad",
        "eval.datasets.squad:load_xquad",
        "en+ru",
        "CC BY-SA 4.0",
        "find the paragraph and the answer in it, both languages in one index, all directions",
    ),
    Entry(
        "xquad-refusal",
        "xquad",
        "eval.datasets.refusal:load_xquad_refusal",
        "en+ru",
        "CC BY-SA 4.0",
        "the same with half of the paragraphs taken out: half of the questions have no answer",
    ),
    Entry(
        "xquad-r",
        "xquad_r",
        "eval.datasets.xquad_r:load_xquad_r",
        "en+ru",
        "CC BY-SA 4.0",
        "find the answering sentence among all sentences",
    ),
    Entry(
        "obliqa",
        "obliqa",
        "eval.datasets.obliqa:load_obliqa",
        "en",
        "research data, none stated",
        "find the rules of financial regulation that a question is about",
    ),
    Entry(
        "muserc",
        "muserc",
        "eval.datasets.muserc:load_muserc",
        "ru",
        "MIT",
        "find the paragraph; answers are free text",
    ),
    Entry(
        "tydiqa",
        "tydiqa/tydiqa.goldp.en.train.json",
        "eval.datasets.catalogue:load_tydiqa",
        "en",
        "Apache 2.0",
        "a training set: for fitting, never for reporting",
    ),
)


def data_folders(given: Path | None, environment: Mapping[str, str] | None = None) -> list[Path]:
    """Where data are looked for: `given`, else `KORDON_DATA`, else beside the checkout."""
    if given is not None:
        return [given]
    environment = os.environ if environment is None else environment
    if environment.get(VARIABLE, "").strip():
        return [Path(environment[VARIABLE]).expanduser()]
    root = checkout() or Path.cwd()
    return [root.parent / "shared" / "data"]


def place_of(entry: Entry, folders: list[Path]) -> Path | None:
    """Where the data set lies, or None."""
    if not entry.place:
        gold = PACKAGE / "eval" / "data" / "gold.jsonl"
        return gold if gold.is_file() else None
    return next((f / entry.place for f in folders if (f / entry.place).exists()), None)


def load_dataset(name: str, folders: list[Path], *, documents: Path | None = None) -> Dataset:
    """The data set of this name or path, every row checked. Raises `DatasetError`.

    `documents` is the corpus folder of questions in our own form (None: the live index).
    """
    entry = next((entry for entry in ENTRIES if entry.name == name), None)
    if entry is None:
        return _load_path(Path(name), documents)
    place = place_of(entry, folders)
    if place is None:
        looked = ", ".join(str(folder) for folder in folders)
        raise DatasetError(
            f"The data set {name} was looked for in {looked} and is not there; "
            f"give its folder with --data or {VARIABLE}."
        )
    loaded = pkgutil.resolve_name(entry.loader)(place)
    if not isinstance(loaded, Dataset):
        raise DatasetError(f"The loader {entry.loader} does not return a data set.")
    return loaded


def _load_path(path: Path, documents: Path | None) -> Dataset:
    """A data set by its form. Raises `DatasetError`."""
    if path.is_dir() and (path / "qrels").is_dir():
        return load_beir(path)
    if path.is_dir() and any(path.glob("topics*")):
        return load_trec(path)
    if path.is_file() and path.suffix == ".jsonl":
        return load_own(path, folders=(documents,) if documents else ())
    if path.is_file() and path.suffix == ".json":
        language = "ru" if ".ru" in path.name else "en"
        return load_squad(path, path.stem, language)
    known = ", ".join(entry.name for entry in ENTRIES)
    raise DatasetError(
        f"{path} is neither a data set of the table ({known}) nor a .jsonl file, a SQuAD .json "
        "file, a BEIR folder or a TREC folder."
    )


def load_gold(path: Path) -> Dataset:
    """The gold set of this project, asked of the sample documents."""
    own = "Questions and documents were both written for this project; split dev was fitted on."
    return _noted(load_own(path, folders=(PACKAGE / "corpus" / "samples",), name="gold"), own)


def load_ctaml(folder: Path) -> Dataset:
    """Questions of this project over real documents, and the seeds beside them."""
    return _over_real_documents("ctaml", "ctaml_questions.jsonl", folder)


def load_real(folder: Path) -> Dataset:
    """More questions over the same documents, by writers who had not seen the system."""
    return _over_real_documents("real", "real_questions.jsonl", folder)


def load_fresh(folder: Path) -> Dataset:
    """Questions over the same documents; only the threshold of refusals was chosen with these."""
    return _over_real_documents("fresh", "fresh_questions.jsonl", folder)


def load_natural(folder: Path) -> Dataset:
    """Questions over the same documents, worded as they came to mind and not paraphrased."""
    return _over_real_documents("natural", "natural_questions.jsonl", folder)


def load_second(folder: Path) -> Dataset:
    """The same again, by writers who had seen no other questions."""
    return _over_real_documents("second", "second_questions.jsonl", folder)


def load_hands(folder: Path) -> Dataset:
    """The same by four unlike writers: a tester, colleagues, an annotator and a lecturer."""
    return _over_real_documents("hands", "hands_questions.jsonl", folder)


def load_natural_samples(gold: Path) -> Dataset:
    """Such questions over the sample documents, beside the gold set."""
    return _over_samples("natural-samples", gold.with_name("natural_samples.jsonl"))


def load_second_samples(gold: Path) -> Dataset:
    """The same again, by a writer who had seen no other questions."""
    return _over_samples("second-samples", gold.with_name("second_samples.jsonl"))


def load_hands_samples(gold: Path) -> Dataset:
    """By the same four writers, over the sample documents that nothing is fitted on."""
    return _over_samples("hands-samples", gold.with_name("hands_samples.jsonl"))


def load_unseen(gold: Path) -> Dataset:
    """Facts of the sample documents that nothing is fitted on, asked for in both languages."""
    return _over_samples("unseen", gold.with_name("unseen_samples.jsonl"))


def _over_samples(name: str, path: Path) -> Dataset:
    own = "Questions and documents were both written for this project; none was fitted on."
    return _noted(load_own(path, folders=(PACKAGE / "corpus" / "samples",), name=name), own)


def _over_real_documents(name: str, file: str, folder: Path) -> Dataset:
    own = "Questions written for this project over documents that are not part of it."
    folders = (folder, folder.parent / "seeds")
    return _noted(load_own(PACKAGE / "eval" / "data" / file, folders=folders, name=name), own)


def _noted(loaded: Dataset, note: str) -> Dataset:
    """What an evaluator should know before comparing."""
    facts = "Retrieval is judged by gold facts (see docs/evaluation.md), not by passages."
    return replace(loaded, caveats=(note, facts, *loaded.caveats))


def load_tydiqa(path: Path) -> Dataset:
    """TyDi QA GoldP, English training part."""
    return load_squad(path, "tydiqa", "en", "Apache 2.0")
