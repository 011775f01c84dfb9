"""Dates as they are written in English and Russian, with their place in the text.

`20 May 2021`, `20th May`, `May 20, 2021`, `20/05/21`, `20.05.2021`, `2021-05-20`, `20 мая 2021 г.`,
`мае 2021 года`, `2021`. Day comes before month in numeric dates, as in both languages' documents.
The lexical index reads the same dates as terms (`index.analysis`); here they are compared, put in
order and shown, so a year alone and a two-digit year count too.
"""

import re
from dataclasses import dataclass

from index.analysis.patterns import MONTHS

MONTH_NAMES = "|".join(sorted((one for one in MONTHS if len(one) > 2), key=len, reverse=True))
_MONTH = rf"(?P<month>{MONTH_NAMES})\b\.?"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_RU_YEAR = r"(?:\s*(?:года|году|годом|год|г\.|г\b))?"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])"
_FORMS = (
    rf"(?<![\d.,/-]){_YEAR}-(?P<number>0[1-9]|1[0-2])-{_DAY}(?!\d)",
    rf"(?<![\d.,/-]){_DAY}(?P<sep>[./])(?P<number>0?[1-9]|1[0-2])(?P=sep)"
    rf"(?P<year>(?:1[89]|20)\d\d|\d\d)(?![\d/])",
    rf"(?<!\d)«?{_DAY}»?(?:st|nd|rd|th|-?(?:го|ое))?\s+(?:day\s+)?(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR}{_RU_YEAR})?",
    rf"(?<!\w){_MONTH}\s+{_DAY}(?:st|nd|rd|th)?(?!\d)(?:,?\s+{_YEAR})?",
    rf"(?<!\w){_MONTH},?\s+{_YEAR}{_RU_YEAR}",
    rf"(?<![\d.,/№-])(?<!№ ){_YEAR}(?![\d/]|[.,]\d)(?:-?(?:го|м|х))?{_RU_YEAR}",
)
_NAMES = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_ALONE = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
_PATTERNS = tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A date at characters [start, end) of a text; 0 for a part that is not said."""

    year: int
    month: int
    day: int
    start: int
    end: int

    def agrees(self, other: "Date") -> bool:
        """Whether both can be the same day as far as they say."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine == theirs or not (mine and theirs) for mine, theirs in pairs)


def find_dates(text: str) -> tuple[Date, ...]:
    """All dates in `text`, in order; the fullest reading of each place."""
    found: list[Date] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < date.end and date.start < match.end() for date in found):
                found.append(_date(match))
    return tuple(sorted(found, key=lambda date: date.start))


def in_words(date: Date, language: str) -> str:
    """A date with at least a month or a year, as readers of `language` write it."""
    name = ""
    if date.month:
        names = _ALONE if language == "ru" and not date.day else _NAMES[language]
        name = names.split()[date.month - 1]
    year = f"{date.year} г." if date.year and language == "ru" else str(date.year or "")
    return " ".join(part for part in (str(date.day or ""), name, year) if part)


def iso_in_words(iso: str, language: str) -> str:
    """A document's date ("2025", "2025-03", "2025-03-14") in words; what is none stays as it is."""
    parts = iso.split("-")
    if len(parts) > 3 or not all(map(str.isdigit, parts)):
        return iso
    year, month, day = (*map(int, parts), 0, 0)[:3]
    return in_words(Date(year, month, day, 0, 0), language) if month <= 12 else iso


def _date(match: re.Match[str]) -> Date:
    parts = match.groupdict()
    year = int(parts.get("year") or 0)
    if 0 < year < 100:  # "18/05/21"; a year is nearer than it is far
        year += 2000 if year < 70 else 1900
    name = parts.get("month")
    month = MONTHS[name.lower()] if name else int(parts.get("number") or 0)
    return Date(year, month, int(parts.get("day") or 0), *match.span())
