"""Which files there are below paths: every real folder once, however many links lead to it."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from corpus.errors import UsageError
from corpus.overrides import OVERRIDES_FILE
from corpus.parsers import table

# Documents that are read, and those whose owner should hear that they are not.
_DOCUMENTS = frozenset(table.SUFFIXES) | table.UNREAD
Kind = Literal["folder", "file", "special", "nothing"]


class Walk:
    """One walk over `files`, and what was met on the way.

    `refused` are (root, path, sentence) of folders that cannot be read and of pipes, sockets and
    devices that are called like documents; `left_out` counts files of other kinds by their suffix;
    `folders` are those that were looked into or that hold a file given by name.
    """

    def __init__(self) -> None:
        self.refused: list[tuple[Path, Path, str]] = []
        self.left_out: Counter[str] = Counter()
        self.folders: dict[Path, None] = {}
        self._real: set[Path] = set()
        self._roots: list[Path] = []
        self._links: deque[tuple[Path, Path]] = deque()

    def files(self, paths: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
        """(root, file) as `corpus.load.discover` says, which raises what this raises."""
        seen: set[Path] = set()
        starts = [_start(path) for path in paths]
        self._roots = [start.resolve() for start in starts if start.is_dir()]
        for root, file in self._pairs(starts):
            if file not in seen:
                seen.add(file)
                yield root, file

    def _pairs(self, starts: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
        for start in starts:
            if start.is_dir():
                yield from self._below(start, start)
            else:
                self.folders[start.parent] = None
                yield start.parent, start
        # Links come last, so that a file is named by its path without them where it has one.
        while self._links:
            root, link = self._links.popleft()
            if not self._leads_back(link):
                yield from self._below(root, link)

    def _leads_back(self, link: Path) -> bool:
        """Whether the link's target contains the link itself, or a folder that was given."""
        target = link.resolve()
        return any(one.is_relative_to(target) for one in (link.parent.resolve(), *self._roots))

    def _below(self, root: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
        real = folder.resolve()
        if real in self._real:
            return
        self._real.add(real)
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            if folder == root:
                raise UsageError(_unread(str(folder), error)) from error
            self.refused.append((root, folder, _unread(folder.name, error)))
            return
        self.folders[folder] = None
        for entry in entries:
            if not entry.name.startswith(".") and entry.name != OVERRIDES_FILE:
                yield from self._entry(root, entry)

    def _entry(self, root: Path, entry: Path) -> Iterator[tuple[Path, Path]]:
        try:
            kind = _kind(entry)
            linked = kind == "folder" and entry.is_symlink()
        except OSError as error:
            self.refused.append((root, entry, _unread(entry.name, error)))
            return
        wanted = entry.suffix.lower() in _DOCUMENTS
        if linked:
            self._links.append((root, entry))
        elif kind == "folder":
            yield from self._below(root, entry)
        elif kind == "file" and wanted:
            yield root, entry
        elif kind == "file":
            self.left_out[entry.suffix.lower()] += 1
        elif kind == "special" and wanted:
            self.refused.append((root, entry, _special(entry.name)))


def _start(path: Path) -> Path:
    """The absolute path of what was given by name. Raises `UsageError`."""
    absolute = path.expanduser().absolute()
    try:
        kind = _kind(absolute)
    except OSError as error:
        raise UsageError(_unread(str(path), error)) from error
    if kind == "nothing":
        raise UsageError(f"{path} does not exist; check the path and try again.")
    if kind == "special":  # to read it could take for ever
        raise UsageError(_special(str(path)))
    return absolute


def _kind(path: Path) -> Kind:
    """What the path leads to, through links. Raises `OSError` where that is not to be seen."""
    if path.is_dir():
        return "folder"
    if path.is_file():
        return "file"
    return "special" if path.exists() else "nothing"


def _unread(name: str, error: OSError) -> str:
    return f"{name} cannot be read ({error.strerror}); check its rights."


def _special(name: str) -> str:
    return f"{name} is a pipe, a socket or a device; only files and folders can be taken in."
