"""Gold questions over documents like the product's own, asked of a real index."""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.search.searcher import Searcher
from rag.answering.around import with_neighbours
from rag.answering.evidence import Evidence, weigh
from rag.answering.language import question_language
from rag.answering.options import AnswerOptions
from rag.answering.ranker import Ranker
from rag.answering.sources import Passages, gather

_KEPT = frozenset("ABCD")  # hands to choose and to calibrate by, of which nothing is taught


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with the (file name, shortest answer) pairs that answer it; none if none does.
    `fact` is what it shares with the question for the same in the other language, else itself;
    `hand` which of the kinds of writers of decisions 0321 and 0322 wrote it, empty for none."""

    question: str
    answers: tuple[tuple[str, str], ...]
    fact: str
    hand: str = ""


@dataclass(frozen=True, slots=True)
class AskedGold:
    """A question with what the search brought and which candidates (n,) are `right`."""

    gold: GoldQuestion
    passages: Passages
    evidence: Evidence
    right: npt.NDArray[np.bool_]
    files: tuple[str, ...]


def read_gold(file: Path, split: str, collection: str = "") -> list[GoldQuestion]:
    """The questions of one split of a gold file (see `eval/data/README.md`), in a file over several
    collections those over one."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [
        GoldQuestion(
            row["question"],
            tuple((Path(each["document"]).name, each["answer"]) for each in row["answers"])
            if row["answerable"]
            else (),
            row.get("pair", row["question"]),
            row.get("hand", ""),
        )
        for row in rows
        if row["split"] == split and row.get("collection", "") == collection
    ]


def mark_of(text: str) -> int:
    """A number that stays with a text wherever it stands."""
    return zlib.crc32(text.encode())


def kept_back(gold: GoldQuestion) -> bool:
    """Whether neither ranker nor reader is taught a question, because the calibration needs some
    that they do not know: those by the hands that are kept for it, none by other hands, and a
    quarter of the rest. There what it asks decides: a new row moves none, and both languages of a
    pair stay together."""
    return gold.hand in _KEPT if gold.hand else mark_of(gold.fact) % 4 == 3


def asked_of(searcher: Searcher, ranker: Ranker, gold: list[GoldQuestion]) -> Iterator[AskedGold]:
    """Each question as the pipeline would ask it, with its default options."""
    options = AnswerOptions()
    for each in gold:
        found = searcher.find(each.question, options.passages)
        found = with_neighbours(found, searcher.reader, frozenset(), options)
        passages = gather(searcher, found, ranker.question_means)
        evidence = weigh(passages, question_language(each.question), ranker)
        if evidence is None:
            continue
        files = tuple(
            Path(searcher.reader.document(hit.chunk.document_id).path).name for hit in found.hits
        )
        right = [holds(each, files[one.passage], one.text) for one in evidence.candidates]
        yield AskedGold(each, passages, evidence, np.array(right, bool), files)


def spots_of(asked: AskedGold, passage: int, text: str) -> Iterator[tuple[int, int]]:
    """Where in `text`, which is of the passage with that number, the right answers stand."""
    for file, answer in asked.gold.answers:
        if file == asked.files[passage]:
            words = r"\s+".join(map(re.escape, answer.split()))
            yield from (found.span() for found in re.finditer(words, text, re.IGNORECASE))


def holds(gold: GoldQuestion, name: str, text: str) -> bool:
    """Whether text of the file with this name holds one of the answers."""
    plain = _plain(text)
    return any(name == file and _plain(answer) in plain for file, answer in gold.answers)


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()).lower()
