"""A chat: questions with their answers, and what a click in them can open."""

from dataclasses import dataclass

from rag.assemble import Kordon
from rag.types import Answer
from rag.ui.source import Mention, cited, found


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, its answer, and the passages beside a refusal."""

    answer: Answer
    related: tuple[Mention, ...]

    def mention(self, marker: str) -> Mention:
        """What the numbered mark of a sentence opens."""
        return next(cited(c) for c in self.answer.citations if c.marker == marker)


def ask(kordon: Kordon, question: str) -> Turn:
    """Answer a question. Raises `KordonError` when it or the index is at fault."""
    with kordon.view() as view:
        answer = view.ask(question)
        return Turn(answer, tuple(found(hit, view.reader) for hit in answer.related))
