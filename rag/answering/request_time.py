"""From when the documents are that somebody asks for: "after 2020", «с 2023 по 2024 год»."""

import re
from datetime import date, timedelta

from corpus.dates import find_dates
from rag.answering.dates import MONTH_NAMES
from rag.answering.dates import find_dates as read_dates

_YEAR = r"((?:19|20)\d\d)"
_NAMED = r"(?:\s*(?:года|году|годы|годах|год|гг?\.?)(?!\w))?"
_RANGE = re.compile(
    rf"(?:\b(?:between|from|for|in|с|со|между|за|в)\s+)?\b{_YEAR}{_NAMED}"
    rf"(?:\s*[-–—]\s*|\s+(?:and|to|till|until|through|по|до|и)\s+){_YEAR}{_NAMED}",
    re.IGNORECASE,
)
_MONTH = rf"(?:{MONTH_NAMES})"
_TO = r"(?:to|and|till|until|through|по|до|и)"
_FROM = r"\b(?:between|from|с|со|между)\s+"
# "from June to December 2024": the year is said once.
_MONTHS_OF_A_YEAR = re.compile(
    rf"(?P<first>{_FROM}{_MONTH})(?P<rest>\s+{_TO}\s+{_MONTH}\s+(?P<year>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    rf"{_FROM}({_MONTH}\s+(?:19|20)\d\d)\s+{_TO}\s+({_MONTH}\s+(?:19|20)\d\d)\b{_NAMED}",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:after|later than|newer than|после|позже|позднее|новее)\s*$", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:since|from|starting (?:from|in)|начиная с|с|со)\s*$", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:before|earlier than|older than|prior to|до|раньше|ранее|старше)\s*$", re.IGNORECASE
)
_UNTIL = re.compile(r"\b(?:until|up to|to|till|through|по)\s*$", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:in|of|for|dated|от|в|за)\s*$", re.IGNORECASE)
_REST = re.compile(r"^\s*(?:года|году|год|г\.?)(?!\w)", re.IGNORECASE)


def times_of(text: str) -> tuple[str, str, str]:
    """The text without its limits of time, and the limits as ISO dates, both inclusive, "" for
    none: "after 2020" begins with 2021."""
    text = _MONTHS_OF_A_YEAR.sub(r"\g<first> \g<year>\g<rest>", text)
    if found := _MONTHS.search(text):
        first, last = (
            f"{one.year}-{one.month:02}" for one in (read_dates(each)[0] for each in found.groups())
        )
        return _without(text, found.start(), found.end()), first, last
    if found := _RANGE.search(text):
        return _without(text, found.start(), found.end()), found[1], found[2]
    after = before = ""
    for one in reversed(list(find_dates(text, years=True))):
        lead = text[: one.start]
        if cut := _AFTER.search(lead):
            after = _beside(one.iso, 1)
        elif cut := _SINCE.search(lead):
            after = one.iso
        elif cut := _BEFORE.search(lead):
            before = _beside(one.iso, -1)
        elif cut := _UNTIL.search(lead):
            before = one.iso
        else:
            cut = _WITHIN.search(lead)
            after = before = one.iso
        start = cut.start() if cut else one.start
        rest = _REST.match(text[one.end :])
        text = _without(text, start, one.end + (rest.end() if rest else 0))
    return text, after, before


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]} {text[end:]}"


def _beside(iso: str, step: int) -> str:
    """The next (1) or the last (-1) year, month or day."""
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return str(parts[0] + step)
    if len(parts) == 2:
        months = parts[0] * 12 + parts[1] - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}"
    try:
        return (date(*parts) + timedelta(days=step)).isoformat()
    except ValueError:  # the 29th of February of another year
        return iso
