"""Kordon in other people's LangChain chains: the search as a retriever, the flow as a runnable.

from rag.assemble import assemble
from rag.langchain import KordonRetriever, flow
from rag.settings import load

kordon = assemble(load())
documents = KordonRetriever(kordon=kordon, k=5).invoke("Who trains border officers?")
answer = flow(kordon).invoke("Кто обучает пограничников?")
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TypedDict

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import AddableDict, Runnable, RunnableLambda

from index.types import Filter
from rag.assemble import Kordon
from rag.shapes import Shape, answer_shape, hit_shape


class Asked(TypedDict):
    """The input of the flow, when it is not simply the question."""

    question: str


class KordonRetriever(BaseRetriever):
    """The best `k` passages as LangChain documents.

    A document's id is the passage's stable id; its metadata are the keys of `search --json`
    other than the text. Raises `KordonError` as the search does.
    """

    kordon: Kordon
    k: int = 10
    where: Filter = Filter()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        with self.kordon.view() as view:
            hits = view.search(query, self.k, where=self.where)
            return [_document(hit.chunk.id, hit_shape(hit, view.reader)) for hit in hits]


def flow(kordon: Kordon) -> Runnable[str | Asked, AddableDict]:
    """Question in, answer out, as the keys of `ask --json`.

    `stream` yields the head, then each sentence with its citations, then the related passages and
    the timings; the pieces added up are what `invoke` returns. `batch` runs in threads. The
    question is a text or {"question": text}.
    """

    def answer(asked: str | Asked) -> Iterator[AddableDict]:
        question = asked if isinstance(asked, str) else asked["question"]
        with kordon.view() as view:
            shape = answer_shape(view.ask(question), view.reader)
        yield from _pieces(shape)

    async def answer_later(asked: str | Asked) -> AsyncIterator[AddableDict]:
        for piece in await asyncio.to_thread(lambda: list(answer(asked))):
            yield piece

    return RunnableLambda(answer, afunc=answer_later, name="kordon")


def _pieces(shape: Shape) -> Iterator[AddableDict]:
    sentences, related = shape.pop("sentences"), shape.pop("related")
    assert isinstance(sentences, list)
    head = ("id", "question", "language", "answered", "confidence")
    yield AddableDict({key: shape.pop(key) for key in head}, sentences=[])
    for sentence in sentences:
        yield AddableDict(sentences=[sentence])
    yield AddableDict(shape, related=related)


def _document(name: str, shape: Shape) -> Document:
    text = str(shape.pop("text"))
    return Document(page_content=text, id=name, metadata=shape)
