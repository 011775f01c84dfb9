"""Gold questions over the sample documents, asked of a real index: rows for both fits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.search.searcher import Searcher
from rag.answering.evidence import Evidence, weigh
from rag.answering.language import question_language
from rag.answering.ranker import Ranker
from rag.answering.sources import Passages, gather


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with the (file name, shortest answer) pairs that answer it; none if none does."""

    question: str
    answers: tuple[tuple[str, str], ...]


def read_gold(file: Path, split: str) -> list[GoldQuestion]:
    """The questions of one split of a gold file (see `eval/data/README.md`)."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [
        GoldQuestion(
            row["question"],
            tuple((Path(each["document"]).name, each["answer"]) for each in row["answers"])
            if row["answerable"]
            else (),
        )
        for row in rows
        if row["split"] == split
    ]


def asked_of(
    searcher: Searcher, ranker: Ranker, gold: list[GoldQuestion], keep: int
) -> Iterator[tuple[GoldQuestion, Passages, Evidence, npt.NDArray[np.bool_]]]:
    """Each question with its passages, evidence and which candidates are right."""
    for each in gold:
        found = searcher.find(each.question, keep)
        passages = gather(searcher, found, ranker.question_means)
        evidence = weigh(passages, question_language(each.question), ranker)
        if evidence is None:
            continue
        good = [
            _holds(each, searcher, passages, candidate.passage, candidate.text)
            for candidate in evidence.candidates
        ]
        yield each, passages, evidence, np.array(good, bool)


def _holds(
    gold: GoldQuestion, searcher: Searcher, passages: Passages, place: int, text: str
) -> bool:
    record = searcher.reader.document(passages.hits[place].chunk.document_id)
    name, plain = Path(record.path).name, _plain(text)
    return any(name == file and _plain(answer) in plain for file, answer in gold.answers)


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()).lower()
