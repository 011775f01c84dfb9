"""What an evaluator can do wrong, each told in one sentence.

KordonError
+-- DatasetError     a data set is absent or has bad rows; `rows` lists every one
+-- RunError         a run folder is damaged, unfinished or does not fit the other one
"""

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import KordonError


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that cannot be used. `line` counts from 1; 0 means the file as a whole."""

    file: Path
    line: int
    reason: str

    def __str__(self) -> str:
        where = f", line {self.line}" if self.line else ""
        return f"{self.file.name}{where}: {self.reason}"


class DatasetError(KordonError):
    """A data set is absent or has bad rows."""

    def __init__(self, message: str, rows: tuple[BadRow, ...] = ()) -> None:
        super().__init__(message)
        self.rows = rows


class RunError(KordonError):
    """A run folder is damaged, unfinished or does not fit the other one."""


def bad_rows(rows: list[BadRow]) -> DatasetError:
    """The error for these rows (at least one): the first is told, the rest are counted."""
    more = f" (and {len(rows) - 1} more bad rows)" if len(rows) > 1 else ""
    return DatasetError(f"{rows[0]}{more}; correct the file and try again.", tuple(rows))
