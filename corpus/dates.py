"""Dates in English and Russian as they stand in documents, as ISO 8601 text.

A date may be a day ("2021-05-20"), a month ("2021-05") or a year ("2021"). Numbers like 05/06/2021
are read day first unless that is impossible.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_RUSSIAN = {
    1: "январ[яье]", 2: "феврал[яье]", 3: "март[ае]?", 4: "апрел[яье]", 5: "ма[йяе]",
    6: "июн[яье]", 7: "июл[яье]", 8: "август[ае]?", 9: "сентябр[яье]", 10: "октябр[яье]",
    11: "ноябр[яье]", 12: "декабр[яье]",
}  # fmt: skip
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_MONTH_EN = (
    r"(?P<men>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTH_RU = "(?P<mru>" + "|".join(_RUSSIAN.values()) + ")"
_RUSSIAN_YEAR = _YEAR + r"(?:\s*(?:года|году|год|г\.?))?"

# An issue number before a month is no day: "No. 2 May 2021".
_PATTERNS = tuple(
    re.compile(rf"(?<!No )(?<!No\. )(?<!№)(?<!№ )(?<![\w.]){pattern}(?!\w|[.,]\d)", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH_EN},?\s+{_YEAR}",
        rf"{_MONTH_EN}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"[«\"“]?(?P<d>\d{{1,2}})[»\"”]?\s+{_MONTH_RU}\s+{_RUSSIAN_YEAR}",
        rf"(?P<d>\d{{1,2}})[./](?P<m>\d{{1,2}})[./]{_YEAR}",
        rf"{_MONTH_EN},?\s+{_YEAR}",
        rf"{_MONTH_RU}\s+{_RUSSIAN_YEAR}",
        rf"{_YEAR}-(?P<m>0[1-9]|1[0-2])",
    )
)
_YEAR_ALONE = re.compile(rf"(?<!§ )(?<!№ )(?<!No )(?<!No\. )(?<![\w./№§-]){_YEAR}(?!\w|[./-]\w)")
_PDF = re.compile(r"D?:?(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])?(?P<d>0[1-9]|[12]\d|3[01])?")
_ISO = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class DateFound:
    """`iso` stands at `[start, end)` of the text searched."""

    iso: str
    start: int
    end: int


def is_date(text: str) -> bool:
    """Whether `text` is a year, a month or a day as ISO 8601 writes it, and exists."""
    if not _ISO.fullmatch(text):
        return False
    numbers = [int(part) for part in text.split("-")]
    return len(numbers) < 3 or numbers[2] <= _DAYS[numbers[1] - 1]


def find_dates(text: str, *, years: bool = False) -> Iterator[DateFound]:
    """Dates in the order in which they stand; lone years only if asked for."""
    found: list[DateFound] = []
    for pattern in (*_PATTERNS, _YEAR_ALONE) if years else _PATTERNS:
        for match in pattern.finditer(text):
            iso = _iso(match)
            if iso and not any(f.start < match.end() and match.start() < f.end for f in found):
                found.append(DateFound(iso, match.start(), match.end()))
    yield from sorted(found, key=lambda date: date.start)


def pdf_date(text: str) -> str:
    """The day of a PDF date ("D:20240618155145+02'00'"), or ""."""
    match = _PDF.match(text.strip())
    if not match:
        return ""
    return "-".join(part for part in match.groups() if part)


def _iso(match: re.Match[str]) -> str:
    """The ISO form of what a pattern matched; "" when there is no such day."""
    groups = match.groupdict()
    month = _month(groups)
    day = int(groups["d"]) if groups.get("d") else 0
    if groups.get("m") and month > 12 >= day:
        month, day = day, month  # 12/31/2021
    if month > 12 or (month and day > _DAYS[month - 1]) or (groups.get("d") and not day):
        return ""
    return "-".join(
        [groups["y"], *([f"{month:02}"] if month else []), *([f"{day:02}"] if day else [])]
    )


def _month(groups: dict[str, str | None]) -> int:
    """1-12, 0 without a month; a number may be larger."""
    if english := groups.get("men"):
        return _ENGLISH.index(english.lower()[:3]) + 1
    if russian := groups.get("mru"):
        return next(n for n, form in _RUSSIAN.items() if re.fullmatch(form, russian, re.IGNORECASE))
    number = groups.get("m")
    return int(number) if number else 0
