"""What a person says about a document, written into `documents.toml` beside its file.

The rest of that file stays as it is, comments included. What is left empty is taken from the
document itself again.
"""

import json
import re
import secrets
import tomllib
from pathlib import Path

from corpus.dates import is_date
from corpus.errors import DocumentError, UsageError
from corpus.overrides import OVERRIDES_FILE, Override, Overrides

_HEADER = re.compile(r"^\s*\[(?!\[).*\]\s*(#.*)?$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_KEYS = ("title", "date", "publisher", "label", "language")


def said_about(file: Path) -> Override:
    """What `documents.toml` says about a file now; nothing when its entry is wrong."""
    try:
        return Overrides.of(file.parent).get(file.name)
    except DocumentError:
        return Override()


def say_about(file: Path, override: Override) -> None:
    """Write what is said about a file; an empty `Override` removes its entry.

    Raises `UsageError` for a wrong date, `DocumentError` when the present `documents.toml` cannot
    be read, and `OSError` where it cannot be written.
    """
    if override.date and not is_date(override.date):
        raise UsageError(f"“{override.date}” is not a date; write YYYY, YYYY-MM or YYYY-MM-DD.")
    path = file.parent / OVERRIDES_FILE
    old = path.read_text("utf-8-sig") if path.is_file() else ""
    new = rewritten(old, file.name, override, path)
    if new == old:
        return
    part = path.with_name(f".{secrets.token_hex(8)}")
    try:
        part.write_text(new, "utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def rewritten(old: str, name: str, override: Override, path: Path) -> str:
    """The text of a `documents.toml` with another entry for one file, the rest untouched."""
    try:
        tables = tomllib.loads(old)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(
            f"{path} is not valid TOML ({error}); correct it before changing a document here."
        ) from error
    values = {key: getattr(override, key) for key in _KEYS if getattr(override, key)}
    wanted = {key: value for key, value in tables.items() if key != name}
    if values:
        wanted[name] = values
    new = _replaced(old, name, values)
    if _plain(new) != _same(wanted):
        # Written in a way that cannot be cut out line by line: everything is written anew.
        new = "\n".join(_entry(key, value) for key, value in wanted.items())
    if _plain(new) != _same(wanted):
        raise DocumentError(f"{path} is written in a way that only a person can change; edit it.")
    return new


def _replaced(old: str, name: str, values: dict[str, str]) -> str:
    """The text with the lines of one table replaced, or with the table at the end."""
    lines = old.splitlines(keepends=True)
    heads = [at for at, line in enumerate(lines) if _HEADER.match(line)]
    own = next((at for at in heads if _names(lines[at]) == name), None)
    entry = _entry(name, values) if values else ""
    if own is None:
        gap = "\n" if old and not old.endswith("\n\n") else ""
        end = "" if not old or old.endswith("\n") else "\n"
        return old + (end + gap + entry if entry else "")
    following = next((at for at in heads if at > own), len(lines))
    after = "".join(lines[following:])
    return "".join(lines[:own]) + (entry + ("\n" if after and entry else "")) + after


def _entry(name: str, values: object) -> str:
    pairs = values.items() if isinstance(values, dict) else ()
    body = "".join(
        f"{key if _BARE.fullmatch(key) else _quoted(key)} = {_value(value)}\n"
        for key, value in pairs
    )
    return f"[{_quoted(name)}]\n{body}"


def _value(value: object) -> str:
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    """A basic string of TOML; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _names(header: str) -> str:
    """The name of a table's header line, "" when it is none."""
    try:
        found = tomllib.loads(header)
    except tomllib.TOMLDecodeError:
        return ""
    return next(iter(found), "")


def _plain(text: str) -> object:
    try:
        return _same(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return None


def _same(tables: dict[str, object]) -> dict[str, object]:
    return {key: dict(value) if isinstance(value, dict) else value for key, value in tables.items()}
