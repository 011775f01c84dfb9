"""What is asked of several rows or documents at once: lists, comparisons, values that disagree.

A part of `benchmarks/chat.py`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from rag.answering.pipeline import Pipeline
from rag.types import Answer

ROOT = Path(__file__).parents[1]
Row = dict[str, object]
_DISAGREE = ("different values", "разные значения")
_CHANGED = ("newer document", "Более новый документ")
_TOLD = {
    "differ": "disagreements told",
    "same": "told where documents agree",
    "other": "told where they speak of others",
}


def read(sort: str, writer: int | None = None) -> list[Row]:
    """The questions of one sort, or those of one writer."""
    lines = (ROOT / "eval" / "data" / "chat.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["sort"] == sort]
    return [row for row in rows if writer in (None, row["writer"])]


def lists(writer: int, pipeline: Pipeline) -> Iterator[str]:
    """How many lists are given, by more than one quote or at all, how many whole where the writer
    noted what they hold, and near misses refused."""
    rows = read("list", writer)
    answers = {row["id"]: pipeline.answer(str(row["question"])) for row in rows}
    quotes = {key: len(answer.sentences) for key, answer in answers.items()}
    wanted = [quotes[row["id"]] for row in rows if row["answerable"]]
    others = [quotes[row["id"]] for row in rows if not row["answerable"]]
    yield f"{'lists answered':32} {sum(map(bool, wanted))} of {len(wanted)}"
    yield f"{'by several quotes':32} {sum(count > 1 for count in wanted)} of {len(wanted)}"
    noted = [row for row in rows if row.get("holds")]
    if noted:
        whole = sum(_whole(row, quoted(answers[row["id"]])) for row in noted)
        yield f"{'with all that they hold':32} {whole} of {len(noted)}"
    yield f"{'near misses refused':32} {others.count(0)} of {len(others)}"


def tables(pipeline: Pipeline) -> Iterator[str]:
    """By kind of question how many are answered by quotes that have all they should and nothing
    else that the writer noted, and how many by the first quote alone; near misses refused."""
    rows = read("table")
    answers = {row["id"]: pipeline.answer(str(row["question"])) for row in rows}
    for kind in dict.fromkeys(str(row["kind"]) for row in rows):
        own = [row for row in rows if row["kind"] == kind]
        given = [answers[row["id"]] for row in own]
        if kind == "none":
            refused = sum(not answer.answered for answer in given)
            yield f"{'near misses refused':32} {refused} of {len(own)}"
            continue
        pairs = list(zip(own, given, strict=True))
        right = sum(_whole(row, quoted(answer)) for row, answer in pairs)
        first = sum(_whole(row, quoted(answer, 1)) for row, answer in pairs)
        yield f"{kind:32} {right} of {len(own)}, {first} by the first quote"


def values(pipeline: Pipeline) -> Iterator[str]:
    """How many disagreements or changes of persons are told, and how many where there are none."""
    rows = read("values")
    leads = {row["id"]: pipeline.answer(str(row["question"])).lead for row in rows}
    for sort, what in _TOLD.items():
        own = [leads[row["id"]] for row in rows if row["told"] == sort]
        told = sum(any(said in lead for said in (*_DISAGREE, *_CHANGED)) for lead in own)
        yield f"{what:32} {told} of {len(own)}"


def quoted(answer: Answer, most: int | None = None) -> str:
    """What the first quotes say, or all of them."""
    return _plain(" ".join(sentence.text for sentence in answer.sentences[:most]))


def _whole(row: Row, said: str) -> bool:
    """Whether quotes say all that the writer found in the document, and no row that he excluded."""
    holds: list[str] = row["holds"]  # type: ignore[assignment]
    others: list[str] = row.get("not", [])  # type: ignore[assignment]
    told = all(_plain(held) in said for held in holds)
    return bool(said) and told and not any(_plain(other) in said for other in others)


def _plain(text: str) -> str:
    return " ".join(text.split())
