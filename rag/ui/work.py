"""The one desk for changes of the index: all browsers see what is being done, one at a time."""

from collections.abc import Callable
from threading import Lock

from rag.ui.jobs import Job, Watch


class Desk:
    """Holds the job in hand, and the last one until the next begins."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._job: Job[object] | None = None

    def begin(self, kind: str, work: Callable[[Watch], object]) -> bool:
        """Start the work; False when another one is still going on."""
        with self._lock:
            if self._job is not None and self._job.running:
                return False
            self._job = Job.start(kind, work)
            return True

    @property
    def job(self) -> "Job[object] | None":
        """The job in hand or the last one."""
        return self._job

    def clear(self) -> None:
        """Forget a finished job, so that its outcome is shown no longer."""
        with self._lock:
            if self._job is not None and not self._job.running:
                self._job = None


DESK = Desk()
