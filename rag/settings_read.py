"""Typed settings out of plain tables: every key is known, of its type and in its range.

A section is a frozen dataclass. Its fields are `str`, `int`, `float`, `bool`, a `Literal` of
strings, an absolute path, or another section. Ranges of numbers stand in one table by path.
"""

import dataclasses
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from corpus.errors import UsageError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Section = TypeVar("Section", bound="DataclassInstance")
Range = tuple[float, float]  # both ends allowed


def keys(section: "type[DataclassInstance]", prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted name, type) of every value of a section and of the sections in it."""
    for name, kind in _fields(section):
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            yield from keys(kind, f"{prefix}{name}.")
        else:
            yield prefix + name, kind


@dataclass(frozen=True, slots=True)
class Table:
    """Values as they stand in a file or variable named `source`; `ranges` of numbers by path."""

    values: Mapping[str, object]
    source: str
    ranges: Mapping[str, Range]

    def over(self, section: Section) -> Section:
        """`section` with these values put over its own.

        Raises `UsageError` naming the source and the key's path when a key is unknown or a
        value is of another type or out of range.
        """
        return self._over(section, self.values, "", sorted(path for path, _ in keys(type(section))))

    def _over(
        self, section: Section, values: Mapping[str, object], prefix: str, known: list[str]
    ) -> Section:
        fields = dict(_fields(type(section)))
        changed: dict[str, Any] = {}
        for name, value in values.items():
            path = prefix + name
            kind = fields.get(name)
            if kind is None:
                raise UsageError(
                    f'{self.source}: there is no setting "{path}"{nearest(path, known)}.'
                )
            if not dataclasses.is_dataclass(kind):
                changed[name] = self._checked(value, kind, path)
            elif isinstance(value, Mapping):
                changed[name] = self._over(getattr(section, name), value, f"{path}.", known)
            else:
                raise UsageError(f'{self.source}: "{path}" is a section: write [{path}].')
        return dataclasses.replace(section, **changed)

    def _checked(self, value: object, kind: Any, path: str) -> object:
        result = _typed(value, kind)
        limits = self.ranges.get(path)
        inside = not (limits and isinstance(result, int | float)) or (
            limits[0] <= result <= limits[1]
        )
        if result is None or not inside:
            raise UsageError(
                f'{self.source}: "{path}" must be {_wanted(kind, limits)}, not {value!r}.'
            )
        return result


def nearest(path: str, known: list[str]) -> str:
    """' (the nearest one is "...")' for the known key closest to a wrong one."""
    close = difflib.get_close_matches(path, known, n=1, cutoff=0.0)
    return f' (the nearest one is "{close[0]}")' if close else ""


def from_text(text: str, kind: Any) -> object:
    """What an environment variable's text stands for; the text itself if it is no such value."""
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            return text
    return text


def _typed(value: object, kind: Any) -> Any:
    """`value` if it is of `kind` (an int counts as a float, a text as a path), else None."""
    if get_origin(kind) is Literal:
        return value if value in get_args(kind) else None
    if kind is Path:
        path = Path(value).expanduser() if isinstance(value, str) else None
        return path if path and path.is_absolute() else None
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is int and isinstance(value, bool):
        return None
    return value if isinstance(value, kind) else None


NAMES = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a text",
    Path: "an absolute path",
}


def _wanted(kind: Any, limits: Range | None) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in get_args(kind))
    return f"{NAMES[kind]} from {limits[0]:g} to {limits[1]:g}" if limits else NAMES[kind]


def _fields(section: "type[DataclassInstance]") -> Iterator[tuple[str, Any]]:
    """Names and types of what can be set; `X | None` counts as `X`.

    A field marked `metadata={"set": False}` is put in by the program, not by a file.
    """
    hints = get_type_hints(section)
    for field in dataclasses.fields(section):
        if field.metadata.get("set", True):
            kinds = [kind for kind in get_args(hints[field.name]) if kind is not type(None)]
            optional = type(None) in get_args(hints[field.name]) and len(kinds) == 1
            yield field.name, kinds[0] if optional else hints[field.name]
