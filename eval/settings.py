"""What a run can be told: one frozen object, from a TOML file and the command's options."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from rag.settings import Settings

HALVES = ("", "a", "b")
CHUNKS = ("whole", "cut")
TABLES = ("search", "answer")
KINDS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Settings of one run; two runs with equal settings on equal data give equal rankings.

    `system` names an entry of the table of systems or "module:Class". `encoder` as in
    `kordon.toml`. `chunks` "whole" keeps a data set's passage in one piece as far as the model
    reads, "cut" cuts it as documents are cut (files are always cut). `depth` chunks are ranked.
    `answers` also asks for an answer. `pairs` limits the language pairs, `half` ("a", "b") takes
    one half, `split` one split, `limit` so many questions of every pair, drawn by `seed`; 0 is
    all. `timeout_s` per question. `search` and `answer` hold fields of the search settings and
    answer options, values as JSON. `forced` answers whatever the confidence, as calibration needs.
    """

    system: str = "kordon"
    encoder: str = "default"
    chunks: str = "whole"
    depth: int = 100
    answers: bool = False
    pairs: tuple[str, ...] = ()
    half: str = ""
    split: str = ""
    limit: int = 0
    seed: int = 0
    timeout_s: float = 60.0
    search: tuple[tuple[str, str], ...] = ()
    answer: tuple[tuple[str, str], ...] = ()
    forced: bool = False

    def __post_init__(self) -> None:
        for name, known in (("half", HALVES), ("chunks", CHUNKS)):
            if getattr(self, name) not in known:
                choice = ", ".join(repr(value) for value in known)
                raise UsageError(f"The run setting {name} must be one of {choice}.")
        if self.depth < 1 or self.timeout_s <= 0 or self.limit < 0:
            raise UsageError("A run needs depth >= 1, timeout_s > 0 and limit >= 0.")

    def as_json(self) -> dict[str, Any]:
        """Plain values for the run folder; `from_json` reads them back."""
        tables = {name: dict(getattr(self, name)) for name in TABLES}
        values = {name: {k: json.loads(v) for k, v in own.items()} for name, own in tables.items()}
        return {**asdict(self), **values, "pairs": list(self.pairs)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "RunSettings":
        """Settings from plain values. Raises `UsageError` for an unknown key or a wrong kind."""
        return over(cls(), values, "the settings")


def with_product(settings: RunSettings, product: Settings) -> RunSettings:
    """`settings` over what the installation has set for search and answers.

    A run then measures the product as it is configured, and its folder says how.
    """
    tables: dict[str, Any] = {}
    for name in TABLES:
        own = getattr(product, name)
        changed = {
            field.name: json.dumps(getattr(own, field.name), default=str)
            for field in fields(own)
            if getattr(own, field.name) != getattr(type(own)(), field.name)
        }
        tables[name] = tuple(sorted({**changed, **dict(getattr(settings, name))}.items()))
    return replace(settings, **tables)


def read_settings(path: Path) -> RunSettings:
    """A TOML file of settings, `[search]` and `[answer]` are tables. Raises `UsageError`."""
    try:
        values = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}.") from error
    return over(RunSettings(), values, str(path))


def over(settings: RunSettings, values: Mapping[str, Any], where: str) -> RunSettings:
    """`settings` with these values in place. Raises `UsageError` naming `where`."""
    kinds = {field.name: type(getattr(settings, field.name)) for field in fields(settings)}
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name not in kinds:
            known = ", ".join(kinds)
            raise UsageError(f"There is no run setting {name!r} ({where}); known are {known}.")
        if name in TABLES and isinstance(value, Mapping):
            changed[name] = tuple(sorted((key, json.dumps(own)) for key, own in value.items()))
        elif name == "pairs" and isinstance(value, list | tuple):
            changed[name] = tuple(str(pair) for pair in value)
        elif kinds[name] is float and isinstance(value, int | float):
            changed[name] = float(value)
        elif type(value) is kinds[name]:
            changed[name] = value
        else:
            wanted = KINDS.get(kinds[name], "a table" if name in TABLES else "a list of texts")
            raise UsageError(f"The run setting {name!r} ({where}) must be {wanted}.")
    return replace(settings, **changed)
