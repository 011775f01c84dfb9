"""Finds gold quotes in the texts as they were indexed, so that spans can be compared.

A parser may break lines and spaces otherwise than the person who copied the quote; white space is
therefore matched by white space. Nothing else is forgiven: a changed digit is not a match.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from eval.types import MIXED, Dataset, Gold, Question


@dataclass(frozen=True, slots=True)
class Text:
    """A document as it was indexed; `pages` maps page numbers to [start, end) in `text`."""

    text: str
    language: str
    pages: Mapping[int, tuple[int, int]]


def find_quote(
    text: str, quote: str, within: tuple[int, int] | None = None
) -> tuple[int, int] | None:
    """The first place [start, end) of `quote` in `text` (or in a part of it), or None."""
    low, high = within or (0, len(text))
    start = text.find(quote, low, high)
    if start >= 0 and quote.strip():
        return start, start + len(quote)
    words = [re.escape(word) for word in quote.split()]
    match = re.compile(r"\s+".join(words)).search(text, low, high) if words else None
    return match.span() if match else None


def located(
    dataset: Dataset, texts: Mapping[str, Text], aliases: Mapping[str, str]
) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """The questions with places filled in, and sentences on quotes that were not found.

    `texts` gives every document that is named, `aliases` the document that another file with the
    same content stands for. A question keeps a gold that is not found: it then scores zero, and
    the sentence says why. A question whose golds (or the text it nearly fits) are all in one
    language belongs to that pair.
    """
    if dataset.unit == "passage":
        return dataset.questions, ()
    problems: list[str] = []
    questions = tuple(_located(q, texts, aliases, problems) for q in dataset.questions)
    return questions, tuple(problems)


def _located(
    question: Question,
    texts: Mapping[str, Text],
    aliases: Mapping[str, str],
    problems: list[str],
) -> Question:
    golds: list[Gold] = []
    languages: set[str] = set()
    for named in question.gold:
        gold = replace(named, document=aliases.get(named.document, named.document))
        text = texts.get(gold.document)
        if text is None:
            problems.append(f"{question.id}: the document {gold.document} is not in the index.")
            languages.add(MIXED)
        else:
            gold = _placed(gold, text)
            languages.add(text.language)
            if gold.start < 0:
                problems.append(f"{question.id}: its quote does not stand in {gold.document}.")
        golds.append(gold)
    if question.near in texts:
        languages.add(texts[question.near].language)
    target = languages.pop() if len(languages) == 1 else MIXED
    return replace(question, gold=tuple(golds), target=target)


def _placed(gold: Gold, text: Text) -> Gold:
    """On its page, or anywhere when the page does not have it (a parser may count otherwise)."""
    place = find_quote(text.text, gold.quote, text.pages.get(gold.page))
    place = place or find_quote(text.text, gold.quote)
    return replace(gold, start=place[0], end=place[1]) if place else gold
