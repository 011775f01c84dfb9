"""The steps of an answer while it is made: searching, reading, (writing,) checking."""

from typing import TYPE_CHECKING

from rag.ui import markup
from rag.ui.i18n import Translator

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

# What is announced (`rag.stages`), by the step it belongs to. Whoever composes answers with a
# model announces "extractive" first and quotes within it, which is searching to a reader.
QUOTING = {"read": 0, "search": 0, "catalogue": 0, "choose": 1, "verify": 2}
COMPOSING = {"extractive": 0, "gate": 1, "compose": 2, "repair": 3}


class Steps:
    """A listener that shows how far the answer is; it takes the place of the answer.

    Steps only go forward, so that nothing jumps back while somebody reads.
    """

    def __init__(self, say: Translator, place: "DeltaGenerator") -> None:
        search, read = say.t("ask.step_search"), say.t("ask.step_read")
        check = say.t("ask.step_check")
        self._composing = (search, read, say.t("ask.step_write"), check)
        self._names: tuple[str, ...] = (search, read, check)
        self._stages, self._at = QUOTING, 0
        self._sentences: list[str] = []
        self._place = place
        self._draw()

    def __call__(self, stage: str) -> None:
        """A step begins; what is no step of its own for a reader changes nothing."""
        if stage == "extractive":
            self._names, self._stages = self._composing, COMPOSING
            self._draw()
        at = self._stages.get(stage, 0)
        if at > self._at:
            self._at = at
            self._draw()

    def said(self, sentence: str) -> None:
        """A sentence is written and checked; it is shown below the steps until all is there."""
        self._sentences.append(sentence)
        self._draw()

    def _draw(self) -> None:
        shown = "".join(markup.block(sentence) for sentence in self._sentences)
        self._place.html(markup.steps(self._names, self._at) + shown)
