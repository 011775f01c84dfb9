"""`make bench-chat`: what is typed into the chat box beside single questions.

    python benchmarks/chat.py

Follow-ups, questions about the collection and questions for a figure of each country, office, ...
over the sample documents, by two writers who knew the documents and not the rules
(`eval/data/chat.jsonl`; decision 0327 says how the rules did when they first met them).
"""

import json
from collections.abc import Iterator
from pathlib import Path

from retrieval_data import obliqa, xquad

from index.encoders.registry import open_encoder
from index.models.setup import prepare
from index.search.searcher import Searcher
from index.store import IndexStore
from rag.answering.followup import resolve
from rag.answering.pipeline import Pipeline
from rag.answering.request import read_request
from rag.settings import load

ROOT = Path(__file__).parents[1]
Row = dict[str, object]


def read(sort: str) -> list[Row]:
    """The questions of one sort."""
    lines = (ROOT / "eval" / "data" / "chat.jsonl").read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["sort"] == sort]


def plain(text: object) -> str:
    """Small letters, one kind of e."""
    return str(text).lower().replace("ё", "е")


def followups(writer: int) -> Iterator[str]:
    """How many have the words that they need, and how many that need none are left alone."""
    rows = [row for row in read("follow-up") if row["writer"] == writer and "topic" in row]
    leaning = [row for row in rows if row["topic"]]
    meant = {
        str(row["id"]): plain(resolve(str(row["question"]), str(row["before"]))) for row in rows
    }
    told = sum(
        all(plain(word) in meant[str(row["id"])] for word in row["topic"])  # type: ignore[attr-defined]
        for row in leaning
    )
    alone = [row for row in rows if not row["topic"]]
    same = sum(meant[str(row["id"])] == plain(row["question"]) for row in alone)
    if rows:
        yield f"{'follow-ups with their topic':32} {told} of {len(leaning)}"
        yield f"{'new questions left alone':32} {same} of {len(alone)}"


def collection(writer: int) -> Iterator[str]:
    """How many questions about the collection are known as such, and how many others taken for
    one."""
    rows = [row for row in read("collection") if row["writer"] == writer]
    for asks, what in (
        ("collection", "known as about the collection"),
        ("content", "taken for one"),
    ):
        own = [row for row in rows if row["asks"] == asks]
        found = sum(read_request(str(row["question"])) is not None for row in own)
        yield f"{what:32} {found} of {len(own)}"


def contents() -> Iterator[str]:
    """How many questions of all other data sets, all to the contents, are taken for one about the
    collection."""
    shared = ROOT.parent / "shared" / "data"
    asked = []
    for path in sorted((ROOT / "eval" / "data").glob("*.jsonl")):
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        if path.name != "chat.jsonl":
            asked += [row["question"] for row in rows if "question" in row]
    if shared.is_dir():
        for load_data in (xquad, obliqa):
            asked += [one for some in load_data(shared).questions.values() for one in some]
    found = sum(read_request(question) is not None for question in asked)
    yield f"{'other questions taken for one':32} {found} of {len(asked)}"


def lists(writer: int, pipeline: Pipeline) -> Iterator[str]:
    """How many lists are given, by more than one quote or at all, and near misses refused."""
    rows = [row for row in read("list") if row["writer"] == writer]
    quotes = {row["id"]: len(pipeline.answer(str(row["question"])).sentences) for row in rows}
    wanted = [quotes[row["id"]] for row in rows if row["answerable"]]
    others = [quotes[row["id"]] for row in rows if not row["answerable"]]
    yield f"{'lists answered':32} {sum(map(bool, wanted))} of {len(wanted)}"
    yield f"{'by several quotes':32} {sum(count > 1 for count in wanted)} of {len(wanted)}"
    yield f"{'near misses refused':32} {others.count(0)} of {len(others)}"


def main() -> None:
    """Index the samples and print the figures of each writer."""
    settings = load()
    prepare(settings.models)
    encoder = open_encoder("default", settings.models)
    store = IndexStore(settings.home / "benchmark" / "chat")
    with store.writer(encoder) as writing:
        writing.add([ROOT / "corpus" / "samples"])
    reader = store.open()
    pipeline = Pipeline(Searcher(reader, encoder), reader)
    print(*contents())
    for writer in (1, 2):
        print(f"writer {writer}")
        for line in (*followups(writer), *collection(writer), *lists(writer, pipeline)):
            print(f"  {line}")


if __name__ == "__main__":
    main()
