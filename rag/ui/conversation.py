"""Asking within a chat: a question becomes a turn that can be shown, kept and exported."""

from collections.abc import Callable

from rag.answering.phrases import say
from rag.assemble import Kordon
from rag.stages import heard
from rag.types import Answer
from rag.ui.chats import Turn, new_id, now
from rag.ui.source import cited, found


def ask(
    kordon: Kordon,
    question: str,
    *,
    before: str | None = None,
    turn_id: str = "",
    listen: Callable[[str], None] = lambda stage: None,
) -> Turn:
    """Answer a question; `before` is the one that came before it, as it was understood.

    `turn_id` is given when an earlier turn is asked anew. `listen` is told each step as it begins.
    Raises `KordonError` when the question or the index is at fault.
    """
    with heard(listen), kordon.view() as view:
        answer = view.ask(question, before=before)
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


def _notice(answer: Answer, understood: str) -> str:
    """The answer's notice without the question as understood, which has a place of its own."""
    note = say("notice.understood", answer.language, question=understood)
    return answer.notice.removeprefix(note).strip()
