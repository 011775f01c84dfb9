"""Ctrl-C ends a command in order, however often it is pressed."""

import os
import signal
import time
from types import FrameType

INTERRUPTED = 130
PATIENCE = 2.0  # seconds in which another Ctrl-C is only impatience


class _Once:
    """Raises `KeyboardInterrupt` once; what is tidied up then is not interrupted again.

    Where that takes longer than `PATIENCE`, another Ctrl-C ends the process at once: an index is
    whole whenever its writer dies.
    """

    def __init__(self) -> None:
        self._first: float | None = None

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if self._first is None:
            self._first = time.monotonic()
            raise KeyboardInterrupt
        if time.monotonic() - self._first > PATIENCE:
            os.write(2, b"Stopped.\n")
            os._exit(INTERRUPTED)


def interrupt_once() -> None:
    """Take over Ctrl-C, unless whoever started this process has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _Once())


def no_more_interrupts() -> None:
    """Nothing is left to stop: the exit code is known."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
