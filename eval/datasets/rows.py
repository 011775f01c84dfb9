"""Reading rows so that a bad one is told with its file, line and reason."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from eval.errors import BadRow, DatasetError, bad_rows

Row = TypeVar("Row")


class RowError(ValueError):
    """Why a row is bad; the reader adds file and line."""


def read_text(path: Path) -> str:
    """The file as UTF-8 (a byte order mark is dropped). Raises `DatasetError`."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8 and try again."
        ) from error


def read_lines(path: Path, parse: Callable[[str], Row], *, skip: int = 0) -> list[Row]:
    """`parse` of every line that is not blank, after `skip` lines. Raises `DatasetError`."""
    parsed: list[Row] = []
    bad: list[BadRow] = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if number <= skip or not line.strip():
            continue
        try:
            parsed.append(parse(line.rstrip("\r")))
        except RowError as error:
            bad.append(BadRow(path, number, str(error)))
    if bad:
        raise bad_rows(bad)
    return parsed


def read_jsonl(path: Path, parse: Callable[[dict[str, Any]], Row]) -> list[Row]:
    """`parse` of every JSON object, one a line. Raises `DatasetError`."""

    def parse_line(line: str) -> Row:
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise RowError(f"not JSON ({error.msg} at column {error.colno})") from error
        if not isinstance(row, dict):
            raise RowError("not a JSON object")
        return parse(row)

    return read_lines(path, parse_line)


def read_json(path: Path) -> tuple[Any, str]:
    """A whole JSON file and its text (to find lines in). Raises `DatasetError`."""
    text = read_text(path)
    try:
        return json.loads(text), text
    except json.JSONDecodeError as error:
        raise bad_rows([BadRow(path, error.lineno, f"not JSON ({error.msg})")]) from error


class Problems:
    """Collects the bad records of one JSON file; a record's line is where its id stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._bad: list[BadRow] = []

    def check(self, records: Any, parse: Callable[[Any], Row], key: str) -> Iterator[Row]:
        """Yield `parse` of every record of a list; bad ones are kept for `close`."""
        if not isinstance(records, list):
            self._bad.append(BadRow(self._path, 0, "a list of records is expected"))
            return
        for record in records:
            try:
                if not isinstance(record, dict):
                    raise RowError("not a JSON object")
                yield parse(record)
            except RowError as error:
                self._bad.append(BadRow(self._path, self._line(record, key), str(error)))

    def _line(self, record: Any, key: str) -> int:
        value = record.get(key) if isinstance(record, dict) else None
        needle = json.dumps(value, ensure_ascii=False)
        place = self._text.find(needle)
        if place < 0:
            place = self._text.find(json.dumps(value))
        return self._text.count("\n", 0, place) + 1 if place >= 0 else 0

    def close(self) -> None:
        """Raise `DatasetError` if any record was bad."""
        if self._bad:
            raise bad_rows(self._bad)


def text_of(row: dict[str, Any], name: str, *, empty: bool = False) -> str:
    """The string field `name`; raises `RowError` when absent, of another kind or blank."""
    value = row.get(name)
    if not isinstance(value, str):
        raise RowError(f"the field {name!r} must be a string")
    if not empty and not value.strip():
        raise RowError(f"the field {name!r} is empty")
    return value


def whole_of(row: dict[str, Any], name: str) -> int:
    """The whole-number field `name`."""
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise RowError(f"the field {name!r} must be a whole number")
    return value


def flag_of(row: dict[str, Any], name: str) -> bool:
    """The true/false field `name`."""
    value = row.get(name)
    if not isinstance(value, bool):
        raise RowError(f"the field {name!r} must be true or false")
    return value


def list_of(row: dict[str, Any], name: str) -> list[Any]:
    """The list field `name`."""
    value = row.get(name)
    if not isinstance(value, list):
        raise RowError(f"the field {name!r} must be a list")
    return value


def unique(values: list[str], path: Path, what: str) -> None:
    """Raise `DatasetError` when an id stands twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise bad_rows([BadRow(path, 0, f"the {what} {value!r} stands twice")])
        seen.add(value)
