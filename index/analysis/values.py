"""Numbers, dates, codes and references as one term whatever format they are written in."""

import re
from decimal import Decimal, InvalidOperation

from index.analysis.patterns import MONTHS, REFERENCE_KEY

_LOOKALIKES = str.maketrans("авекмнорстху", "abekmhopctxy")
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[а-я]")


def decimal_text(value: Decimal) -> str:
    """A number without exponent and trailing zeros: 1234.50 -> "1234.5"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_number(text: str, language: str) -> Decimal | None:
    """The value of a number in English or Russian notation, None if it is none.

    One mark followed by exactly three digits is ambiguous ("1,234"): a comma is then read as the
    language has it, thousands in English and decimals in Russian; a point is a decimal point.
    """
    digits = re.sub(r"[\s\u00a0\u202f\u2009'’]", "", text)
    comma, point = digits.count(","), digits.count(".")
    if comma and point:
        decimal = max(digits.rfind(","), digits.rfind("."))
        digits = re.sub(r"[.,]", "", digits[:decimal]) + "." + digits[decimal + 1 :]
    elif comma > 1 or point > 1:
        digits = digits.replace(",", "").replace(".", "")
    elif comma:
        thousands = language != "ru" and len(digits.split(",")[1]) == 3 and digits[0] != "0"
        digits = digits.replace(",", "" if thousands else ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def date_terms(year: str, month: int, day: int) -> tuple[str, ...]:
    """Terms of a date from its most to its least exact form; `day` 0 and `year` "" are unknown."""
    terms = [f"@-{month:02d}-{day:02d}"] if day else []
    if year:
        terms.insert(0, f"@{year}-{month:02d}")
        if day:
            terms.insert(0, f"@{year}-{month:02d}-{day:02d}")
        terms.append(f"#{year}")
    return (*terms, f"@-{month:02d}")


def parse_date(text: str, kind: str) -> tuple[str, int, int]:
    """Year, month and day of a matched date; `kind` is the name of the scanner's group."""
    numbers = re.findall(r"\d+", text)
    if kind == "iso":
        return numbers[0], int(numbers[1]), int(numbers[2])
    if kind == "dotted":
        return numbers[2], int(numbers[1]), int(numbers[0])
    words = re.findall(r"[^\W\d_]+", text.lower())
    month = next(MONTHS[word] for word in words if word in MONTHS)
    year = next((number for number in numbers if len(number) == 4), "")
    day = next((int(number) for number in numbers if len(number) < 3), 0)
    return year, month, day


def code_term(text: str) -> str:
    """A code as one term; Cyrillic letters that look Latin are folded when no other ones occur."""
    code = re.sub(r"\s", "", text.lower()).replace("\u2010", "-").replace("\u2011", "-")
    folded = code.translate(_LOOKALIKES)
    return "=" + (code if _CYRILLIC.search(folded) or not _LATIN.search(folded) else folded)


def reference_term(text: str) -> str | None:
    """ "Article 218", "ст. 218" -> "=art:218"."""
    key = REFERENCE_KEY.match(text)
    number = re.search(r"\d+(?:[.\-\u2010\u2011]\d+)*", text)
    if key is None or number is None or key.lastgroup is None:
        return None
    return f"={key.lastgroup}:{number.group()}"
