"""A benchmark started on the quality page: a process of its own, so that no reader waits for it."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from corpus.errors import UsageError
from rag.ui.evaluation import COMMAND
from rag.ui.quality_logic import Run, all_runs

LOG = "benchmark.log"  # in the home's log folder


@dataclass(slots=True)
class Benchmark:
    """A process and what it was asked to do; `known` are the runs that were finished before."""

    arguments: tuple[str, ...]
    home: Path
    log: Path
    process: "subprocess.Popen[bytes]"
    started: float
    known: frozenset[Path] = field(default_factory=frozenset)
    asked_to_stop: bool = False

    @property
    def running(self) -> bool:
        """Whether it still goes on."""
        return self.process.poll() is None

    @property
    def failed(self) -> bool:
        """Whether it ended with an error."""
        return (self.process.poll() or 0) != 0

    @property
    def stopped(self) -> bool:
        """Whether it ended because somebody stopped it."""
        return self.asked_to_stop and self.failed

    def run(self) -> Run | None:
        """The run in hand: the one whose folder was written to last since the start."""
        own = [
            run
            for run in all_runs(self.home)
            if run.path not in self.known and _written(run.path) >= self.started - 1
        ]
        return max(own, key=lambda run: _written(run.path), default=None)

    def last_words(self) -> str:
        """The last line that it wrote: a path, or why it failed."""
        try:
            lines = self.log.read_text("utf-8", errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""

    def stop(self) -> None:
        """Interrupt it as Ctrl-C does: the same request goes on where it was."""
        if self.running:
            self.asked_to_stop = True
            self.process.send_signal(signal.SIGINT)


class Bench:
    """Room for one benchmark at a time: two would only slow each other down."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._current: Benchmark | None = None

    @property
    def current(self) -> Benchmark | None:
        """The one that goes on, or the last one."""
        return self._current

    def start(self, home: Path, arguments: Sequence[str]) -> Benchmark:
        """Start `kordon-eval` with these arguments. Raises `UsageError` while another one runs."""
        with self._lock:
            if self._current is not None and self._current.running:
                raise UsageError("Another benchmark is running; wait for it or stop it.")
            self._current = _started(home, arguments)
            return self._current


def arguments(
    dataset: str, systems: Sequence[str], *, answers: bool, limit: int, calibrate: bool
) -> list[str]:
    """The command line of a benchmark; `limit` questions of every language pair, 0 for all."""
    words = ["calibrate" if calibrate else "run", dataset, "--quiet"]
    if limit:
        words += ["--limit", str(limit)]
    if not calibrate:
        words.append("--answers" if answers else "--no-answers")
        for system in systems:
            words += ["--system", system]
    return words


def _started(home: Path, words: Sequence[str]) -> Benchmark:
    log = home / "log" / LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    # Readers come first: the benchmark gets what they leave over.
    polite = ["nice", "-n", "10"] if shutil.which("nice") else []
    known = frozenset(run.path for run in all_runs(home) if run.finished)
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*polite, sys.executable, "-m", COMMAND, *words],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Benchmark(tuple(words), home, log, process, time.time(), known)


def _written(path: Path) -> float:
    """When something in a run folder was written last (seconds of the epoch)."""
    return max((file.stat().st_mtime for file in path.iterdir()), default=0.0)


BENCH = Bench()
