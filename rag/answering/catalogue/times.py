"""From when the documents are that somebody asks for: "after 2020", «с 2023 по 2024 год»."""

import re
from datetime import date, timedelta
from itertools import pairwise

from corpus.dates import find_dates
from rag.answering.dates import MONTH_NAMES

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
_BETWEEN = re.compile(rf"\s*,?\s*{_TO}\s*|\s*[-–—]\s*", re.IGNORECASE)
_OPENS = re.compile(r"\b(?:between|from|dated|с|со|между|за|в|in)\s+$", re.IGNORECASE)
# "first half of 2024", «во втором квартале 2025 года», "summer 2024": months of a year.
_PARTS = (
    (r"(?:the )?(?:first half|перв\w+ полугоди\w+)", 1, 6),
    (r"(?:the )?(?:second half|втор\w+ полугоди\w+)", 7, 12),
    (r"(?:the )?(?:(?:first|1st) quarter|q1|перв\w+ квартал\w*)", 1, 3),
    (r"(?:the )?(?:(?:second|2nd) quarter|q2|втор\w+ квартал\w*)", 4, 6),
    (r"(?:the )?(?:(?:third|3rd) quarter|q3|треть\w+ квартал\w*)", 7, 9),
    (r"(?:the )?(?:(?:fourth|4th|last) quarter|q4|четв[её]рт\w+ квартал\w*)", 10, 12),
    (r"(?:the )?(?:spring|весн\w+)", 3, 5),
    (r"(?:the )?(?:summer|лет(?:о|ом|а))", 6, 8),
    (r"(?:the )?(?:autumn|fall|осень\w*|осени)", 9, 11),
)
_PART = tuple(
    (
        re.compile(
            rf"(?:\b(?:in|from|for|during|за|в|во)\s+)?\b{name}\s+(?:of\s+)?{_YEAR}{_NAMED}\b",
            re.IGNORECASE,
        ),
        (first, last),
    )
    for name, first, last in _PARTS
)
_INSTRUMENTAL = re.compile(
    r"\b((?:янв|фев|мар|апр|ма|июн|июл|авг|сен|окт|ноя|дек)[а-я]*?)[её]м\b", re.I
)
_THIS_YEAR = re.compile(
    r"\b(?:(?:in )?(?:this|the current) year|(?:в |за )?(?:этот|этом|текущ\w+) год\w*)\b", re.I
)
_IN_FULL = {
    "янв": "январь", "фев": "февраль", "мар": "март", "апр": "апрель", "июн": "июнь",
    "июл": "июль", "авг": "август", "сен": "сентябрь", "сент": "сентябрь", "окт": "октябрь",
    "ноя": "ноябрь", "нояб": "ноябрь", "дек": "декабрь",
}  # fmt: skip
_SHORT = re.compile(rf"\b({'|'.join(_IN_FULL)})\b\.?(?=\s+(?:19|20)\d\d)", re.IGNORECASE)
_DECADE = re.compile(
    r"\b(?:(?:in|from|of|в|за|с)\s+)?(?:the\s+)?((?:19|20)\d)0(?:s|'s|-х|-ых)(?!\w)(?: год\w*)?",
    re.I,
)
_LAST_YEAR = re.compile(
    r"\b(?:(?:in |from )?(?:last|the previous) year(?:'?s)?|(?:в |за )?прошл\w+ год\w*)\b"
    r"(?! (?:19|20)\d\d)",
    re.I,
)
_AFTER = re.compile(
    r"\b(?:after|later than|newer than|после|позже|позднее|новее|поздн\w+,? чем)\s*$", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:since|starting (?:from|in)|начиная с|с|со)\s*$", re.IGNORECASE)
_ON = re.compile(r"^\s*(?:on|onwards?|and later)\b", re.IGNORECASE)  # "from 2024 on"
_BEFORE = re.compile(
    r"\b(?:before|earlier than|older than|prior to|до|раньше|ранее|старше|ран\w+,? чем)\s*$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|up to|to|till|through|по)\s*$", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:in|of|for|from|dated|от|в|за)\s*$", re.IGNORECASE)
_REST = re.compile(r"^\s*(?:года|году|годом|год|г\.?)(?!\w)", re.IGNORECASE)


def times_of(text: str) -> tuple[str, str, str]:
    """The text without its limits of time, and the limits as ISO dates, both inclusive, "" for
    none: "after 2020" begins with 2021."""
    text = _said_plainly(text)
    return _part_of_a_year(text) or _range(text) or _limits(text)


def _part_of_a_year(text: str) -> tuple[str, str, str] | None:
    """As `times_of`, where a half, a quarter or a season is told."""
    for rule, (first, last) in _PART:
        if found := rule.search(text):
            rest = _without(text, *found.span())
            return rest, f"{found[1]}-{first:02}", f"{found[1]}-{last:02}"
    return None


def _range(text: str) -> tuple[str, str, str] | None:
    """As `times_of`, where a decade is told, or a beginning and an end."""
    if found := _DECADE.search(text):
        return _without(text, *found.span()), f"{found[1]}0", f"{found[1]}9"
    if found := _RANGE.search(text):
        return _without(text, *found.span()), found[1], found[2]
    for one, other in pairwise(find_dates(text, years=True)):
        opening = _OPENS.search(text[: one.start])
        if opening and _BETWEEN.fullmatch(_REST.sub("", text[one.end : other.start])):
            rest = _REST.match(text[other.end :])
            end = other.end + (rest.end() if rest else 0)
            return _without(text, opening.start(), end), one.iso, other.iso
    return None


def _limits(text: str) -> tuple[str, str, str]:
    """As `times_of`, where dates are told one by one."""
    after = before = ""
    for one in reversed(list(find_dates(text, years=True))):
        lead = text[: one.start]
        if cut := _AFTER.search(lead):
            after = _beside(one.iso, 1)
        elif (cut := _SINCE.search(lead)) or _ON.match(text[one.end :]):
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


def _said_plainly(text: str) -> str:
    """Years that are told by today's, and months in a case that the rules for dates do not know."""
    text = _MONTHS_OF_A_YEAR.sub(r"\g<first> \g<year>\g<rest>", text)
    text = _INSTRUMENTAL.sub(r"\g<1>е", text)
    text = _SHORT.sub(lambda found: _IN_FULL[found[1].lower()], text)
    year = date.today().year
    return _LAST_YEAR.sub(f"in {year - 1}", _THIS_YEAR.sub(f"in {year}", text))


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
