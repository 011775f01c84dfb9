"""What the catalogue tells of documents, and what a change did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document of one generation; see `corpus.types.Document` for the fields of the same name.

    `also` are other paths with the same content. `pages`, `characters` and `chunks` are counts,
    `unread` the numbers of pages that nobody could read. `size` counts bytes of the file, `added`
    is the UTC time (ISO 8601) at which the content was taken in.
    """

    id: str
    root: str
    path: str
    also: tuple[str, ...]
    format: str
    title: str
    date: str
    publisher: str
    label: str
    language: str
    paged: bool
    pages: int
    characters: int
    chunks: int
    problems: tuple[str, ...]
    unread: tuple[int, ...]
    size: int
    added: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was taken in: where, how large, when changed, and what it contained.

    `digest` is the SHA-256 of its bytes, `label` the clearance it was added with, `settings` a
    digest of what `documents.toml` says about it. `modified` (nanoseconds) is 0 when the file was
    too young for its time to prove anything.
    """

    root: str
    path: str
    document_id: str
    size: int
    modified: int
    digest: str
    label: str
    settings: str


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """What a change did, in documents. `failed` pairs paths with one sentence each.

    `moved` files had a new path and known content, or lost one path of several; `duplicates` are
    further files with the content of one that stays. `notes` are sentences on what concerns no
    file, `left_out` pairs suffixes of other kinds of files with their number, most frequent first.
    `generation` is the live one afterwards; it did not move when nothing changed.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    moved: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    generation: int | None = None
    duplicates: int = 0
    notes: tuple[str, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def nothing_happened(self) -> bool:
        """True when no document was added, changed, moved, removed or found once more."""
        return not (self.added or self.changed or self.removed or self.moved or self.duplicates)
