"""Which data sets there are, where they are looked for, and how each is loaded.

A data set is named in the table, or given as a path: a `.jsonl` file in our own form, a `.json`
file in SQuAD form, a BEIR folder or a TREC folder. Data that nobody of this project wrote are not
part of it: they are looked for under `--data`, `KORDON_DATA`, or `../shared/data` beside the
checkout.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from eval.datasets.beir import load_beir
from eval.datasets.entry import Entry
from eval.datasets.muserc import load_muserc
from eval.datasets.obliqa import load_obliqa
from eval.datasets.own import load_own
from eval.datasets.own_sets import OWN_SETS, QUESTIONS
from eval.datasets.refusal import load_xquad_refusal
from eval.datasets.squad import load_squad, load_xquad
from eval.datasets.trec import load_trec
from eval.datasets.xquad_r import load_xquad_r
from eval.errors import DatasetError
from eval.types import Dataset
from rag.settings import DATA as VARIABLE
from rag.settings import checkout


def _tydiqa(path: Path) -> Dataset:
    return load_squad(path, "tydiqa", "en", "Apache 2.0")


ENTRIES = (
    *OWN_SETS,
    Entry(
        "xquad",
        "xquad",
        load_xquad,
        "en+ru",
        "CC BY-SA 4.0",
        "find the paragraph and the answer in it, both languages in one index, all directions",
    ),
    Entry(
        "xquad-refusal",
        "xquad",
        load_xquad_refusal,
        "en+ru",
        "CC BY-SA 4.0",
        "the same with half of the paragraphs taken out: half of the questions have no answer",
    ),
    Entry(
        "xquad-r",
        "xquad_r",
        load_xquad_r,
        "en+ru",
        "CC BY-SA 4.0",
        "find the answering sentence among all sentences",
    ),
    Entry(
        "obliqa",
        "obliqa",
        load_obliqa,
        "en",
        "research data, none stated",
        "find the rules of financial regulation that a question is about",
    ),
    Entry(
        "muserc",
        "muserc",
        load_muserc,
        "ru",
        "MIT",
        "find the paragraph; answers are free text",
    ),
    Entry(
        "tydiqa",
        "tydiqa/tydiqa.goldp.en.train.json",
        _tydiqa,
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
        return QUESTIONS if QUESTIONS.is_dir() else None
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
    return entry.load(place)


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
