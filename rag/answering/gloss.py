"""Reading aids for a quote in the other language: its dates, figures, places and terms.

A gloss says in the question's language what one wording of the quote means; nothing else is
translated. Everything comes from rules of form, the table of places and the glossary.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from index.analysis.places import places_of
from index.search.glossary import own_glossary
from rag.answering.dates import find_dates, in_words
from rag.answering.figures import CURRENCIES, Figure, find_figures

_CURRENCY = {
    "USD": "долл. США",
    "EUR": "евро",
    "GBP": "фунтов стерлингов",
    "RUB": "руб.",
    "KZT": "тенге",
    "KGS": "сомов",
    "UZS": "сумов",
    "TJS": "сомони",
    "JPY": "иен",
    "CNY": "юаней",
    "CHF": "швейц. франков",
}
_SCALES = {
    "en": ((9, "billion"), (6, "million")),
    "ru": ((9, "млрд"), (6, "млн")),
}
_LARGE = 10_000  # numbers from here on are written differently in the two languages
_MOST = 8


@dataclass(frozen=True, slots=True)
class Gloss:
    """`text[start:end]` of a quote means `meaning` in the reader's language."""

    start: int
    end: int
    meaning: str


def glosses(text: str, language: str, reader: str) -> tuple[Gloss, ...]:
    """The glosses of a quote in `language` for somebody who reads `reader` ("en" or "ru"), in
    order, none inside another; at most eight; none for a quote in the reader's own language."""
    if language == reader:
        return ()
    found: list[Gloss] = []
    for each in (*_dates(text, reader), *_figures(text, language, reader),
                 *_places(text, language, reader), *_terms(text, language, reader)):  # fmt: skip
        new = text[each.start : each.end].casefold() != each.meaning.casefold()
        if new and not any(each.start < one.end and one.start < each.end for one in found):
            found.append(each)
    return tuple(sorted(found, key=lambda each: each.start)[:_MOST])


def _dates(text: str, reader: str) -> Iterator[Gloss]:
    for date in find_dates(text):
        meaning = in_words(date, reader) if date.month else ""
        if meaning:
            yield Gloss(date.start, date.end, meaning)


def _figures(text: str, language: str, reader: str) -> Iterator[Gloss]:
    for figure in find_figures(text, language):
        if figure.unit in CURRENCIES or figure.value >= _LARGE:
            yield Gloss(figure.start, figure.end, _figure(figure, reader))


def _figure(figure: Figure, reader: str) -> str:
    number = _number(figure.value, reader)
    if figure.unit not in CURRENCIES or (reader == "ru" and figure.unit not in _CURRENCY):
        return number
    return f"{figure.unit} {number}" if reader == "en" else f"{number} {_CURRENCY[figure.unit]}"


def _number(value: Decimal, reader: str) -> str:
    for zeros, word in _SCALES[reader]:
        scaled = value.scaleb(-zeros)
        if scaled >= 1 and scaled == round(scaled, 1):
            return f"{_written(scaled, reader)} {word}"
    return _written(value, reader)


def _written(value: Decimal, reader: str) -> str:
    """With the language's marks: 1,234.5 or 1 234,5 (no-break spaces)."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if reader == "en":
        return text
    return text.replace(",", "\u00a0").replace(".", ",")


def _places(text: str, language: str, reader: str) -> Iterator[Gloss]:
    for each in places_of(text, language):
        yield Gloss(each.start, each.end, each.place.name(reader))


def _terms(text: str, language: str, reader: str) -> Iterator[Gloss]:
    for match in own_glossary().matches(text, language):
        for form in match.others:
            if ("\u0400" <= form.text[0] <= "\u04ff") == (reader == "ru"):
                yield Gloss(match.start, match.end, form.text)
                break
