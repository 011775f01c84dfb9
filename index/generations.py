"""Generations on disk: complete folders, one of which is live.

    index/
      CURRENT                  number of the live generation; replaced whole, the atomic step
      generations/000007/      manifest.json, catalogue.sqlite, documents/, originals/, and a folder
                               for each derived part; never changed once it has its number
      generations/.building-*  being built, or left by a crash: removed by the next writer
      cache/  lock  journal.jsonl

Unchanged files are hard links to those of the generation before, so a generation costs what is new.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import IndexDamaged, IndexMissing
from index import catalogue
from index.card import FORMAT, IndexCard, card_from_json, card_to_json
from index.journal import read_entries
from index.storage import (
    clone_tree,
    crc32_file,
    files_below,
    fsync,
    sha256_file,
    sync_tree,
    write_file,
)

MANIFEST = "manifest.json"
DOCUMENTS = "documents"
ORIGINALS = "originals"
_BUILDING = ".building-"
# Their checksums stand in the catalogue, whose own stands in the manifest.
_BY_CATALOGUE = (f"{DOCUMENTS}/", f"{ORIGINALS}/")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a file must be: bytes, SHA-256, and CRC-32, which is quick enough for every opening."""

    size: int
    sha256: str
    crc: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is and contains. `files` are named by their paths relative to it.

    `remains` counts rows that were removed, but of which derived parts may still keep traces.
    """

    generation: int
    parent: int | None
    created: str
    action: str
    card: IndexCard
    counts: Mapping[str, int]
    files: Mapping[str, FileEntry] = field(default_factory=dict)
    remains: int = 0


class Layout:
    """The paths of one index, and the steps that change which generation is live."""

    def __init__(self, home: Path) -> None:
        """`home` is `KORDON_HOME`; nothing is made."""
        self.root = home / "index"
        self.generations = self.root / "generations"
        self.current = self.root / "CURRENT"
        self.lock = self.root / "lock"
        self.journal = self.root / "journal.jsonl"
        self.cache = self.root / "cache"

    def folder(self, generation: int) -> Path:
        """The folder of a generation."""
        return self.generations / f"{generation:06d}"

    def live(self) -> int | None:
        """The live generation's number, None when there is none. Raises `IndexDamaged`."""
        try:
            text = self.current.read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError):
            text = ""
        if not text.isdigit():
            raise IndexDamaged(
                f"{self.current} does not hold a generation's number; type "
                "`kordon index history` and then `kordon index rollback GENERATION`."
            )
        return int(text)

    def numbers(self) -> list[int]:
        """All complete generations, ascending."""
        if not self.generations.is_dir():
            return []
        names = (path.name for path in self.generations.iterdir() if path.is_dir())
        return sorted(int(name) for name in names if name.isdigit())

    def following(self) -> int:
        """The number of the next generation: none is ever used twice, also after `gc`."""
        entries = read_entries(self.journal)
        ever = [number for entry in entries for number in (entry.before, entry.after) if number]
        return max([0, *self.numbers(), *ever]) + 1

    def switch(self, generation: int) -> None:
        """Make a complete generation the live one, atomically and durably."""
        write_file(self.current, f"{generation}\n".encode())

    def building(self, parent: int | None) -> Path:
        """A folder to build in: a clone of `parent`, or an empty one."""
        folder = self.generations / f"{_BUILDING}{os.getpid()}"
        if folder.exists():
            shutil.rmtree(folder)
        self.generations.mkdir(parents=True, exist_ok=True)
        if parent is None:
            folder.mkdir()
        else:
            clone_tree(self.folder(parent), folder, copied=frozenset({catalogue.FILE}))
            (folder / MANIFEST).unlink()
        for name in (DOCUMENTS, ORIGINALS):
            (folder / name).mkdir(exist_ok=True)
        return folder

    def clean(self, known: int) -> list[Path]:
        """Remove what a crash left: folders being built, and those above `known`, the highest
        number that ever was live. Only the holder of the writer's lock may call it.
        """
        if not self.generations.is_dir():
            return []
        left = [
            path
            for path in self.generations.iterdir()
            if path.name.startswith(".") or (path.name.isdigit() and int(path.name) > known)
        ]
        for path in left:
            shutil.rmtree(path)
        return left

    def seal(self, folder: Path, manifest: Manifest) -> None:
        """Write the manifest of a folder that is built."""
        write_file(folder / MANIFEST, manifest_bytes(manifest))

    def publish(self, folder: Path, generation: int) -> None:
        """Make a sealed folder durable and give it its number."""
        sync_tree(folder)
        folder.rename(self.folder(generation))
        fsync(self.generations)


