"""Asking within a chat: a question becomes a turn that can be shown, kept and exported."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from corpus.errors import ModelError
from rag.answering.phrases import say
from rag.assemble import Kordon, View
from rag.stages import heard
from rag.types import Answer
from rag.ui.chats import Turn, new_id, now
from rag.ui.source import cited, found

if TYPE_CHECKING:
    from collections.abc import Generator

    from rag.generation.work import Asked

Hearer = Callable[[str], None]


@runtime_checkable
class Composes(Protocol):
    """An answerer that writes, and gives each sentence as soon as it is checked."""

    def events(self, asked: "Asked") -> Iterator[Any]:
        """`rag.generation.work.Event`s, `done` last."""


def nobody(text: str) -> None:
    """For whom nobody waits."""


def ask(
    kordon: Kordon,
    question: str,
    *,
    before: str | None = None,
    turn_id: str = "",
    listen: Hearer = nobody,
    said: Hearer = nobody,
) -> Turn:
    """Answer a question; `before` is the one that came before it, as it was understood.

    `turn_id` is given when an earlier turn is asked anew. `listen` is told each step as it begins,
    `said` each sentence that a composing answerer has written and checked. Raises `KordonError`
    when the question or the index is at fault.
    """
    with heard(listen), kordon.view() as view:
        answer = _answer(view, question, before, said)
        marks = {one.marker: cited(one, view.reader) for one in answer.citations}
        related = tuple(found(hit, view.reader) for hit in answer.related)
    understood = answer.understood or question
    return Turn(
        id=turn_id or new_id(),
        question=question,
        understood=understood,
        language=answer.language,
        asked=now(),
        answered=answer.answered,
        confidence=float(answer.confidence),
        lead=answer.lead,
        notice=_notice(answer, understood),
        sentences=answer.sentences,
        marks=marks,
        related=related,
        generation=answer.generation,
        answerer=answer.answerer,
        timings_ms=dict(answer.timings_ms),
    )


def _answer(view: View, question: str, before: str | None, said: Hearer) -> Answer:
    answerer: object = view.pipeline
    if not isinstance(answerer, Composes):
        return view.ask(question, before=before)
    from rag.generation.work import Asked

    answer: Answer | None = None
    stream: Generator[Any] = answerer.events(Asked(question, before))  # type: ignore[assignment]
    # Closed when the reader stops the answer too: that ends the request to the model.
    with closing(stream):
        for event in stream:
            for sentence, _ in event.get("text", ()):
                said(sentence)
            answer = event.get("done", answer)
    if answer is None:
        raise ModelError("The model ended without an answer; ask again.")
    return answer


def _notice(answer: Answer, understood: str) -> str:
    """The answer's notice without the question as understood, which has a place of its own."""
    note = say("notice.understood", answer.language, question=understood)
    return answer.notice.removeprefix(note).strip()
