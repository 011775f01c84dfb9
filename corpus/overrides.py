"""What a person says about documents: `documents.toml` beside the files.

    ["report.pdf"]
    title = "Annual report"
    date = 2021-05-20
    publisher = "UNODC"
    label = "internal"
    language = "en"

A wrong entry concerns its own file only. While the whole file cannot be read, the files that it
mentions are refused (their label is unknown), and the others are taken in.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

from corpus.dates import is_date
from corpus.errors import DocumentError
from corpus.language import LANGUAGES

OVERRIDES_FILE = "documents.toml"


@dataclass(frozen=True, slots=True)
class Override:
    """What is said about one file; "" where nothing is said."""

    title: str = ""
    date: str = ""
    publisher: str = ""
    label: str = ""
    language: str = ""


KEYS = tuple(one.name for one in fields(Override))


@dataclass(frozen=True, slots=True)
class Overrides:
    """What is said about the files of one folder, by file name.

    `wrong` maps file names to the sentence on what is wrong with their entry; `unreadable` is the
    text of a `documents.toml` that is no TOML, and `fault` the sentence on it. `loose` are keys of
    `wrong` that stand outside of any entry.
    """

    by_name: Mapping[str, Override] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    unreadable: str = ""
    fault: str = ""
    loose: frozenset[str] = frozenset()

    def get(self, name: str) -> Override:
        """What is said about the file of this name. Raises `DocumentError` if that is wrong."""
        sentence = self.wrong.get(name) or (self.fault if name in self.unreadable else "")
        if sentence:
            raise DocumentError(sentence)
        return self.by_name.get(name, Override())

    @classmethod
    def of(cls, folder: Path) -> "Overrides":
        """Those of `folder`; none without a `documents.toml`."""
        path = folder / OVERRIDES_FILE
        try:
            stat = path.stat()
        except OSError:
            return cls()
        if not path.is_file():  # a pipe would be read for ever
            return cls(fault=f"{path} is no file; put a text file in its place.")
        return _cached(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _cached(path: Path, changed: int, size: int) -> Overrides:
    """The overrides of one state of the file."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        if not text:
            text = path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else ""
        reason = str(error) or "it cannot be read"
        return Overrides(
            unreadable=text,
            fault=f"{path} is not valid TOML ({reason}); correct it and add its files anew.",
        )
    return _checked(path, tables)


def _checked(path: Path, tables: Mapping[str, object]) -> Overrides:
    good: dict[str, Override] = {}
    wrong: dict[str, str] = {}
    for name, entry in tables.items():
        unquoted = _unquoted(name, entry)
        for dotted in unquoted:
            # Refused and not taken for what is meant: its label may be among what is lost.
            wrong[dotted] = f'{path}: the entry [{dotted}] has no quotes; write ["{dotted}"].'
        if unquoted and _only_tables(name, entry):
            continue
        values, problem = _entry(entry)
        if problem:
            wrong[name] = f'{path}: the entry ["{name}"] {problem}.'
        else:
            good[name] = Override(**values)
    loose = frozenset(name for name, entry in tables.items() if not isinstance(entry, dict))
    return Overrides(good, wrong, loose=loose)


def _unquoted(name: str, entry: object) -> list[str]:
    """File names written without quotes, whose dots TOML takes for tables within tables."""
    if not isinstance(entry, dict):
        return []
    inner = [
        (f"{name}.{key}", value)
        for key, value in entry.items()
        if isinstance(value, dict) and key not in KEYS
    ]
    return [found for dotted, value in inner for found in _unquoted(dotted, value) or [dotted]]


def _only_tables(name: str, entry: object) -> bool:
    """Whether `name` is only the beginning of a name without quotes."""
    values = entry.values() if isinstance(entry, dict) else ()
    return "." not in name and all(isinstance(value, dict) for value in values)


def _entry(entry: object) -> tuple[dict[str, str], str]:
    """The values of one entry, and what is wrong with it."""
    if not isinstance(entry, dict):
        return {}, "is no table"
    values = {key: _text(value) for key, value in entry.items()}
    problems = (_problem(key, value, values[key]) for key, value in entry.items())
    return values, next((problem for problem in problems if problem), "")


def _text(value: object) -> str:
    """TOML dates are as good as strings."""
    return value.strip() if isinstance(value, str) else str(value)


def _problem(key: str, value: object, text: str) -> str:
    """What is wrong with one key, as the end of a sentence; "" if nothing is."""
    if key not in KEYS:
        return f'has an unknown key "{key}" (known: {", ".join(KEYS)})'
    if key == "date":
        if not is_date(text):
            return f'has the date "{text}"; write YYYY, YYYY-MM or YYYY-MM-DD'
    elif not isinstance(value, str):
        return f'has a "{key}" that is no text; put it in quotes'
    elif not text:
        return f'has an empty "{key}"; remove the line or fill it in'
    if key == "language" and text not in LANGUAGES:
        return f'has the language "{text}" (known: {", ".join(LANGUAGES)})'
    return ""
