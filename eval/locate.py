"""Finds gold quotes in the texts as they were indexed, so that spans can be compared.

A parser may break lines and spaces otherwise than the person who copied the quote; white space is
therefore matched by white space. Nothing else is forgiven: a changed digit is not a match.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from eval.types import MIXED, Dataset, Gold, Question


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """The first place [start, end) of `quote` in `text`, or None."""
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    words = [re.escape(word) for word in quote.split()]
    match = re.search(r"\s+".join(words), text) if words else None
    return match.span() if match else None


def located(
    dataset: Dataset, texts: Mapping[str, tuple[str, str]], aliases: Mapping[str, str]
) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """The questions with places filled in, and sentences on quotes that were not found.

    `texts` gives text and language of every document, `aliases` the document that another file with
    the same content stands for. A question keeps a gold that is not found:
    it then scores zero, and the sentence says why. A question whose golds are all in one language
    belongs to that language pair.
    """
    if dataset.unit == "passage":
        return dataset.questions, ()
    problems: list[str] = []
    questions = tuple(
        _located(question, texts, aliases, problems) for question in dataset.questions
    )
    return questions, tuple(problems)


def _located(
    question: Question,
    texts: Mapping[str, tuple[str, str]],
    aliases: Mapping[str, str],
    problems: list[str],
) -> Question:
    golds: list[Gold] = []
    languages: set[str] = set()
    for named in question.gold:
        gold = replace(named, document=aliases.get(named.document, named.document))
        text, language = texts.get(gold.document, ("", MIXED))
        languages.add(language)
        place = find_quote(text, gold.quote)
        if gold.document not in texts:
            problems.append(f"{question.id}: the document {gold.document} is not in the index.")
        elif place is None:
            problems.append(f"{question.id}: its quote does not stand in {gold.document}.")
        golds.append(replace(gold, start=place[0], end=place[1]) if place else gold)
    target = languages.pop() if len(languages) == 1 else MIXED
    return replace(question, gold=tuple(golds), target=target if golds else question.target)
