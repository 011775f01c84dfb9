"""The history of the index: kept generations, who made them, and what changed in each."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.errors import KordonError
from index.card import card_differences
from index.history import Generation
from index.journal import Entry
from index.reader import Reader
from index.records import DocumentRecord
from index.store import IndexStore

_SAID = ("title", "date", "publisher", "label", "language")


@dataclass(frozen=True, slots=True)
class Change:
    """What a generation has that the one it was made from has not. Titles of documents.

    `known` is False when that one is not kept any more.
    """

    known: bool
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no document and no setting differs."""
        return not (self.added or self.removed or self.replaced or self.edited or self.settings)


@dataclass(frozen=True, slots=True)
class Event:
    """A kept generation with its entry in the journal (None when it was lost) and its change."""

    generation: Generation
    entry: Entry | None
    change: Change


def events(store: IndexStore) -> list[Event]:
    """Kept generations, newest first."""
    kept = {one.number: one for one in store.history()}
    made = {entry.after: entry for entry in store.journal() if entry.action != "rollback"}
    found = []
    for number, generation in sorted(kept.items(), reverse=True):
        change = Change(known=False)
        parent = generation.parent
        if parent is None and not generation.problem:
            change = _first(store.layout.folder(number))
        elif parent in kept and not generation.problem:
            change = _difference(store.layout.folder(parent), store.layout.folder(number))
        found.append(Event(generation, made.get(number), change))
    return found


def turns(store: IndexStore, most: int = 50) -> list[Entry]:
    """The last entries of the journal, newest first: every change, also of what is not kept."""
    return store.journal()[: -most - 1 : -1]


@lru_cache(maxsize=64)  # a generation never changes once it has its number
def _first(folder: Path) -> Change:
    """The first generation: all of its documents are new."""
    try:
        with Reader(folder) as reader:
            return Change(True, added=tuple(_title(one) for one in reader.documents()))
    except KordonError:
        return Change(known=False)


@lru_cache(maxsize=64)
def _difference(old: Path, new: Path) -> Change:
    """What changed between two kept generations; unknown when one of them does not open."""
    try:
        with Reader(old) as before, Reader(new) as after:
            was = {one.id: one for one in before.documents()}
            now = {one.id: one for one in after.documents()}
            settings = tuple(card_differences(before.card, after.card))
    except KordonError:
        return Change(known=False)
    fresh = [one for key, one in now.items() if key not in was]
    gone = [one for key, one in was.items() if key not in now]
    places = {(one.root, one.path) for one in gone}
    replaced = [one for one in fresh if (one.root, one.path) in places]
    kept = {(one.root, one.path) for one in replaced}
    return Change(
        known=True,
        added=tuple(_title(one) for one in fresh if one not in replaced),
        removed=tuple(_title(one) for one in gone if (one.root, one.path) not in kept),
        replaced=tuple(_title(one) for one in replaced),
        edited=tuple(_title(one) for key, one in now.items() if _edited(was.get(key), one)),
        settings=settings,
    )


def _edited(old: DocumentRecord | None, new: DocumentRecord) -> bool:
    return old is not None and any(getattr(old, key) != getattr(new, key) for key in _SAID)


def _title(record: DocumentRecord) -> str:
    return record.title or record.path
