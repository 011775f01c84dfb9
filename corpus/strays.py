"""What `documents.toml` says about no file: a misspelt name would lose a label without a word."""

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from corpus.overrides import OVERRIDES_FILE, Overrides


def strays(folder: Path) -> list[str]:
    """One sentence for each thing in the folder's `documents.toml` that concerns no file."""
    said = Overrides.of(folder)
    named = [*said.wrong, *said.by_name]
    if not named and not said.fault:
        return []
    try:
        names = [path.name for path in folder.iterdir() if path.name != OVERRIDES_FILE]
    except OSError:
        return []  # the walk tells of it
    if said.fault:
        # The files that it mentions are refused with the same sentence.
        return [] if any(name in said.unreadable for name in names) else [said.fault]
    where = folder / OVERRIDES_FILE
    return [
        _loose(where, name) if name in said.loose else _unknown(where, name, names)
        for name in named
        if name not in names
    ]


def _loose(where: Path, key: str) -> str:
    return (
        f'{where}: "{key}" is no part of an entry and counts for nothing; put it below a line '
        'with the name of a file, like ["report.pdf"].'
    )


def _unknown(where: Path, name: str, names: Sequence[str]) -> str:
    near = _nearest(name, names)
    remedy = f'did you mean ["{near}"]?' if near else "correct the name or remove the entry."
    return f'{where}: the entry ["{name}"] fits no file of its folder; {remedy}'


def _nearest(name: str, names: Sequence[str]) -> str:
    """The file that was probably meant, "" if there is none; capitals do not matter."""
    plain = {_plain(one): one for one in names}
    found = get_close_matches(_plain(name), plain, n=1, cutoff=0.75)
    return plain[found[0]] if found else ""


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
