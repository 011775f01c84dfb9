"""The manifest of a generation: what it is, what it contains, and proof that nothing changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import IndexDamaged, IndexMissing
from index.card import FORMAT, IndexCard, card_from_json, card_to_json
from index.storage import crc32_file, files_below, forbidden, sha256_file

MANIFEST = "manifest.json"
DOCUMENTS = "documents"
ORIGINALS = "originals"
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
    except PermissionError as error:
        raise forbidden(folder / MANIFEST) from error
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


def _digest(data: Mapping[str, object]) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _damaged(folder: Path) -> IndexDamaged:
    return IndexDamaged(
        f"The manifest of generation {folder.name} is damaged; type `kordon index rollback`."
    )
