"""The steps of an answer, told to whoever waits for it: "search", "choose", "verify", ...

Who wants to hear them wraps the call: `with heard(listener): view.ask(question)`. The parts that
work call `announce` as a step begins and need not know who listens, if anybody.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str], None]

_listener: ContextVar[Listener | None] = ContextVar("kordon_listener", default=None)


def announce(stage: str) -> None:
    """Tell the listener of this context, if there is one, that a step begins."""
    listener = _listener.get()
    if listener is not None:
        listener(stage)


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Steps that begin within the block are told to `listener`, in the thread that takes them."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
