"""The values and names of a sentence and its quote, paired: what `binding` compares."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.analysis.places import places_of
from rag.generation.checks.elements import Item
from rag.generation.checks.figures import Match
from rag.generation.checks.names import Name, lacking, names_in
from rag.generation.checks.values import Value

_LISTING = re.compile(
    r"\s*,\s*|\s*,?\s*(?:and|or|to|и|или|до|по|[-–—])\s*(?:the\s)?", re.IGNORECASE
)


def items_of(
    sentence: str,
    language: str,
    matches: Sequence[Match],
    quote: str,
    quote_language: str,
    quoted: Sequence[Value],
) -> tuple[list[Item], list[Item]]:
    """(items of the sentence, items of the quote); both texts have their numbers in digits."""
    theirs = [
        Item(_sort(value), value.start, value.end, frozenset({number}))
        for number, value in enumerate(quoted)
    ]
    runs = list(_runs(_named(quote, quote_language), quote, quoted))
    theirs += [
        Item("name", run.start, run.end, frozenset({len(quoted) + number}))
        for number, run in enumerate(runs)
    ]
    theirs = _listed(theirs, quote)
    mine = [
        Item(
            _sort(match.places[0]),
            match.value.start,
            match.value.end,
            frozenset(quoted.index(place) for place in match.places),
        )
        for match in matches
    ]
    values = [match.value for match in matches]
    for name in _runs(_named(sentence, language), sentence, values):
        places = frozenset(
            len(quoted) + number
            for number, run in enumerate(runs)
            if not lacking(name.text, language, run.text, quote_language)
        )
        if places:
            mine.append(Item("name", name.start, name.end, places))
    return mine, theirs


def _named(text: str, language: str) -> list[Name]:
    """Names and places in order; a place may open a sentence."""
    names = list(names_in(text, language))
    for mention in places_of(text, language):
        if not any(name.start < mention.end and mention.start < name.end for name in names):
            names.append(Name(text[mention.start : mention.end], mention.start, mention.end))
    return sorted(names, key=lambda name: name.start)


def _listed(items: Sequence[Item], text: str) -> list[Item]:
    """Items with nothing but "and", "to" or a comma between them may stand for each other."""
    found: list[Item] = []
    for item in sorted(items, key=lambda each: each.start):
        before = found[-1] if found else None
        if before is not None and before.sort == item.sort:
            between = text[before.end : item.start]
            if _LISTING.fullmatch(between):
                both = before.places | item.places
                found = [
                    replace(each, places=both) if each.places & both else each for each in found
                ]
                item = replace(item, places=both)
        found.append(item)
    return found


def _sort(value: Value) -> str:
    return f"{value.sort} {value.unit}" if value.sort == "number" else value.sort


def _runs(names: Sequence[Name], text: str, values: Sequence[Value]) -> Iterator[Name]:
    """Neighbouring words of names as one name; names inside a value ("EUR 5") are none."""
    start = end = -1
    for name in names:
        if any(value.start <= name.start < value.end for value in values):
            continue
        if start >= 0 and re.fullmatch(r"\s|\s(?:of|the|of the)\s", text[end : name.start]):
            end = name.end
            continue
        if start >= 0:
            yield Name(text[start:end], start, end)
        start, end = name.start, name.end
    if start >= 0:
        yield Name(text[start:end], start, end)
