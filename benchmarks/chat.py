"""`make bench-chat`: what is typed into the chat box beside single questions.

    python benchmarks/chat.py

Follow-ups, questions about the collection and questions for a figure of each country, office, ...
over the sample documents, by writers who knew the documents and not the rules, then comparisons of
rows and values that disagree (`eval/data/chat.jsonl`; decisions 0327 to 0329 say how the rules did
when they first met them).
"""

import json
from collections import Counter
from collections.abc import Iterator

from chat_rows import ROOT, Row, lists, read, tables, values
from retrieval_data import obliqa, xquad

from index.encoders.base import Encoder
from index.encoders.registry import open_encoder
from index.models.setup import prepare
from index.search.searcher import Searcher
from index.store import IndexStore
from index.types import Filter
from rag.answering.catalogue.documents import fitting_documents
from rag.answering.catalogue.recognise import about_collection
from rag.answering.catalogue.request import Request, read_request, sort_of
from rag.answering.followup import resolve
from rag.answering.pipeline import Pipeline
from rag.settings import load
from rag.types import Answer

_EACH = 7  # one of so many questions of the other sets is asked


def plain(text: object) -> str:
    """Small letters, one kind of e."""
    return str(text).lower().replace("ё", "е")


def followups(writer: int) -> Iterator[str]:
    """How many have the words that they need, and how many that need none are left alone."""
    rows = [row for row in read("follow-up", writer) if "topic" in row]
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


def collection(writer: int, pipeline: Pipeline) -> Iterator[str]:
    """How many questions about the collection the catalogue answers, how many of these with the
    documents that the writer meant, and how many other questions it answers."""
    rows = read("collection", writer)
    answers = {row["id"]: pipeline.answer(str(row["question"])) for row in rows}
    by_catalogue = {key for key, answer in answers.items() if answer.answerer == "catalogue"}
    for asks, what in (("collection", "answered from the catalogue"), ("content", "others so")):
        own = {row["id"] for row in rows if row["asks"] == asks}
        yield f"{what:32} {len(own & by_catalogue)} of {len(own)}"
    wanted = [row for row in rows if row.get("wants", {}).get("operation", "other") != "other"]  # type: ignore[attr-defined]
    if wanted:
        right = sum(
            row["id"] in by_catalogue and _as_meant(row, pipeline, answers[row["id"]])
            for row in wanted
        )
        yield f"{'with what the writer meant':32} {right} of {len(wanted)}"


def _as_meant(row: Row, pipeline: Pipeline, answer: Answer) -> bool:
    """Whether an answer gives the documents, or the overview, that the writer said were meant; of
    the newest and the oldest the first."""
    request = as_meant(row["wants"])  # type: ignore[arg-type]
    if request.overview:
        return read_request(answer.understood or answer.question).overview == request.overview
    fitting = fitting_documents(request, pipeline.searcher, Filter())
    meant = [record.id for record in fitting]
    shown = [citation.document_id for citation in answer.citations]
    first = row["wants"]["operation"] in ("newest", "oldest")  # type: ignore[index]
    return shown[:1] == meant[:1] if first else set(shown) == set(meant[: len(shown) or None])


_OVERVIEWS = {"types": "sorts"}
_FORMATS = {"txt": "text", "md": "markdown", "word": "docx", "eml": "email"}


def as_meant(wants: dict[str, str]) -> Request:
    """The request that a writer noted beside the question."""
    operation = wants["operation"]
    overview = operation in ("languages", "formats", "publishers", "types", "years")
    topic = " ".join(filter(None, (wants.get("topic"), wants.get("from"))))
    languages = () if operation == "languages" else (wants.get("language", ""),)
    form = wants.get("format", "")
    return Request(
        topic,
        wants.get("after", ""),
        wants.get("before", ""),
        sort_of(wants.get("type", "")),
        tuple(filter(None, languages)),
        _FORMATS.get(form, form),
        oldest=operation == "oldest",
        source="from" in wants and "topic" not in wants,
        overview=_OVERVIEWS.get(operation, operation) if overview else "",
    )


def contents(encoder: Encoder) -> Iterator[str]:
    """How many questions of all other data sets, all to the contents, are surely or probably taken
    for one about the collection."""
    shared = ROOT.parent / "shared" / "data"
    asked = []
    for path in sorted((ROOT / "eval" / "data").glob("*.jsonl")):
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        if path.stem not in ("chat", "collection"):
            asked += [row["question"] for row in rows if "question" in row]
    if shared.is_dir():
        for load_data in (xquad, obliqa):
            asked += [one for some in load_data(shared).questions.values() for one in some]
    chosen = asked[::_EACH]
    judged = Counter(about_collection(question, encoder) for question in chosen)
    told = ", ".join(f"{name} {judged[name]}" for name in ("yes", "if it fits", "probably"))
    yield f"{'other questions taken for one':32} {told} of {len(chosen)}"


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
    print(*contents(encoder))
    for writer in (1, 2, 3):
        print(f"writer {writer}")
        for line in (*followups(writer), *collection(writer, pipeline), *lists(writer, pipeline)):
            print(f"  {line}")
    print("comparisons and values that disagree")
    for line in (*tables(pipeline), *values(pipeline)):
        print(f"  {line}")


if __name__ == "__main__":
    main()
