"""The documents of the live generation as an administrator sees them, and changes to them."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.errors import UsageError
from corpus.overrides import Override
from corpus.types import Page
from index.reader import Reader
from index.records import ChangeReport, DocumentRecord
from rag.assemble import Kordon
from rag.ui.document_edit import say_about
from rag.ui.jobs import Watch
from rag.ui.uploads import folder

State = Literal["fine", "partly", "empty", "changed", "gone"]
STATES: tuple[State, ...] = ("fine", "partly", "empty", "changed", "gone")
URGENT: tuple[State, ...] = ("empty", "partly", "changed", "gone", "fine")
Order = Literal["title", "added", "date", "pages", "state"]
ORDERS: tuple[Order, ...] = ("title", "added", "date", "pages", "state")


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list. `name` tells its file from all others.

    "partly": pages could not be read or something is said about it; "empty": nothing of it can be
    found; "changed": its file is another one now; "gone": its file is no longer where it was.
    """

    record: DocumentRecord
    state: State
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One document, opened: its pages, and the kept copy of its file if there is one."""

    record: DocumentRecord
    pages: tuple[Page, ...]
    original: Path | None
    forced: str


def place(record: DocumentRecord) -> Path:
    """Where the document's file was when it was taken in."""
    return Path(record.root) / record.path


def rows(reader: Reader) -> list[Row]:
    """All documents with their states."""
    sizes = {
        (source.root, source.path): source.size for source in reader.catalogue.sources().values()
    }
    return [
        Row(
            record,
            _state(record, sizes.get((record.root, record.path))),
            reader.name(record.id),
        )
        for record in reader.documents()
    ]


def _state(record: DocumentRecord, size: int | None) -> State:
    if not record.chunks:
        return "empty"
    if record.problems or record.unread:
        return "partly"
    try:
        now = place(record).stat().st_size
    except OSError:
        return "gone"
    return "fine" if size in (None, now) else "changed"


def picked(
    found: Sequence[Row], words: str = "", state: State | None = None, order: Order = "title"
) -> list[Row]:
    """The rows with all of these words in title, file name, publisher or label, in an order."""
    wanted = words.casefold().split()
    kept = [
        row
        for row in found
        if (state is None or row.state == state) and all(word in _text(row) for word in wanted)
    ]
    kept.sort(key=lambda row: (row.record.title.casefold(), row.name))
    if order == "added":
        kept.sort(key=lambda row: row.record.added, reverse=True)
    elif order == "date":
        kept.sort(key=lambda row: row.record.date, reverse=True)
    elif order == "pages":
        kept.sort(key=lambda row: -row.record.pages)
    elif order == "state":
        kept.sort(key=lambda row: URGENT.index(row.state))
    return kept


def _text(row: Row) -> str:
    record = row.record
    parts = (record.title, row.name, record.publisher, record.label, record.date, *record.also)
    return " ".join(parts).casefold()


def opened(reader: Reader, document_id: str) -> Shown | None:
    """One document; None when the generation does not hold it."""
    record = next((one for one in reader.documents() if one.id == document_id), None)
    if record is None:
        return None
    kept = reader.kept_original(record.id)
    original = kept if kept is not None and kept.is_file() else None
    return Shown(record, reader.pages(record.id), original, reader.forced_language(record.id))


def edit(kordon: Kordon, record: DocumentRecord, said: Override, watch: Watch) -> ChangeReport:
    """Write what is said about a document beside its file and take the file in again.

    Raises `UsageError` when the file is no longer there, `KordonError`, `OSError`.
    """
    file = place(record)
    if not file.is_file():
        _bring_back(kordon, record, file)
    say_about(file, said)
    with kordon.writer(watch) as writer:
        return writer.add([file])


def _bring_back(kordon: Kordon, record: DocumentRecord, file: Path) -> None:
    """Put the kept copy of an uploaded file where it was; a person's own folders are his own."""
    with kordon.reader() as reader:
        kept = reader.kept_original(record.id)
        if Path(record.root) == folder(kordon.settings.home) and kept and kept.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept, file)
            return
    raise UsageError(
        f"{record.path} is no longer in {record.root}; put it back or upload it here, then change "
        "what is said about it."
    )


def remove(kordon: Kordon, records: Sequence[DocumentRecord], watch: Watch) -> ChangeReport:
    """Take documents out of the index; files that were uploaded here are deleted with them.

    Kept generations still hold them, so that going back brings them back.
    """
    with kordon.writer(watch) as writer:
        report = writer.remove([record.id for record in records])
    for record in records:
        file = place(record)
        if Path(record.root) == folder(kordon.settings.home) and file.is_file():
            say_about(file, Override())
            file.unlink()
    return report


def look_again(kordon: Kordon, watch: Watch) -> ChangeReport:
    """Take in again every known file that has changed since; files that are gone stay indexed."""
    with kordon.reader() as reader:
        files = [place(record) for record in reader.documents()]
    with kordon.writer(watch) as writer:
        return writer.add([file for file in files if file.is_file()])


def rebuild(kordon: Kordon, reread: bool, watch: Watch) -> ChangeReport:
    """Build the index anew with the settings as they are now; `reread` reads all files again."""
    with kordon.writer(watch) as writer:
        return writer.rebuild(reread=reread)
