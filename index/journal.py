"""The journal: one line of JSON for every change of the live generation."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.storage import storage_errors


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what, when (UTC, ISO 8601), and which generation was live before and after.

    `counts` are documents added, changed, removed, failed; `seconds` how long it took.
    """

    when: str
    user: str
    host: str
    pid: int
    action: str
    detail: str
    before: int | None
    after: int | None
    seconds: float = 0.0
    counts: Mapping[str, int] = field(default_factory=dict)


def append_entry(path: Path, entry: Entry) -> None:
    """Add one entry, durably. A line that a crash cut short is closed first."""
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    with storage_errors(path.parent), path.open("ab+") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                line = "\n" + line
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def read_entries(path: Path) -> list[Entry]:
    """All entries, oldest first; lines that are no entries are left out."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    entries = []
    for line in lines:
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return entries
