"""Numbers in words as digits: "two hundred and forty", «двести сорок» -> "240".

Everything else of a text stays as it is, so that the other checks read one notation. Russian forms
are listed by their beginnings, since every case has its own ending.
"""

import re
from collections.abc import Callable
from functools import cache

_SMALL_EN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS_EN = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH = {
    **{word: value for value, word in enumerate(_SMALL_EN)},
    **{word: value for value, word in zip(range(20, 100, 10), _TENS_EN, strict=True)},
}
# value -> forms in all cases, as a regular expression
_RUSSIAN_FORMS = {
    1: r"од(?:ин|на|но|ного|ной|ному|ним|ном|ну)",
    2: r"дв(?:а|е|ух|ум|умя)",
    3: r"тр(?:и|[её]х|[её]м|емя)",
    4: r"четыр(?:е|[её]х|[её]м|ьмя)",
    5: r"пят(?:ь|и|ью)",
    6: r"шест(?:ь|и|ью)",
    7: r"сем(?:ь|и|ью)",
    8: r"вос(?:емь|ьми|емью|ьмью)",
    9: r"девят(?:ь|и|ью)",
    10: r"десят(?:ь|и|ью)",
    11: r"одиннадцат(?:ь|и|ью)",
    12: r"двенадцат(?:ь|и|ью)",
    13: r"тринадцат(?:ь|и|ью)",
    14: r"четырнадцат(?:ь|и|ью)",
    15: r"пятнадцат(?:ь|и|ью)",
    16: r"шестнадцат(?:ь|и|ью)",
    17: r"семнадцат(?:ь|и|ью)",
    18: r"восемнадцат(?:ь|и|ью)",
    19: r"девятнадцат(?:ь|и|ью)",
    20: r"двадцат(?:ь|и|ью)",
    30: r"тридцат(?:ь|и|ью)",
    40: r"сорока?",
    50: r"пятьдесят|пятидесяти|пятьюдесятью",
    60: r"шестьдесят|шестидесяти|шестьюдесятью",
    70: r"семьдесят|семидесяти|семьюдесятью",
    80: r"восемьдесят|восьмидесяти|восемьюдесятью",
    90: r"девяност[оа]",
    100: r"ст[оа]",
    200: r"двести|двухсот|двумстам|двумястами|двухстах",
    300: r"триста|тр[её]хсот|тр[её]мстам|тремястами|тр[её]хстах",
    400: r"четыреста|четыр[её]хсот|четыр[её]мстам|четырьмястами|четыр[её]хстах",
    500: r"пятьсот|пятисот|пятистам|пятьюстами|пятистах",
    600: r"шестьсот|шестисот|шестистам|шестьюстами|шестистах",
    700: r"семьсот|семисот|семистам|семьюстами|семистах",
    800: r"восемьсот|восьмисот|восьмистам|восьмистах",
    900: r"девятьсот|девятисот|девятистам|девятьюстами|девятистах",
}
_EN_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_EN = re.compile(
    rf"\b(?:(?:{_EN_WORD}|hundred|a hundred)(?:(?:[\s-]+(?:and\s+)?)(?:{_EN_WORD}|hundred))*)\b"
    r"(?!\s+of\s+(?:the\s+)?(?:them|us))",
    re.IGNORECASE,
)
_RU_WORD = "|".join(f"(?:{forms})" for _, forms in sorted(_RUSSIAN_FORMS.items(), reverse=True))
_RU = re.compile(rf"\b(?:{_RU_WORD})(?:\s+(?:{_RU_WORD}))*\b", re.IGNORECASE)
# "No one", "one another", «один из»: the word counts nothing there.
Total = Callable[[list[str]], int | None]
_NOT_COUNTING = re.compile(
    r"\b(?:no one|one another|one of|any ?one|one-off|один из|одной из|одна из|одного из|одно из|"
    r"одним из|друг друга|ни один|ни одного|ни одной)\b",
    re.IGNORECASE,
)


@cache
def _russian_value(word: str) -> int:
    return next(value for value, forms in _RUSSIAN_FORMS.items() if re.fullmatch(forms, word))


def _english_total(words: list[str]) -> int | None:
    """The value of words in order; None when they are two numbers side by side."""
    total, last = 0, 1_000
    for word in words:
        if word == "hundred":
            if total > 9:
                return None
            total, last = max(total, 1) * 100, 100
            continue
        value = _ENGLISH[word]
        if value >= last or (last in range(20, 100) and value > 9) or last < 20:
            return None
        total += value
        last = value
    return total


def _russian_total(words: list[str]) -> int | None:
    total, last = 0, 10_000
    for word in words:
        value = _russian_value(word)
        if len(str(value)) >= len(str(last)) or last in range(10, 20):
            return None
        total += value
        last = value
    return total


def with_digits(text: str) -> str:
    """`text` with its number words in digits; two numbers side by side stay two."""
    idle = [match.span() for match in _NOT_COUNTING.finditer(text)]

    def english(match: re.Match[str]) -> str:
        words = [w for w in re.split(r"[\s-]+", match.group().lower()) if w not in ("and", "a")]
        return _written(match, words, _english_total)

    def russian(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in idle):
            return match.group()
        return _written(match, match.group().lower().split(), _russian_total)

    def guarded(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in idle):
            return match.group()
        return english(match)

    # Russian first: digits put in by one pass do not move what the other one looks at, since
    # the two scripts share no words; idle places are looked up again after each pass.
    text = _RU.sub(russian, text)
    idle = [match.span() for match in _NOT_COUNTING.finditer(text)]
    return _EN.sub(guarded, text)


def _written(match: re.Match[str], words: list[str], total: Total) -> str:
    value = total(words)
    if value is not None:
        return str(value)
    return " ".join(str(total([word])) if total([word]) is not None else word for word in words)
