"""The index of one home folder: its live generation, its writer, its history."""

from pathlib import Path

from corpus.errors import IndexMissing
from corpus.progress import Progress
from index.encoders.base import Encoder
from index.generations import Layout
from index.options import IndexOptions
from index.reader import Reader
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
        """The live generation. Raises `IndexMissing` when there is none, or `IndexDamaged`."""
        while True:
            live = self.layout.live()
            if live is None:
                raise IndexMissing(
                    "Nothing is indexed yet; type `kordon index add PATH` with a file or a folder."
                )
            try:
                return Reader(self.layout.folder(live))
            except IndexMissing:
                # It was replaced and collected between the two steps: look again.
                if self.layout.live() == live:
                    raise

    def writer(
        self,
        encoder: Encoder,
        options: IndexOptions | None = None,
        progress: Progress | None = None,
    ) -> Writer:
        """A writer; enter it to take the lock. Raises `IndexLocked` then."""
        return Writer(self.layout, encoder, options, progress)
