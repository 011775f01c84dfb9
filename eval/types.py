"""What every part of `eval` agrees on: passages, questions, gold spans, and what a system returned.

A data set is turned into *question instances*: one question, put to texts in one target language
("en", "ru", or "mixed" for both at once). An instance is the unit of every measure and test.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a data set's corpus. `group` is its article or source document, for halves."""

    id: str
    text: str
    language: str
    title: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Gold:
    """Where an answer stands: characters [start, end) of the text of `document`.

    `document` is a passage's id, or a file's path relative to the corpus folder. `start` is -1
    when the place is not known yet (it is looked for in the indexed text) or does not exist
    (MuSeRC's answers are free text: then `quote` is empty too). Golds with an equal `fact` are
    alternatives: finding one of them finds the fact (the same fact in both languages). `page`, from
    1, is where a quote is looked for that may stand more than once; 0 is anywhere.
    """

    document: str
    start: int
    end: int
    answer: str
    quote: str = ""
    fact: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One question instance; `id` is unique in the data set.

    `target` is the language of the texts that are searched and counted, or "mixed". `relevant`
    maps documents to grades >= 1. `group` keeps questions on one article together, so that what
    is fitted on one half is reported on the other. `near` is the document that an unanswerable
    question nearly fits.
    """

    id: str
    text: str
    language: str
    target: str
    relevant: tuple[tuple[str, int], ...] = ()
    gold: tuple[Gold, ...] = ()
    answerable: bool = True
    kind: str = ""
    group: str = ""
    split: str = ""
    near: str = ""

    @property
    def pair(self) -> str:
        """Question language and text language, e.g. "ru-en"."""
        return f"{self.language}-{self.target}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, and the corpus they are asked of: `passages`, or the files under `folders`.

    Neither means the live index of the installation. `unit` says what a ranking lists: "passage"
    (ids of passages) or "fact" (gold spans covered by the chunks found). `caveats` are sentences
    on what may not be compared.
    """

    name: str
    source: str
    licence: str
    questions: tuple[Question, ...]
    passages: tuple[Passage, ...] = ()
    folders: tuple[Path, ...] = ()
    unit: str = "passage"
    caveats: tuple[str, ...] = ()

    def corpus_digest(self) -> str:
        """16 hex digits over the corpus: ids, languages, titles and texts, or the files' bytes."""
        digest = hashlib.sha256()
        for passage in self.passages:
            for part in (passage.id, passage.language, passage.title, passage.text):
                digest.update(part.encode() + b"\0")
        for folder in self.folders:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def digest(self) -> str:
        """16 hex digits over corpus and questions: equal digests, equal data set."""
        digest = hashlib.sha256(self.corpus_digest().encode())
        for question in self.questions:
            digest.update(json.dumps(asdict(question), ensure_ascii=False, sort_keys=True).encode())
        return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage a system found: a span of a document, best first, higher scores are better."""

    document: str
    start: int
    end: int
    score: float
    language: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote shown. `verbatim` is whether the source's text at [start, end) equals it."""

    document: str
    start: int
    end: int
    text: str
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system answered. `spans[i]` is the exact answer marked in the i-th sentence, or "".

    `sentences[i]` are the indexes into `quotes` that the i-th sentence shown rests on. `language`
    is the language the system answered in, `prose` what it said around the quotes.
    """

    answered: bool
    confidence: float
    language: str
    quotes: tuple[Quote, ...]
    sentences: tuple[tuple[int, ...], ...] = ()
    spans: tuple[str, ...] = ()
    prose: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question instance put to a system: a line of a run's `results.jsonl`.

    `ranking` lists units (see `Dataset.unit`), best first, each once. `error` is "" or what went
    wrong ("TimeoutError: ..."); a failed outcome has an empty ranking and no reply and scores zero.
    `timings_ms` by stage, "total" among them.
    """

    id: str
    ranking: tuple[tuple[str, float], ...] = ()
    found: tuple[Found, ...] = ()
    reply: Reply | None = None
    error: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
