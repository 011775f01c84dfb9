"""The derived parts of a generation, opened on first use, never from damaged files."""

import threading
from pathlib import Path

from corpus.errors import IndexDamaged
from index.manifest import Manifest
from index.storage import crc32_file, forbidden
from index.stores.base import Part
from index.stores.table import store_class

# Files of a part are checked when it is opened, up to so many bytes; `verify` checks them all.
_CHECKED_BYTES = 256_000_000


class PartShelf:
    """The parts of one generation. Safe to call from several threads."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Opens nothing yet."""
        self._folder = folder
        self._manifest = manifest
        self._open: dict[str, Part] = {}
        self._lock = threading.Lock()

    def part(self, kind: str) -> Part:
        """A part by its kind. Raises `IndexDamaged` when it is damaged, missing or outdated."""
        with self._lock:
            if kind not in self._open:
                self._open[kind] = self._opened(kind)
            return self._open[kind]

    def close(self) -> None:
        """Close all."""
        with self._lock:
            for part in self._open.values():
                part.close()
            self._open.clear()

    def _opened(self, kind: str) -> Part:
        number, card = self._manifest.generation, self._manifest.card.part(kind)
        if card is None:
            raise IndexDamaged(f"Generation {number} has no {kind}; type `kordon index rebuild`.")
        known = store_class(kind, card.spec)
        if known.revision != card.revision:
            raise IndexDamaged(
                f"The {kind} of generation {number} were written by {card.revision}, this version "
                f"reads {known.revision}; type `kordon index rebuild`."
            )
        names = [name for name in self._manifest.files if name.startswith(f"{kind}/")]
        weight = sum(self._manifest.files[name].size for name in names)
        for name in names:
            check_file(self._folder, self._manifest, name, only_size=weight > _CHECKED_BYTES)
        return known.open(self._folder / kind, writable=False)


def check_file(folder: Path, manifest: Manifest, name: str, *, only_size: bool = False) -> None:
    """Raise `IndexDamaged` unless a file is what the manifest says, by size and CRC-32."""
    entry, path = manifest.files.get(name), folder / name
    try:
        whole = entry is not None and path.stat().st_size == entry.size
        if whole and entry is not None and not only_size:
            whole = crc32_file(path) == entry.crc
    except PermissionError as error:
        raise forbidden(path) from error
    except OSError:
        whole = False
    if not whole:
        raise IndexDamaged(
            f"{name} of generation {manifest.generation} is damaged; type `kordon index repair` or "
            "`kordon index rollback`."
        )
