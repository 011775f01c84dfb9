"""Files that were uploaded: kept in one folder of the home under their own names, then indexed."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UsageError
from corpus.overrides import OVERRIDES_FILE
from index.records import ChangeReport
from rag.assemble import Kordon
from rag.ui.jobs import Watch

FOLDER = "uploads"  # in the home
_LONGEST = 200  # bytes of a file name: most systems take 255
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
READING = "Reading documents"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an upload: the names in their order, and the report on all of them."""

    names: tuple[str, ...]
    report: ChangeReport

    def problem(self, name: str) -> str:
        """Why a file was not taken in, or ""."""
        return next((why for path, why in self.report.failed if path == name), "")


def folder(home: Path) -> Path:
    """Where uploaded files are kept."""
    return home / FOLDER


def safe_name(name: str) -> str:
    """The file's own name in any script, without what a path or a terminal could obey.

    Raises `UsageError` when nothing is left of it.
    """
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = _FORBIDDEN.sub("_", plain).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if dot and len(suffix) <= 10:
        kept = _shortened(stem or "_", _LONGEST - len(suffix.encode()) - 1)
        plain = f"{kept}.{suffix}"
    else:
        plain = _shortened(plain, _LONGEST)
    if not plain.strip("_. ") or plain == OVERRIDES_FILE:
        raise UsageError(f"“{name[:60]}” cannot be the name of a document; rename the file.")
    return plain


def keep(home: Path, name: str, data: bytes) -> Path:
    """Write an uploaded file, whole or not at all; an older one of the same name makes room.

    Raises `UsageError` for an impossible name and `OSError` where the home cannot be written.
    """
    file = folder(home) / safe_name(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{secrets.token_hex(8)}")
    try:
        part.write_bytes(data)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file


def take_in(kordon: Kordon, files: Sequence[Path], label: str, watch: Watch) -> Taken:
    """Index files that were kept, in one new generation. Raises `KordonError`."""
    with kordon.writer(watch) as writer:
        report = writer.add(files, label=label or None)
    return Taken(tuple(file.name for file in files), report)


def states(names: Sequence[str], watch: Watch) -> list[tuple[str, str]]:
    """(name, "waiting" | "reading" | "read") of every file of an upload that goes on."""
    begun = [str(getattr(getattr(item, "file", None), "name", "")) for item in watch.documents]
    step = watch.steps.get(READING)
    finished = step is not None and step.done >= step.total
    found = []
    for name in names:
        if name not in begun:
            state = "read" if finished else "waiting"
        else:
            state = "reading" if name == begun[-1] and not finished else "read"
        found.append((name, state))
    return found


def _shortened(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")
