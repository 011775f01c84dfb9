"""Whoever sits at a browser: a random name in a cookie, and what Kordon keeps for him.

There are no user accounts. The server gives every browser a random name that scripts cannot read;
a folder of the home, named by the name's hash, holds the browser's chats and its language, so that
nobody sees another one's chats and the folder names tell nothing about the cookies.
"""

import hashlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

COOKIE = "kordon_reader"
FOLDER = "readers"  # in the home
_NAME = re.compile(r"[A-Za-z0-9_-]{20,64}")


def new_name() -> str:
    """A name that cannot be guessed."""
    return secrets.token_urlsafe(24)


def is_name(text: str) -> bool:
    """Whether a cookie's value can be one of our names."""
    return _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Reader:
    """One browser. `folder` is its own; it is made when there is something to keep."""

    folder: Path

    @classmethod
    def of(cls, home: Path, name: str) -> "Reader":
        """The reader with that name."""
        return cls(home / FOLDER / hashlib.sha256(name.encode()).hexdigest()[:32])

    @property
    def chats(self) -> Path:
        """Where the chats are kept."""
        return self.folder / "chats"

    def language(self) -> str:
        """The language that was chosen last, or ""."""
        try:
            kept = json.loads((self.folder / "preferences.json").read_text("utf-8"))
        except (OSError, ValueError):
            return ""
        value = kept.get("language", "") if isinstance(kept, dict) else ""
        return value if isinstance(value, str) else ""

    def remember(self, language: str) -> None:
        """Keep the language. Raises `OSError` where the home cannot be written."""
        write_whole(self.folder / "preferences.json", json.dumps({"language": language}))


def write_whole(file: Path, text: str) -> None:
    """Write a small file so that nobody ever sees a part of it; readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(text.encode("utf-8", "replace"))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
