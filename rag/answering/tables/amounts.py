"""What the cells of a column come to, so that rows can be put in order."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from rag.answering.dates import find_dates
from rag.answering.figures import find_figures
from rag.answering.tables.asked import Sort
from rag.answering.tables.table import Table

Amount = tuple[Decimal, ...]
_HOURS = (  # in an hour, day, week, month, year; as units begin
    (re.compile(r"(?:minute|минут)", re.I), Decimal(1) / 60),
    (re.compile(r"(?:hour|час)", re.I), Decimal(1)),
    (re.compile(r"(?:day|дн|день|сут)", re.I), Decimal(24)),
    (re.compile(r"(?:week|недел)", re.I), Decimal(168)),
    (re.compile(r"(?:month|месяц)", re.I), Decimal(730)),
    (re.compile(r"(?:year|год|лет)", re.I), Decimal(8760)),
)
_LASTS = re.compile(
    r"\b(?:hours?|days?|weeks?|months?|duration|length|term)\b"
    r"|\b(?:час\w*|дн(?:ей|и)|дней|недел\w*|месяц\w*|срок\w*|продолжительност\w*|длительност\w*)",
    re.IGNORECASE,
)
_PAID = re.compile(r"\b(?:EUR|USD|KZT|euros?|dollars?|cost|budget|евро|долл\w*|тенге|стоимост\w*"
                   r"|смет\w*|бюджет\w*|сумм\w*)\b|[$€₸]", re.IGNORECASE)  # fmt: skip
_MOST_EMPTY = 3  # one cell of so many may have nothing to compare


def column_amounts(table: Table, column: int) -> tuple[Sort, dict[int, Amount]] | None:
    """What sort of amounts a column has, and that of each row by its number; None for a column
    of words. A row whose cell has none is left out, and the whole where these are many."""
    texts = {at: row.cells[column].value for at, row in enumerate(table.rows)}
    dates = {at: dated for at, text in texts.items() if (dated := _date(text))}
    if _enough(dates, texts):
        return "date", dates
    told = {at: found[0] for at, text in texts.items() if (found := _figures(text, table.language))}
    if not _enough(told, texts) or len({unit for _, unit in told.values() if unit}) > 1:
        return None  # pieces, tablets and kilograms are not compared
    name = table.names[column]
    return _sort_of([unit for _, unit in told.values()], name), {
        at: (value,) for at, (value, _) in told.items()
    }


def _enough(found: Mapping[int, object], texts: Mapping[int, str]) -> bool:
    return len(found) > 1 and (len(texts) - len(found)) * _MOST_EMPTY <= len(texts)


def _date(text: str) -> Amount:
    """Year, month and day of what begins with a date or is little more; empty for anything else."""
    found = find_dates(text)
    if not found or not (found[0].month or found[0].year == _year(text)):
        return ()
    return Decimal(found[0].year), Decimal(found[0].month), Decimal(found[0].day)


def _year(text: str) -> int:
    return int(text.strip(" г.")) if text.strip(" г.").isdecimal() else 0


def _figures(text: str, language: str) -> list[tuple[Decimal, str]]:
    """Values and units of a cell that begins with a figure, nearly."""
    found = find_figures(text, language)
    if not found or found[0].start > 24:
        return []
    value, unit = found[0].value, found[0].unit
    for rule, hours in _HOURS:
        if rule.match(unit):
            return [(value * hours, "hours")]
    return [(value, unit)]


def _sort_of(units: Sequence[str], name: str) -> Sort:
    if "hours" in units or _LASTS.search(name):
        return "duration"
    if "%" in units or "%" in name:
        return "percent"
    if any(unit.isupper() and unit for unit in units) or _PAID.search(name):
        return "money"
    return "number"
