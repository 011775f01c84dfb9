"""The composed answer in other people's LangChain chains, event by event.

from rag.assemble import assemble
from rag.generation.runnable import events
from rag.settings import load

for event in events(assemble(load())).stream("Who trains border officers?"):
    print(event)

Events are those of `rag.generation.work.Event`; added up they are what `invoke` returns, and
`done` is the answer. An extractive answerer gives `done` alone. Closing the stream, or cancelling
the task that reads it, ends the request to the model.
"""

import asyncio
from collections.abc import AsyncIterator, Generator

from langchain_core.runnables import AddableDict, Runnable, RunnableLambda

from rag.assemble import Kordon
from rag.generation.chain import Generated
from rag.generation.work import Asked


def events(kordon: Kordon) -> Runnable[str | Asked, AddableDict]:
    """The answerer of the settings as a runnable. Raises `KordonError` as `ask` does."""

    def answer(asked: str | Asked) -> Generator[AddableDict]:
        wanted = Asked(asked) if isinstance(asked, str) else asked
        with kordon.view() as view:
            answerer = view.pipeline
            if isinstance(answerer, Generated):
                yield from answerer.events(wanted)
            else:
                found = answerer.answer(wanted.question, where=wanted.where, before=wanted.before)
                yield AddableDict(done=found)

    async def answer_later(asked: str | Asked) -> AsyncIterator[AddableDict]:
        pieces = answer(asked)
        try:
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                yield piece
        finally:
            pieces.close()

    return RunnableLambda(answer, afunc=answer_later, name="kordon")
