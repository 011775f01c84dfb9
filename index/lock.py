"""One writer at a time: a lock that dies with its owner, and says who that is.

The operating system holds the lock (`flock`), so a killed owner holds nothing; the file's content
is for people.
"""

import fcntl
import getpass
import json
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.errors import IndexLocked
from index.storage import storage_errors


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the lock: process, its start (clock ticks after boot), and since when (epoch)."""

    pid: int
    started: int
    host: str
    user: str
    since: float
    action: str


def current_owner(action: str) -> Owner:
    """This process."""
    return Owner(
        pid=os.getpid(),
        started=_start_ticks(os.getpid()),
        host=socket.gethostname(),
        user=_user(),
        since=time.time(),
        action=action,
    )


class WriterLock:
    """A context manager. Raises `IndexLocked` when a living process holds the lock."""

    def __init__(self, path: Path, action: str) -> None:
        """`action` is told to whoever is refused ("add")."""
        self._path = path
        self._action = action
        self._descriptor: int | None = None
        self.taken_over: Owner | None = None

    def __enter__(self) -> Self:
        with storage_errors(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                raise IndexLocked(_refusal(read_owner(self._path))) from None
            self.taken_over = read_owner(self._path)
            self._descriptor = descriptor
            try:
                self._write(current_owner(self._action))
            except OSError:
                self._release()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            self._release()

    def _release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, owner: Owner) -> None:
        assert self._descriptor is not None
        data = {name: getattr(owner, name) for name in Owner.__slots__}
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(data).encode(), 0)


def read_owner(path: Path) -> Owner | None:
    """Who wrote the lock file last and did not finish; None when it is empty or unreadable."""
    try:
        data = json.loads(path.read_bytes())
        return Owner(**data)
    except (OSError, ValueError, TypeError):
        return None


def _refusal(owner: Owner | None) -> str:
    if owner is None:
        return "Another process is changing the index; wait until it is done and try again."
    minutes = max(0, int((time.time() - owner.since) / 60))
    age = "less than a minute" if minutes < 1 else f"{minutes} min"
    return (
        f"Process {owner.pid} of {owner.user} has been changing the index for {age} "
        f"({owner.action}); wait until it is done, or end it, and try again."
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _start_ticks(pid: int) -> int:
    """When a process started, so that a number used again is not taken for the same one."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19])
    except (OSError, ValueError, IndexError):
        return 0
