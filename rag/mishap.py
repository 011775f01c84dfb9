"""Errors nobody foresaw: one sentence with a reference number; the traceback goes to the log."""

import errno
import logging
import secrets
import sqlite3
import time
import traceback
from pathlib import Path
from typing import Literal

Refusal = Literal["", "memory", "full", "denied"]

NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT))
NOT_ALLOWED = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))


def report(error: BaseException, log: Path | None = None) -> str:
    """Write the traceback to `log` (the home's if None) and return the sentence for the user."""
    known = _plain(error)
    if known:
        return known
    reference, place = keep(error, log)
    return f"Something went wrong inside Kordon; the reference is {reference}, and {place}."


def keep(error: BaseException, log: Path | None = None) -> tuple[str, str]:
    """Write the traceback to `log`; its reference number, and where it is as a sentence's end."""
    reference = f"{time.strftime('%Y%m%d')}-{secrets.token_hex(3).upper()}"
    return reference, _write(error, reference, log)


def refusal(error: BaseException) -> Refusal:
    """What the operating system refuses, or "" when it is something else."""
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
        return "full"
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return "full"
    if isinstance(error, OSError) and error.errno in NOT_ALLOWED:
        return "denied"
    return ""


def keep_log(folder: Path) -> None:
    """Send warnings of all libraries to `kordon.log` in `folder`, never to the terminal."""
    root = logging.getLogger()
    if not any(isinstance(handler, _HomeLog) for handler in root.handlers):
        root.addHandler(_HomeLog(folder))
    logging.captureWarnings(capture=True)


class _HomeLog(logging.Handler):
    """Appends records to a file that is made when there is something to write."""

    def __init__(self, folder: Path) -> None:
        super().__init__(logging.WARNING)
        self.file = folder / "kordon.log"
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(self.format(record) + "\n")
        except OSError:
            # A log that cannot be written must not stop the work that is being logged.
            return


def _plain(error: BaseException) -> str:
    """A sentence for what an operating system refuses, else ""."""
    kind = refusal(error)
    name = error.filename if isinstance(error, OSError) else None
    where = f" ({name})" if name else ""
    if kind == "memory":
        return "There is not enough memory; close other programs or index fewer files at a time."
    if kind == "full":
        return f"The disk is full{where}; free some space and run the command again."
    if kind == "denied":
        return f"Kordon may not write or read here{where}; check the folder's permissions."
    return ""


def _write(error: BaseException, reference: str, log: Path | None) -> str:
    """Keep the traceback; returns where, as the end of a sentence."""
    from rag.settings import home_folder

    folder = log or home_folder() / "log"
    text = "".join(traceback.format_exception(error))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "errors.log").open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{reference} {time.strftime('%Y-%m-%d %H:%M:%S')}\n{text}\n")
    except OSError:
        return f"the log in {folder} could not be written"
    return f"the details are in {folder / 'errors.log'}"
