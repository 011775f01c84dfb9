"""CSV files that office programs open rightly and that cannot run as formulas.

Written as UTF-8 with a byte order mark; Russian files have ";" and a decimal comma, as a Russian
spreadsheet expects. A cell of text that a spreadsheet would take for a formula begins with an
apostrophe (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Sequence

from corpus.encoding import decode

Cell = str | int | float | None
_FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
_SEPARATORS = ";\t,"


def to_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]], language: str = "en") -> bytes:
    """A table as the bytes of a file for readers of this language."""
    stream = io.StringIO()
    writer = csv.writer(
        stream, delimiter=";" if language == "ru" else ",", lineterminator="\r\n", quotechar='"'
    )
    writer.writerow([harmless(name) for name in head])
    for row in rows:
        writer.writerow([_written(cell, language) for cell in row])
    return stream.getvalue().encode("utf-8-sig", errors="replace")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula, without control characters."""
    clean = "".join(char if char in "\n\t" or char.isprintable() else " " for char in text)
    # Spreadsheets look past blanks, so the first sign that can be seen decides.
    dangerous = clean.lstrip().startswith(_FORMULA) or clean.startswith(("\t", "\n"))
    return f"'{clean}" if dangerous else clean


def read_csv(data: bytes) -> list[list[str]]:
    """The rows of a CSV file in whatever usual encoding and with whatever usual separator; none
    when it is empty, no text or no table.
    """
    decoded = decode(data)
    if decoded is None or not decoded.text.strip():
        return []
    text = decoded.text
    first = next(line for line in text.splitlines() if line.strip())
    found = max(_SEPARATORS, key=lambda sign: (first.count(sign), sign == ","))
    separator = found if found in first else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _written(cell: Cell, language: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        text = f"{cell:.4f}"
        return text.replace(".", ",") if language == "ru" else text
    return harmless(cell) if isinstance(cell, str) else str(cell)
