"""Which column of a table a question may mean without its name."""

import re
from collections.abc import Iterator

from rag.answering.tables.asked import Sort, Wanted

_PEOPLE = r"people|persons?|staff|челов\w+|чел|люд\w+"
_MARKS = r"marks?|scores?|grades?|rat(?:ing|ings|ed)|балл\w*|оцен\w+"
# Words of a question, and of the names of columns that tell what they ask for.
_NAMED_OTHERWISE = (
    (rf"{_PEOPLE}|attend\w*|участ\w+|народ\w*",
     rf"{_PEOPLE}|officers|participants|players|trained|участники|сотрудник\w*|численность"),
    (_MARKS, _MARKS),
)  # fmt: skip
_QUESTION_WORDS = (
    ("where|где|куда", "place|city|town|country|location|venue|место|город|страна"),
    ("when|когда", "dates?|month|year|даты?|месяц|год"),
    ("who|кто", r"owner|name|officer|ответственн\w+|имя|фио"),
)
_OF_SHARES = (
    r"share|percent\w*|per cent|proportion|rate|дол[яюией]+|процент\w*|исполнени\w+"
    r"|high\w*|low\w*|best|worst|высок\w+|низк\w+|выше|ниже|лучш\w+|худш\w+"
)


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_OTHERWISE_RULES = tuple((_words(asked), _words(own)) for asked, own in _NAMED_OTHERWISE)
_WORD_RULES = tuple((_words(asked), _words(own)) for asked, own in _QUESTION_WORDS)
_SHARE_RULE = re.compile(rf"%|{_words(_OF_SHARES).pattern}", re.IGNORECASE)


def named_otherwise(question: str, column: str) -> Iterator[str]:
    """The words that a question has for what a column of this name tells: "people" for
    participants."""
    for asked, own in _OTHERWISE_RULES:
        if own.search(column):
            yield from (found.group() for found in asked.finditer(question))


def may_be_asked_for(question: str, column: str) -> bool:
    """Whether a question word asks for what a column of this name has: "where" for a city."""
    return any(asked.search(question) and own.search(column) for asked, own in _WORD_RULES)


def may_compare(question: str, wanted: Wanted, sort: Sort) -> bool:
    """Whether a column with this sort of amounts can be what the question compares by: shares are
    high or low, not more or less, and dates only what words of time compare."""
    if wanted.sort is not None:
        return wanted.sort == sort
    return sort != "date" and (sort != "percent" or _SHARE_RULE.search(question) is not None)
