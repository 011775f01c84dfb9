"""Long work beside the page: it goes on while the reader looks elsewhere, and can be watched.

job = Job.start("upload", lambda watch: writer.add(paths))
job.watch.now()     # the step in hand, for a page that looks again every second
job.failure(say)    # "" or the one sentence for the reader
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rag.ui.i18n import Translator
from rag.ui.problems import sentence

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the work: `done` of `total` items of a `unit`."""

    name: str
    done: int
    total: int
    unit: str


@dataclass(slots=True)
class Watch:
    """A `corpus.progress.Progress` that remembers how far each step is, and which documents were
    begun."""

    steps: dict[str, Step] = field(default_factory=dict)
    documents: list[object] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def track(self, items: Iterable[Item], *, step: str, total: int, unit: str) -> Iterator[Item]:
        """Yield `items` unchanged and note each."""
        done = 0
        self.steps[step] = Step(step, 0, total, unit)
        for done, item in enumerate(items):
            self.steps[step] = Step(step, done, total, unit)
            if unit == "document":
                self.documents.append(item)
            yield item
        self.steps[step] = Step(step, total if total else done, total, unit)

    def now(self) -> Step | None:
        """The step in hand, None before the first."""
        return next(reversed(self.steps.values()), None)


@dataclass(slots=True)
class Job(Generic[Result]):
    """Work in a thread of its own. `kind` says to the page what it is."""

    kind: str
    watch: Watch
    future: "Future[Result]"
    started: float
    sentences: dict[str, str] = field(default_factory=dict)

    @classmethod
    def start(cls, kind: str, work: Callable[[Watch], Result]) -> "Job[Result]":
        """Begin at once."""
        watch = Watch()
        pool = ThreadPoolExecutor(1, thread_name_prefix=f"kordon-{kind}")
        future = pool.submit(work, watch)
        pool.shutdown(wait=False)
        return cls(kind, watch, future, time.time())

    @property
    def running(self) -> bool:
        """Whether the work still goes on."""
        return not self.future.done()

    def wait(self, seconds: float) -> bool:
        """Whether the work is done within so many seconds."""
        return not wait_for([self.future], seconds).not_done

    def stop(self) -> None:
        """Ask the work to end after the item in hand; work that does not look goes on."""
        self.watch.stopped.set()

    def failure(self, say: Translator) -> str:
        """The sentence for the reader when the work failed, else "" (also while it runs)."""
        error = self.future.exception() if self.future.done() else None
        if error is None:
            return ""
        if not isinstance(error, Exception):
            raise error  # an interruption of the whole program
        if say.language not in self.sentences:
            self.sentences[say.language] = sentence(error, say)
        return self.sentences[say.language]

    @property
    def result(self) -> Result | None:
        """What came out; None while the work runs and when it failed."""
        if not self.future.done() or self.future.exception() is not None:
            return None
        return self.future.result()
