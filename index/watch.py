"""Follow a folder: take in files once they are complete, and let go of those that vanish.

The folder is looked at in intervals, which works on network shares too. A file is complete when
its size and time have stayed the same for `settle` seconds.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import IndexLocked, KordonError, UsageError
from index.records import ChangeReport

State = dict[Path, tuple[int, int]]


@dataclass(slots=True)
class Watcher:
    """Watches `folder`. `take_in(accept)` changes the index and is given what is complete.

    `report` hears of every change and of every error that the watch survives; of an error that
    comes again at every look only once.
    """

    folder: Path
    take_in: Callable[[Callable[[Path], bool]], ChangeReport]
    report: Callable[[ChangeReport | KordonError], None]
    interval: float = 2.0
    settle: float = 3.0
    _applied: State | None = field(default=None, init=False)
    _told: str = field(default="", init=False)
    _since: dict[Path, tuple[tuple[int, int], float]] = field(default_factory=dict, init=False)

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set."""
        while not stop.is_set():
            self.look()
            stop.wait(self.interval)

    def look(self) -> bool:
        """Look once. Returns whether the index was brought up to date."""
        state = self._scan()
        complete = self._complete(state)
        if complete == self._applied:
            return False
        if self._applied and not state:
            # More likely a share that is not mounted than every document thrown away.
            self.report(
                UsageError(
                    f"{self.folder} is empty now; nothing is removed. If that is meant, type "
                    "`kordon index remove`."
                )
            )
            self._applied = {}
            return False
        try:
            report = self.take_in(lambda path: path in complete)
        except IndexLocked:
            return False  # another writer: at the next look
        except KordonError as error:
            if str(error) != self._told:
                self.report(error)
            self._told = str(error)
            return False
        self._applied, self._told = complete, ""
        if report.failed or report.notes or not report.nothing_happened:
            self.report(report)
        return True

    def _scan(self) -> State:
        """Size and time of every file below the folder."""
        found: State = {}
        for place, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = Path(place, name)
                try:
                    state = path.stat()
                except OSError:
                    continue  # vanished since: seen at the next look
                found[path] = (state.st_size, state.st_mtime_ns)
        return found

    def _complete(self, state: State) -> State:
        """The files that have not changed for a while."""
        now = time.monotonic()
        self._since = {
            path: known if (known := self._since.get(path)) and known[0] == seen else (seen, now)
            for path, seen in state.items()
        }
        wall = time.time_ns()
        return {
            path: seen
            for path, (seen, since) in self._since.items()
            if now - since >= self.settle or wall - seen[1] > 60_000_000_000
        }
