"""Every value of a sentence has to stand in the quoted text, with its unit and its limit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis.stemming import snowball
from index.analysis.stopwords import STOPWORDS
from rag.answering.dates import Date
from rag.generation.checks.values import Bound, Value

_LIMIT_WORDS: dict[Bound, re.Pattern[str]] = {
    "most": re.compile(r"\b(?:maxim\w+|ceiling|cap|upper limit|максим\w+|предельн\w+)", re.I),
    "least": re.compile(r"\b(?:minim\w+|floor|lower limit|миним\w+)", re.I),
}
_OPPOSED = {("least", "most"), ("most", "least")}
# What may stand after a figure that has no unit of its own though the quote's has one.
_OPEN = STOPWORDS | {"to", "and", "or", "respectively", "соответственно"}


@dataclass(frozen=True, slots=True)
class Match:
    """A value of the sentence with all places of the quote where it stands."""

    value: Value
    places: tuple[Value, ...]


def matched(
    values: Sequence[Value], quoted: Sequence[Value]
) -> tuple[tuple[Match, ...], list[Value]]:
    """Each value with its places in the quote, and the values that have none."""
    found: list[Match] = []
    lacking: list[Value] = []
    for value in values:
        places = tuple(other for other in quoted if _same(value, other))
        if places:
            found.append(Match(value, places))
        elif not _needs_no_source(value, quoted):
            lacking.append(value)
    return tuple(found), lacking


def limits_broken(matches: Sequence[Match], sentence: str, quote: str) -> Iterator[Match]:
    """Values whose limit ("at least") or direction ("from", "to") the quote does not have.

    "Not more than 5" and "the maximum is 5" set the same limit.
    """
    for match in matches:
        for other in match.places:
            value = match.value
            if _limit_agrees(value, other):
                break
            if not other.bound and _sets(value.bound, quote):
                break
            if not value.bound and _sets(other.bound, sentence):
                break
        else:
            yield match


def miscounted(matches: Sequence[Match], quoted: Sequence[Value]) -> Iterator[Match]:
    """Numbers that count what another number counts in the quote, both in one language."""
    stem = snowball()
    for match in matches:
        noun = stem(match.value.noun) if match.value.noun else ""
        here = {stem(other.noun) for other in match.places if other.noun}
        elsewhere = {stem(o.noun) for o in quoted if o.noun and o not in match.places}
        if noun and here and noun not in here and noun in elsewhere:
            yield match


def _sets(bound: Bound, text: str) -> bool:
    rule = _LIMIT_WORDS.get(bound)
    return rule is not None and rule.search(text) is not None


def _same(value: Value, other: Value) -> bool:
    if value.sort == "date" and other.sort == "date":
        return _says_no_more(value.date, other.date)
    if value.sort == "ordinal" and other.sort == "number":
        return value.key == other.key
    if value.sort != other.sort:
        return False
    if value.key != other.key:
        return False
    return value.sort != "number" or _units_agree(value, other)


def _units_agree(value: Value, other: Value) -> bool:
    if value.unit and other.unit:
        return value.unit == other.unit
    if value.unit:
        return not other.noun
    if other.unit:
        return not value.noun or value.noun in _OPEN
    return True


def _says_no_more(date: Date | None, other: Date | None) -> bool:
    """Whether each part that `date` states is stated so by `other`."""
    if date is None or other is None:
        return False
    pairs = ((date.year, other.year), (date.month, other.month), (date.day, other.day))
    return all(mine == theirs or not mine for mine, theirs in pairs)


def _needs_no_source(value: Value, quoted: Sequence[Value]) -> bool:
    """ "First" is often mere rhetoric; any other ordinal has to be in the quote."""
    others = any(each.sort == "ordinal" for each in quoted)
    return value.sort == "ordinal" and value.key == "1" and not others


def _limit_agrees(value: Value, other: Value) -> bool:
    if value.sort != "number":
        return not (value.role and other.role) or value.role == other.role
    if value.role and other.role and value.role != other.role:
        return False
    if value.bound == other.bound or value.bound == "near":
        return value.bound != "near" or other.bound in ("", "near")
    if (value.bound, other.bound) in _OPPOSED:
        return False
    if not value.bound:
        return other.bound == "near" or bool(value.role)
    if not other.bound:  # "up to 30" of "from 10 to 30"
        return (value.bound, other.role) in (("least", "from"), ("most", "to"))
    return False
