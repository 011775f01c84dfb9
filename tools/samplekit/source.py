"""The source form of a sample: TOML between two lines of `+++`, then a small part of Markdown."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["heading", "paragraph", "list", "table", "page_break"]

_LIST_ITEM = re.compile(r"(?:- |\d+[.)] |\([a-z]\) )")
_TABLE_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_GROUPED_DIGITS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a sample: `lines` are list items or one paragraph, `rows` the cells of a table."""

    kind: Kind
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """One source file: what to write (`kind`, `output`), its properties and its text."""

    output: str
    kind: str
    fields: dict[str, object]
    body: str
    pieces: tuple[Piece, ...]

    def text(self, name: str) -> str:
        """A string property, "" when the source does not set it."""
        return str(self.fields.get(name, ""))

    def strings(self, name: str) -> list[str]:
        """A property that is a list of strings."""
        value = self.fields.get(name, [])
        return [str(item) for item in value] if isinstance(value, list) else []

    def number(self, name: str) -> int:
        """A whole-number property, 0 when the source does not set it."""
        value = self.fields.get(name, 0)
        return value if isinstance(value, int) else 0


def read_sample(path: Path) -> Sample:
    """Read one source file; ValueError names a file without its head."""
    parts = path.read_text(encoding="utf-8").split("+++\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"{path.name} does not begin with its properties between lines of +++")
    fields = tomllib.loads(parts[1])
    body = parts[2].replace("\\u00ad", "\u00ad")  # soft hyphens are written out in the sources
    return Sample(fields["output"], fields["kind"], fields, body, _pieces(body))


def no_break(text: str) -> str:
    """Put no-break spaces between groups of digits, as word processors do for 1 234,5."""
    return _GROUPED_DIGITS.sub("\u00a0", text)


def plain(text: str) -> str:
    """`text` without the marks of emphasis."""
    return re.sub(r"\*+", "", text)


def _pieces(body: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for block in re.split(r"\n\s*\n", body.strip()):
        lines = block.split("\n")
        first = lines[0]
        if first == "\\newpage":
            pieces.append(Piece("page_break"))
        elif first.startswith("#"):
            marks, _, title = first.partition(" ")
            pieces.append(Piece("heading", (title,), level=len(marks)))
        elif first.startswith("|"):
            pieces.append(Piece("table", rows=_rows(lines)))
        elif _LIST_ITEM.match(first):
            pieces.append(Piece("list", tuple(lines)))
        else:
            pieces.append(Piece("paragraph", tuple(lines)))
    return tuple(pieces)


def _rows(lines: list[str]) -> tuple[tuple[str, ...], ...]:
    kept = [line for line in lines if not _TABLE_RULE.fullmatch(line.strip())]
    return tuple(tuple(cell.strip() for cell in line.strip()[1:-1].split("|")) for line in kept)
