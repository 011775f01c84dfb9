"""The steps of an answer while it is made: searching, reading, checking."""

from typing import TYPE_CHECKING

from rag.ui import markup
from rag.ui.i18n import Translator

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

STEPS = ("ask.step_search", "ask.step_read", "ask.step_check")
# What the answerers announce (`rag.stages`), by the step it belongs to.
STAGES = {
    "read": 0,
    "search": 0,
    "catalogue": 0,
    "choose": 1,
    "generate": 1,
    "write": 1,
    "verify": 2,
    "check": 2,
}


class Steps:
    """A listener that shows how far the answer is; it takes the place of the answer."""

    def __init__(self, say: Translator, place: "DeltaGenerator") -> None:
        self._names = [say.t(key) for key in STEPS]
        self._place = place
        self._at = -1
        self("search")

    def __call__(self, stage: str) -> None:
        """A step begins; what is no step of its own for a reader changes nothing."""
        at = STAGES.get(stage, self._at)
        if at != self._at:
            self._at = at
            self._place.html(markup.steps(self._names, at))