def file_entries(folder: Path, parent: Path | None, older: Manifest | None) -> dict[str, FileEntry]:
    """What the manifest vouches for, by relative path.

    A file that is a link to the parent's keeps the parent's entry without being read again.
    """
    known = older.files if older else {}
    found = {}
    for name in files_below(folder):
        if name == MANIFEST or name.startswith(_BY_CATALOGUE) or is_lock(name):
            continue
        path = folder / name
        same = parent is not None and name in known and _same_file(parent / name, path)
        found[name] = known[name] if same else file_entry(path)
    return found


def is_lock(name: str) -> bool:
    """Lock files of a library come and go without meaning."""
    return name.rsplit("/", 1)[-1].startswith(".") and name.endswith(".lock")


def file_entry(path: Path) -> FileEntry:
    """Read a file and say what it is."""
    return FileEntry(path.stat().st_size, sha256_file(path), crc32_file(path))


def _same_file(one: Path, other: Path) -> bool:
    return one.exists() and one.samefile(other)


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as JSON that carries its own checksum."""
    data: dict[str, object] = {
        "format": FORMAT,
        "generation": manifest.generation,
        "parent": manifest.parent,
        "created": manifest.created,
        "action": manifest.action,
        "card": card_to_json(manifest.card),
        "counts": dict(manifest.counts),
        "remains": manifest.remains,
        "files": {
            name: [entry.size, entry.sha256, entry.crc] for name, entry in manifest.files.items()
        },
    }
    data["digest"] = _digest(data)
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation. Raises `IndexDamaged`, `IndexMissing` when it has none."""
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(
            f"Generation {folder.name} is not there; type `kordon index history` to see which are."
        ) from None
    except (OSError, ValueError) as error:
        raise _damaged(folder) from error
    if not isinstance(data, dict):
        raise _damaged(folder)
    written = data.get("format")
    if isinstance(written, int) and written > FORMAT:
        raise IndexDamaged(
            f"Generation {folder.name} was written by a newer Kordon (format {written}; this one "
            f"reads {FORMAT}); install that version or type `kordon index rollback`."
        )
    if data.pop("digest", None) != _digest(data):
        raise _damaged(folder)
    try:
        return Manifest(
            generation=data["generation"],
            parent=data["parent"],
            created=data["created"],
            action=data["action"],
            card=card_from_json(data["card"]),
            counts=data["counts"],
            remains=data["remains"],
            files={name: FileEntry(*entry) for name, entry in data["files"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(folder) from error


def hold(folder: Path) -> int:
    """Hold a generation so that `gc` leaves it alone; close the descriptor to let go.

    Raises `IndexMissing` when it is gone.
    """
    try:
        descriptor = os.open(folder / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise IndexMissing(f"Generation {folder.name} is not there any more.") from error
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_held(folder: Path) -> bool:
    """True while some reader holds the generation."""
    try:
        descriptor = os.open(folder / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _digest(data: Mapping[str, object]) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _damaged(folder: Path) -> IndexDamaged:
    return IndexDamaged(
        f"The manifest of generation {folder.name} is damaged; type `kordon index rollback`."
    )
