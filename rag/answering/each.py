"""Answers to questions for a figure of each country, each component, ...: a list.

No single sentence answers "how many officers were trained in each country", so whoever reads
sentence by sentence finds no answer in a table that has them all. One row does answer "how many
officers were trained in Kazakhstan": what is asked of each country is judged by that.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from rag.answering.candidates import Candidate
from rag.answering.choose import Choice
from rag.answering.each_country import asks_for_each_country, for_country
from rag.answering.evidence import Evidence
from rag.answering.grouping import alone
from rag.answering.listing import cell_of_each, for_each_place, for_each_row, place_of
from rag.answering.question_kinds import asks_for_each, for_one, question_kind
from rag.answering.sources import Passages

_TWO = re.compile(r"\b(?:and|и|или|or)\b", re.IGNORECASE)  # figures, perhaps
_TRIED = 2  # countries or rows asked for


def listed_for_each(choice: Choice, passages: Passages, ask: Callable[[str], Choice]) -> Choice:
    """The choice with a list for its quotes where the question asks for one and there is one.

    A refused question for each country, office, ... is answered all the same when `ask` answers it
    for one of those listed.
    """
    question, evidence = passages.query.text, choice.evidence
    if evidence is None or not asks_for_each(question):
        return choice
    of_countries = asks_for_each_country(question)
    listed = for_each_place(evidence, passages) if of_countries else ()
    singles = _of_countries(question, listed, passages)
    if not of_countries:
        listed = for_each_row(evidence, passages)
        if listed and choice.outcome != "refusal":
            return _listing(choice, listed, evidence, question)
        singles = _of_rows(question, listed, evidence, passages)
    for single, name in islice(singles, _TRIED):
        one = ask(single) if choice.outcome == "refusal" else choice
        if one is choice or _answers(one, name):
            evidence = replace(evidence, kind=question_kind(single))
            return _listing(one, listed, evidence, question)
    return choice


def _listing(
    choice: Choice, listed: Sequence[Candidate], evidence: Evidence, question: str
) -> Choice:
    if evidence.kind in ("other", "list") and not _TWO.search(question):
        evidence = replace(evidence, kind="count")  # "budget by month": a figure all the same
    return replace(
        choice, groups=tuple(map(alone, listed)), evidence=evidence, values=(), pointed=()
    )


def _of_countries(
    question: str, listed: Sequence[Candidate], passages: Passages
) -> Iterator[tuple[str, str]]:
    """The question for one country after another, with nothing that the answer has to say."""
    for candidate in listed:
        place = place_of(candidate, passages)
        single = for_country(question, place) if place else None
        if single is not None:
            yield single, ""


def _of_rows(
    question: str, listed: Sequence[Candidate], evidence: Evidence, passages: Passages
) -> Iterator[tuple[str, str]]:
    """The question for one row after another, and what that is of, which the answer has to say."""
    for candidate in listed:
        name, called = cell_of_each(candidate, evidence, passages)
        single = for_one(question, name, called) if name else None
        if single is not None:
            yield single, name


def _answers(one: Choice, name: str) -> bool:
    """Whether a question for one country or row is answered by a quote that says, it or what it
    stands under, a word of the question beside the `name` of what it asks for: any row of figures
    looks like the population of a country."""
    if one.outcome == "refusal" or one.evidence is None:
        return False
    held, best = one.evidence.held, one.groups[0].best
    said = held.within(best.passage, best.start, best.end) | held.context(best.passage, best.start)
    words = {held.concepts[at].surface for at in said if held.concepts[at].sort == "word"}
    return name in best.text and any(word not in name for word in words)
