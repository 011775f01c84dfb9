"""What the server does beside the pages, so that nobody waits for it.

Before the first reader comes, the index, the model and the answers are opened. Then everything that
is there for good is taken out of the garbage collector's sight: Streamlit collects garbage after
every run of a page, which over these objects took 85 ms of every click, in which nobody else could
compute (decision 0406).
"""

import gc
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from corpus.errors import KordonError
from rag.ui.service import kordon

if TYPE_CHECKING:
    from streamlit import App

AGAIN_S = 1_800.0  # what became garbage among the objects put aside is collected this often
QUESTIONS = ("What is this about?", "О чём говорится в документах?")


class Keeper:
    """Puts long-lived objects aside, again when another generation is opened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation: int | None = None
        self._last = 0.0
        self.active = False  # set by a server; tests and commands collect as usual

    def settle(self) -> None:
        """Called after a page has run; nearly always there is nothing to do."""
        if not self.active or time.monotonic() - self._last < AGAIN_S and not self._moved():
            return
        if self._lock.acquire(blocking=False):
            try:
                self.put_aside()
            finally:
                self._lock.release()

    def put_aside(self) -> None:
        """Collect garbage once, everywhere, and leave what remains alone."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._generation = kordon().index.generation()
        self._last = time.monotonic()

    def _moved(self) -> bool:
        return kordon().index.generation() != self._generation


KEEPER = Keeper()


def open_everything() -> None:
    """Open the index, the model and the answers by using them; without an index there is none."""
    try:
        for question in QUESTIONS:
            kordon().ask(question)
    except (KordonError, OSError):
        return  # whoever comes is told on the page what is missing
    KEEPER.put_aside()


@asynccontextmanager
async def lifespan(_: "App") -> AsyncIterator[None]:
    """From the start of the server to its end; the opening does not hold up the first page."""
    KEEPER.active = True
    threading.Thread(target=open_everything, name="kordon-warm", daemon=True).start()
    yield
