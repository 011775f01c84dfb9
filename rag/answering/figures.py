"""Numbers with their units as they are written in English and Russian, compared by value.

`1,234.5` (en) and `1 234,5` (ru) are the same number; `6 %` and `5 %` are not.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from index.analysis.patterns import SCALE_AFTER
from index.analysis.values import parse_number

_SPACE = "[ \u00a0\u2009\u202f]"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?<!№)(?<!№ )(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d{{1,3}}(?:,\d{{3}})+|\d+)"
    r"(?:[.,]\d+)?(?!\d)"
)
# Beginnings of the words for a currency; the longest that fits counts.
CURRENCIES = {
    "USD": "usd $ us$ dollar долл",
    "EUR": "eur € euro евро",
    "GBP": "gbp £ pound фунт",
    "RUB": "rub ₽ ruble rouble руб",
    "KZT": "kzt ₸ tenge тенге тг",
    "KGS": "kgs som сом",
    "UZS": "uzs sum сум",
    "TJS": "tjs somoni сомони",
    "JPY": "jpy ¥ yen иен йен",
    "CNY": "cny yuan юан",
    "CHF": "chf",
    "MCI": "мрп",
}
_STEMS = sorted(
    ((stem, code) for code, stems in CURRENCIES.items() for stem in stems.split()),
    key=lambda pair: -len(pair[0]),
)
_SIGN = r"US\$|[$€£₽₸¥]|USD|EUR|GBP|KZT|JPY|CHF|CNY"
_AFTER = re.compile(
    rf"{_SPACE}?(?:(?P<percent>%|per cent\b|percent\b|процент\w*)|"
    rf"(?:US{_SPACE})?(?P<currency>{_SIGN}|RUB|KGS|UZS|TJS|"
    r"dollars?|euros?|pounds?|roubles?|rubles?|tenge|soms?|somoni|yen|yuan|долл\w*\.?|евро|фунт\w*|"
    r"руб(?:л\w+|\.)?|тенге|тг|сом(?:ов|а)?|сум(?:ов|а)?|сомони|[ий]ен\w?|юан\w+|мрп)(?!\w))",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?P<currency>{_SIGN}){_SPACE}?$", re.IGNORECASE)
_UNIT = re.compile(rf"{_SPACE}?(?P<unit>[^\W\d_][\w’'-]*)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at characters [start, end), its scale word, currency and per cent sign included.

    `unit` is "%", a currency code, or the word after the number in lower case ("participants").
    """

    value: Decimal
    unit: str
    start: int
    end: int


def find_figures(text: str, language: str) -> tuple[Figure, ...]:
    """All numbers in `text`, in order; `language` settles what "1,234" is."""
    found: list[Figure] = []
    for match in _NUMBER.finditer(text):
        value = parse_number(match.group(), language)
        if value is not None:
            found.append(_with_unit(text, value, *match.span()))
    return tuple(found)


def _with_unit(text: str, value: Decimal, start: int, end: int) -> Figure:
    scale = SCALE_AFTER.match(text, end)
    if scale is not None and scale.lastgroup is not None:
        value = value.scaleb(int(scale.lastgroup[1:]))
        end = scale.end() + (text[scale.end() : scale.end() + 1] == ".")
    if after := _AFTER.match(text, end):
        unit = "%" if after["percent"] else _currency(after["currency"])
        return Figure(value, unit, start, after.end())
    if before := _BEFORE.search(text, max(0, start - 4), start):
        return Figure(value, _currency(before["currency"]), before.start(), end)
    word = _UNIT.match(text, end)
    return Figure(value, word["unit"].lower() if word else "", start, end)


def _currency(word: str) -> str:
    lowered = word.lower()
    return next(code for stem, code in _STEMS if lowered.startswith(stem))
