"""What a text states in figures: dates, amounts, shares, counts, durations, articles, documents.

Values are compared, not spellings: 1 234,5 = 1,234.5; «двадцать» = 20; 20 мая 2021 = 20/05/2021.
A number counts with its unit and with what limits it ("at least", «до»).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.analysis.stopwords import STOPWORDS
from index.analysis.words import terms_of
from rag.answering.dates import Date, find_dates
from rag.answering.figures import CURRENCIES, Figure, find_figures
from rag.answering.number_words import with_digits

Sort = Literal["date", "number", "reference", "ordinal", "share"]
Bound = Literal["", "least", "most", "near"]
Role = Literal["", "from", "to"]

_UNITS = {
    "year": r"years?|year-olds?|лет|год(?:а|у|ом|ов|ы|ам)?|г\.?|-?летн\w+",
    "month": r"months?|месяц\w*",
    "week": r"weeks?|недел\w+",
    "day": r"days?|дн(?:я|ей|и|ям)|день|сут(?:ки|ок|кам)",
    "hour": r"hours?|час(?:а|ов|ы)?",
    "minute": r"minutes?|минут\w*",
    "second": r"seconds?|секунд\w*",
    "kg": r"kg|kilos?|kilogram\w*|кг|килограмм\w*",
    "gram": r"grams?|грамм\w*",
    "tonne": r"tonn?es?|tons?|тонн\w*",
    "km": r"km|kilomet\w+|км|километр\w*",
    "metre": r"met(?:re|er)s?|метр\w*",
    "litre": r"lit(?:re|er)s?|литр\w*",
    "times": r"times|раза?",
    "%": r"points?|пункт\w*",
}
_UNIT = re.compile(
    r"[\s\u00a0-]{0,2}(?:(?:calendar|working|business|full|календарн\w+|рабоч\w+|полн\w+|"
    r"процентн\w+|"
    r"percentage)\s+)?(?:"
    + "|".join(f"(?P<u{i}>{form})" for i, form in enumerate(_UNITS.values()))
    + r")(?![\w])",
    re.IGNORECASE,
)
_NAMES = tuple(_UNITS)
_WORD_AFTER = re.compile(r"[\s\u00a0-]{0,2}(?P<word>[^\W\d_]{2,})")
_CONNECTOR = re.compile(r"\s*(?:to|and|or|по|до|и|или|[-–—])\s*", re.IGNORECASE)
_BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("", r"(?:is|are|was|were)? ?(?:between|from|since|с|от)"),
    (
        "least",
        r"(?:no|not) (?:less|fewer) than|at least|(?:a |the )?minimum(?: of)?|не менее(?: чем)?|"
        r"не меньше(?: чем)?|минимум|как минимум",
    ),
    (
        "most",
        r"(?:no|not) more than|at most|up to|(?:a |the )?maximum(?: of)?|does not exceed|"
        r"do not exceed|not exceeding|не более(?: чем)?|не больше(?: чем)?|не свыше|не превыша\w+|"
        r"максимум|как максимум",
    ),
    (
        "least",
        r"more than|"
        r"(?<!hand )(?<!hands )(?<!handed )(?<!took )(?<!take )(?<!turned )over|above|exceed\w*|"
        r"larger than|higher than|"
        r"более(?: чем)?|больше(?: чем)?|свыше|выше|превыша\w+|превысил\w*",
    ),
    ("most", r"less than|fewer than|under|below|менее(?: чем)?|меньше(?: чем)?|ниже"),
    (
        "near",
        r"about|around|approximately|roughly|nearly|almost|some|около|примерно|порядка|почти|"
        r"приблизительно",
    ),
    ("most", r"до"),
)
_LEAD = r"(?:\s+(?:a|the|sum|amount|value|of|in|within|за|на|сумму|суммой|в|размере))*[\s(]*$"
_BEFORE = tuple(
    (bound, re.compile(rf"(?<!\w)(?:{form}){_LEAD}", re.IGNORECASE)) for bound, form in _BOUNDS
)
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("from", re.compile(r"\b(?:from|since|between|с|со|от)\s+(?:US\$|[A-Z]{3}\s|[$€£])?$", re.I)),
    ("to", re.compile(r"\b(?:to|until|till|до|по)\s+(?:US\$|[A-Z]{3}\s|[$€£])?$", re.I)),
)
_ORDINALS_EN = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
)  # fmt: skip
_ORDINALS_RU = [
    "перв",
    "втор",
    "трет",
    "четв[её]рт",
    "пят",
    "шест",
    "седьм",
    "восьм",
    "девят",
    "десят",
    "одиннадцат",
    "двенадцат",
]
_RU_ENDING = r"(?:ый|ой|ий|ая|ья|ое|ье|ые|ьи|ого|ьего|ому|ьему|ым|ьим|ом|ьем|ую|ью|ых|ьих|ыми|ей)"
_ORDINAL = re.compile(
    r"(?<!\d )\b(?:(?P<digits>\d+)(?:st|nd|rd|th|-(?:й|я|е|го|му|м|х|ый|ая|ое|ой|ую))|"
    + "|".join(f"(?P<e{i}>{word})" for i, word in enumerate(_ORDINALS_EN, 1))
    + "|"
    + "|".join(f"(?P<r{i}>{stem}{_RU_ENDING})" for i, stem in enumerate(_ORDINALS_RU, 1))
    + r")\b(?!\s+(?:parties|party|sides?|стран))",
    re.IGNORECASE,
)
_RATES = {
    "year": r"annually|yearly|every year|once a year|ежегодно|раз в год",
    "month": r"monthly|every month|once a month|ежемесячно|раз в месяц",
    "week": r"weekly|every week|once a week|еженедельно|раз в неделю",
    "day": r"daily|every day|once a day|ежедневно|раз в день",
}
_RATE = re.compile(
    r"\b(?:" + "|".join(f"(?P<{unit}>{form})" for unit, form in _RATES.items()) + r")\b",
    re.IGNORECASE,
)
_SHARES = {
    "half": r"half|halved|половин\w+|вдвое|наполовину|twice|doubled?|дважды|в 2 раза|by 50%",
    "third": r"(?:a|1) third|(?<!2 )(?:треть|трети|третью)|втрое|tripled?|threefold",
    "two thirds": r"2 thirds|2 трети",
    "quarter": r"(?:a|1) quarter|(?<!3 )(?:четверть|четверти|четвертью)|вчетверо|fourfold",
    "three quarters": r"3 quarters|3 четверти",
}
_SHARE = re.compile(
    r"\b(?:" + "|".join(f"(?P<s{i}>{form})" for i, form in enumerate(_SHARES.values())) + r")\b",
    re.IGNORECASE,
)
_SHARE_NAMES = tuple(_SHARES)


@dataclass(frozen=True, slots=True)
class Value:
    """One value at characters [start, end) of the text in digits (see `with_digits`).

    `key` is what has to be equal; for dates see `date`. `unit` is a unit in common notation, ""
    for a mere count; `noun` the word that is counted, if any.
    """

    sort: Sort
    key: str
    start: int
    end: int
    unit: str = ""
    noun: str = ""
    bound: Bound = ""
    role: Role = ""
    date: Date | None = None


@lru_cache(maxsize=4_000)
def values_of(text: str, language: str) -> tuple[Value, ...]:
    """All values of `text`, which has its number words in digits already, in order.

    What is found first keeps its place: a year in "Article 14 (2017)" is no count.
    """
    joined = re.sub(r"(?<=\b(?:19|20)\d\d)-(?=(?:19|20)\d\d\b)", "–", text)
    found: list[Value] = list(_shares(joined))
    for kind in (_references, _ordinals, _dates, _numbers, _rates):
        found += [each for each in kind(joined, language) if _apart(each, found)]
    return tuple(sorted(found, key=lambda value: value.start))


def _references(text: str, language: str) -> Iterator[Value]:
    for term in terms_of(text, language):
        if term.kind == "reference" or (term.kind == "code" and _is_code(term.term)):
            yield Value("reference", term.term, term.start, term.end)


def _ordinals(text: str, language: str) -> Iterator[Value]:
    for match in _ORDINAL.finditer(text):
        yield Value("ordinal", _ordinal(match), *match.span())


def _dates(text: str, language: str) -> Iterator[Value]:
    for date in find_dates(text):
        role = _role(text, date.start)
        yield Value("date", "date", date.start, date.end, role=role, date=date)


def _rates(text: str, language: str) -> Iterator[Value]:
    for match in _RATE.finditer(text):
        yield Value("number", "1", *match.span(), unit=str(match.lastgroup))


def _shares(text: str) -> Iterator[Value]:
    for match in _SHARE.finditer(text):
        yield Value("share", _SHARE_NAMES[int(str(match.lastgroup)[1:])], *match.span())


def in_digits(text: str) -> str:
    """The form of a text that the checks read."""
    return with_digits(text)


def _apart(value: Value, found: list[Value]) -> bool:
    return all(value.end <= each.start or each.end <= value.start for each in found)


def _is_code(term: str) -> bool:
    """Codes with a digit and a letter ("A/RES/72/284"); "5-year" is none."""
    return re.search(r"\d", term) is not None and re.search(r"[/.]", term) is not None


def _ordinal(match: re.Match[str]) -> str:
    if match["digits"]:
        return match["digits"]
    return str(match.lastgroup)[1:]


def _numbers(text: str, language: str) -> Iterator[Value]:
    """Figures with units; in "10 to 30 per cent" both numbers have the unit of one."""
    figures = list(find_figures(text, language))
    units = [_unit(text, figure) for figure in figures]
    counted = [_counts(text, figure) for figure in figures]
    for at in range(len(figures) - 2, -1, -1):
        if (
            not units[at]
            and not counted[at]
            and units[at + 1]
            and _joined(text, figures[at], figures[at + 1])
        ):
            units[at] = units[at + 1]
    for at in range(1, len(figures)):
        if (
            not units[at]
            and not counted[at]
            and units[at - 1]
            and _joined(text, figures[at - 1], figures[at])
        ):
            units[at] = units[at - 1]
    opened = False  # a "from" came before: its "to" limits nothing
    for figure, unit in zip(figures, units, strict=True):
        noun = _WORD_AFTER.match(text, figure.end)
        role = _role(text, figure.start)
        bound = _bound(text, figure.start)
        if opened and role == "to":
            bound = ""
        opened = opened or role == "from"
        yield Value(
            "number",
            format(figure.value.normalize(), "f"),
            figure.start,
            figure.end,
            unit=unit,
            noun=noun["word"].lower() if noun and not unit else "",
            bound=bound,
            role=role,
        )


def _counts(text: str, figure: Figure) -> bool:
    """Whether a word that is counted follows, as in "29 women"."""
    noun = _WORD_AFTER.match(text, figure.end)
    return noun is not None and noun["word"].lower() not in STOPWORDS | {"to", "and", "or"}


def _joined(text: str, one: Figure, other: Figure) -> bool:
    return _CONNECTOR.fullmatch(text[one.end : other.start]) is not None


def _unit(text: str, figure: Figure) -> str:
    if figure.unit == "%" or figure.unit in CURRENCIES:
        return figure.unit
    match = _UNIT.match(text, figure.end)
    return _NAMES[int(str(match.lastgroup)[1:])] if match else ""


def _bound(text: str, start: int) -> Bound:
    before = text[max(0, start - 40) : start]
    return next((bound for bound, rule in _BEFORE if rule.search(before)), "")


def _role(text: str, start: int) -> Role:
    before = text[max(0, start - 16) : start]
    return next((role for role, rule in _ROLES if rule.search(before)), "")
