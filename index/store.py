"""The index of one home folder: its live generation, its writer, its history."""

from pathlib import Path

from corpus.errors import IndexMissing
from corpus.progress import Progress
from index.archive import export_index, import_index
from index.encoders.base import Encoder
from index.generations import Layout
from index.history import Collected, Generation, garbage, history, rollback
from index.journal import Entry, read_entries
from index.options import IndexOptions
from index.reader import Reader
from index.session import Session
from index.verification import verify_generation
from index.writer import ChangeReport, Writer

__all__ = ["ChangeReport", "IndexOptions", "IndexStore", "Reader", "Writer"]


class IndexStore:
    """Everything that can be done with `KORDON_HOME/index`. Cheap to make; opens nothing."""

    def __init__(self, home: Path) -> None:
        """`home` is `KORDON_HOME`."""
        self.layout = Layout(Path(home))

    def generation(self) -> int | None:
        """The live generation's number, None before the first; cheap enough for every query."""
        return self.layout.live()

    def open(self) -> Reader:
        """The live generation. Raises `IndexMissing` when nothing is indexed, `IndexDamaged`."""
        while True:
            live = self.layout.established()
            try:
                return Reader(self.layout.folder(live))
            except IndexMissing as error:
                # It was replaced and collected between the two steps: look again.
                if self.layout.live() == live:
                    raise self.layout.lost(live) from error

    def writer(
        self,
        encoder: Encoder | None,
        options: IndexOptions | None = None,
        progress: Progress | None = None,
    ) -> Writer:
        """A writer; enter it to take the lock. Raises `IndexLocked` then.

        Without an encoder it can only remove.
        """
        return Writer(self.layout, encoder, options, progress)

    def history(self) -> list[Generation]:
        """The generations that are kept, oldest first."""
        return history(self.layout)

    def journal(self) -> list[Entry]:
        """Every change since the beginning, oldest first."""
        return read_entries(self.layout.journal)

    def rollback(self, generation: int | None = None) -> int:
        """Make a kept generation live again, the one before if None. Returns its number."""
        self._exists()
        with self._session("going back") as session:
            return rollback(session, generation)

    def gc(self, options: IndexOptions | None = None, *, now: bool = False) -> Collected:
        """Remove generations beyond those kept; `now` keeps the live one only, without traces of
        removed documents on disk.
        """
        self.layout.established()  # with no live one, `now` would keep nothing at all
        with self._session("clearing up", options) as session:
            return garbage(session, now=now)

    def verify(self, generation: int | None = None) -> list[str]:
        """Everything that is damaged in a generation (the live one if None), as sentences."""
        number = self.layout.established() if generation is None else generation
        if number not in self.layout.numbers():
            return [f"Generation {number} is not there; type `kordon index history`."]
        return verify_generation(self.layout.folder(number))

    def export(self, target: Path, progress: Progress | None = None) -> int:
        """Write the live generation into one checksummed archive. Returns its bytes."""
        with self.open() as reader:
            return export_index(reader, target, progress)

    def import_(self, source: Path, progress: Progress | None = None) -> int:
        """Make the generation of an archive the live one. Returns its new number."""
        with Session(self.layout, None, None, progress, "importing") as session:
            return import_index(session, source)

    def _session(self, purpose: str, options: IndexOptions | None = None) -> Session:
        return Session(self.layout, None, options, purpose=purpose)

    def _exists(self) -> None:
        if not self.layout.numbers():
            raise IndexMissing("Nothing is indexed yet; type `kordon index add PATH`.")
