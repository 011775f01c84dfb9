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
import os
import shutil
from pathlib import Path

from corpus.errors import IndexDamaged, IndexMissing
from index import catalogue
from index.journal import read_entries
from index.manifest import DOCUMENTS, MANIFEST, ORIGINALS, Manifest, manifest_bytes
from index.storage import clone_tree, forbidden, fsync, sync_tree, write_file

_BUILDING = ".building-"


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
        """The live generation's number, None when there is none.

        Raises `IndexDamaged`, and `StorageError` without the permission to look.
        """
        try:
            text = self.current.read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError as error:
            raise forbidden(self.current) from error
        except (OSError, UnicodeDecodeError):
            text = ""
        if not text.isdigit():
            raise IndexDamaged(
                f"{self.current} does not hold a generation's number; type "
                "`kordon index history` and then `kordon index rollback GENERATION`."
            )
        return int(text)

    def established(self) -> int:
        """The live generation's number where there must be one.

        Raises `IndexMissing` before the first, `IndexDamaged` when nothing says which one is live.
        """
        live = self.live()
        if live is not None:
            return live
        kept = ", ".join(map(str, self.numbers()))
        if kept:
            raise IndexDamaged(
                f"{self.current} is missing, so no generation is live; type `kordon index "
                f"rollback` for the newest of those that are there ({kept}), or add its number."
            )
        raise IndexMissing(
            "Nothing is indexed yet; type `kordon index add PATH` with a file or a folder."
        )

    def lost(self, live: int) -> IndexDamaged:
        """What to raise when the live generation's folder or manifest is gone: the way back."""
        numbers = [number for number in self.numbers() if number != live]
        whole = [number for number in numbers if (self.folder(number) / MANIFEST).is_file()]
        if any(number < live for number in whole):
            remedy = "type `kordon index rollback`"
        elif whole:
            remedy = f"type `kordon index rollback {whole[-1]}`"
        else:
            remedy = (
                f"take in a backup with `kordon index import`, or remove {self.root} and add the "
                "documents again with `kordon index add PATH`"
            )
        return IndexDamaged(f"The live generation {live} or its manifest is missing; {remedy}.")

    def numbers(self) -> list[int]:
        """All complete generations, ascending. Raises `StorageError` without the permission."""
        try:
            if not self.generations.is_dir():
                return []
            names = [path.name for path in self.generations.iterdir() if path.is_dir()]
        except PermissionError as error:
            raise forbidden(self.generations) from error
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


def hold(folder: Path) -> int:
    """Hold a generation so that `gc` leaves it alone; close the descriptor to let go.

    Raises `IndexMissing` when it is gone, `StorageError` without the permission to read it.
    """
    try:
        descriptor = os.open(folder / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
    except PermissionError as error:
        raise forbidden(folder / MANIFEST) from error
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
