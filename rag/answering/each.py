"""Answers to questions for a figure of each country, each component, ...: a list.

No single sentence answers "how many officers were trained in each country", so whoever reads
sentence by sentence finds no answer in a table that has them all. One row does answer "how many
officers were trained in Kazakhstan": what is asked of each country is judged by that.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rag.answering.candidates import Candidate
from rag.answering.choose import Choice
from rag.answering.each_country import asks_for_each_country, for_country
from rag.answering.evidence import Evidence
from rag.answering.grouping import alone
from rag.answering.listing import for_each_place, for_each_row, place_of
from rag.answering.question_kinds import asks_for_each, question_kind
from rag.answering.sources import Passages

_TRIED = 2  # countries asked for


def listed_for_each(choice: Choice, passages: Passages, ask: Callable[[str], Choice]) -> Choice:
    """The choice with a list for its quotes where the question asks for one and there is one.

    A refused question for each country is answered all the same when `ask` answers it for one of
    those listed.
    """
    question, evidence = passages.query.text, choice.evidence
    if evidence is None or not asks_for_each(question):
        return choice
    if not asks_for_each_country(question):
        rows = for_each_row(evidence, passages) if choice.outcome != "refusal" else ()
        return _listing(choice, rows, evidence) if rows else choice
    countries = for_each_place(evidence, passages)
    for single in _singles(question, countries[:_TRIED], passages):
        one = ask(single) if choice.outcome == "refusal" else choice
        if one is choice or _answers(one):
            return _listing(one, countries, replace(evidence, kind=question_kind(single)))
    return choice


def _listing(choice: Choice, listed: Sequence[Candidate], evidence: Evidence) -> Choice:
    return replace(
        choice, groups=tuple(map(alone, listed)), evidence=evidence, values=(), pointed=()
    )


def _singles(question: str, listed: Sequence[Candidate], passages: Passages) -> Iterator[str]:
    """The question for one country after another."""
    for candidate in listed:
        place = place_of(candidate, passages)
        single = for_country(question, place) if place else None
        if single is not None:
            yield single


def _answers(one: Choice) -> bool:
    """Whether a question for one country is answered by a quote that says, it or what it stands
    under, a word of the question beside the country: any row of figures looks like the population
    of a country."""
    if one.outcome == "refusal" or one.evidence is None:
        return False
    held, best = one.evidence.held, one.groups[0].best
    said = held.within(best.passage, best.start, best.end) | held.context(best.passage, best.start)
    return any(held.concepts[at].sort == "word" for at in said)
