"""The search as a LangChain retriever and the flow as a runnable, in chains of LangChain's own."""

import asyncio
from functools import reduce
from operator import add

import pytest
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from corpus.errors import QuestionError
from corpus.progress import Silent
from index.types import Filter
from rag.assemble import Kordon, assemble
from rag.langchain import KordonRetriever, flow
from rag.settings import Settings

QUESTION = "How many cranes has the harbour?"


@pytest.fixture(scope="module")
def kordon(tmp_path_factory: pytest.TempPathFactory) -> Kordon:
    folder = tmp_path_factory.mktemp("langchain")
    (folder / "documents").mkdir()
    for name, text in (
        ("harbour.txt", "The harbour has nine cranes and a dry dock.\n"),
        ("порт.txt", "В порту работают девять кранов и один сухой док.\n"),
    ):
        (folder / "documents" / name).write_text(text, "utf-8")
    kordon = assemble(Settings(home=folder / "home", embedder="hashing"))
    with kordon.writer(Silent()) as writer:
        writer.add([folder / "documents"])
    return kordon


def test_the_retriever_gives_documents_with_their_place(kordon: Kordon) -> None:
    documents = KordonRetriever(kordon=kordon, k=1).invoke(QUESTION)
    assert [document.metadata["document"] for document in documents] == ["harbour.txt"]
    found = documents[0]
    start, end = found.metadata["start"], found.metadata["end"]
    assert found.id and found.id.endswith(f":{start}-{end}")
    with kordon.view() as view:
        assert view.reader.text(found.id.split(":")[0])[start:end] == found.page_content


def test_the_retriever_keeps_to_its_filter(kordon: Kordon) -> None:
    retriever = KordonRetriever(kordon=kordon, where=Filter(languages=frozenset({"ru"})))
    assert {d.metadata["language"] for d in retriever.invoke(QUESTION)} == {"ru"}


def test_invoke_stream_batch_and_their_later_forms_agree(kordon: Kordon) -> None:
    runnable = flow(kordon)
    whole = runnable.invoke(QUESTION)
    parts = list(runnable.stream({"question": QUESTION}))
    assert len(parts) == len(whole["sentences"]) + 2
    assert same(reduce(add, parts)) == same(whole)
    both = runnable.batch([QUESTION, "Сколько кранов в порту?"])
    assert same(both[0]) == same(whole)
    assert [answer["language"] for answer in both] == ["en", "ru"]

    async def later() -> list[object]:
        streamed = [part async for part in runnable.astream(QUESTION)]
        return [same(await runnable.ainvoke(QUESTION)), same(reduce(add, streamed))]

    assert asyncio.run(later()) == [same(whole)] * 2


def test_it_stands_in_a_chain(kordon: Kordon) -> None:
    chain = RunnablePassthrough() | flow(kordon) | RunnableLambda(lambda answer: answer["question"])
    assert chain.invoke(QUESTION) == QUESTION


def test_errors_are_those_of_the_search(kordon: Kordon) -> None:
    with pytest.raises(QuestionError):
        KordonRetriever(kordon=kordon).invoke("?!")
    with pytest.raises(QuestionError):
        flow(kordon).invoke("?!")


def same(answer: dict[str, object]) -> dict[str, object]:
    """An answer without the time it took."""
    return {key: value for key, value in answer.items() if key != "timings_ms"}
