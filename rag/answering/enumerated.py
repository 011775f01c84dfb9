"""Lists as a whole: what asks for several things is answered by all rows or items of a list.

The readers find one item after another; the list that they stand in is quoted in the order of
reading: the rows of a table, sentences with numbers ("1. ...", "2. ...") or parts that end in a
semicolon, with the sentence that leads to them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.analysis.words import terms_of
from rag.answering.candidates import Candidate
from rag.answering.choose import Choice
from rag.answering.evidence import Evidence
from rag.answering.grouping import Group, alone
from rag.answering.listing import ROW, rows_like
from rag.answering.question_kinds import asks_for_each, asks_for_several, focus_of
from rag.answering.sources import Passages

_NUMBERED = re.compile(r"\s*(?:\d{1,2}|[a-zа-я])[.)]\s+\S")
_PLURAL = re.compile(r"\W*(?:which|what) (?:[a-z-]+ ){0,2}[a-z-]+[^su\W]s\b", re.IGNORECASE)
_ALL = re.compile(
    r"\W*(?:the )?(?:names? of|all|what are (?:the|all))\b|\W*(?:все|названия)\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MOST = 10
_LONG = 1_200  # characters of a list quoted in one piece
_LINE = 100  # characters before a list that may say what it is of
_APART = 3  # sentences that an item may have beside its first
_FEWEST = 3  # items of a list that was refused
_LOOKED_AT = 8


def whole_list(choice: Choice, passages: Passages) -> Choice:
    """The choice with the list that it quotes from instead of some of its items, where the question
    asks for several things; the first quote stays first."""
    question, evidence = passages.query.text, choice.evidence
    if evidence is None:
        return choice
    surely = evidence.kind == "list" or asks_for_several(question) or _ALL.match(question)
    if not surely and not _PLURAL.match(question):  # "Which signs ...", "which group makes ..."
        return choice
    if choice.outcome == "refusal":
        figures = asks_for_each(question) or focus_of(question)
        return choice if figures else _found_all_the_same(choice, evidence, passages)
    for one in (group.best for group in choice.groups):
        whole = _list_around(one, evidence, passages)
        told = bool(whole) and _told_above(whole[0], evidence, passages)
        if not told and ROW not in one.text:
            continue
        items = _of_years_asked(whole, question)
        first = choice.groups[0]
        enough = (1 if told and one is first.best else 2) if surely else 3
        shown = [group.members for group in choice.groups if group.best in items]
        if len(items) > 1 and sum(map(len, shown)) >= enough:
            kept = () if set(first.members) & set(items) else (first,)
            return replace(choice, groups=(*kept, *_pieces(items, first.best)), values=())
    return choice


def _found_all_the_same(choice: Choice, evidence: Evidence, passages: Passages) -> Choice:
    """A refused question with a caveat where most of the best sentences are items of one list and
    its heading says what is asked for."""
    if choice.missing.names or choice.missing.numbers or choice.missing.years:
        return choice
    best = [evidence.candidates[at] for at in evidence.order()[:_LOOKED_AT]]
    for one in best:
        items = _list_around(one, evidence, passages)
        found = sum(other in items for other in best) >= _FEWEST
        if found and _told_above(items[0], evidence, passages):
            return replace(choice, outcome="caveat", groups=_pieces(items, best[0]), values=())
    return choice


def _pieces(items: Sequence[Candidate], best: Candidate) -> tuple[Group, ...]:
    """A list as one quote where its items stand side by side and are not too long, else each as one
    of its own."""
    beside = all(other.order == one.order + 1 for one, other in pairwise(items))
    if ROW in items[-1].text or not beside or items[-1].end - items[0].start > _LONG:
        return tuple(map(alone, items[:_MOST]))
    return (Group(tuple(items), best if best in items else items[0]),)


def _told_above(one: Candidate, evidence: Evidence, passages: Passages) -> bool:
    """Whether a heading over the first item of a list, or the line before it, says a word of the
    question."""
    chunk, held = passages.hits[one.passage].chunk, evidence.held
    terms = {term.term for term in terms_of(chunk.heading, chunk.language)}
    before = held.within(one.passage, one.start - _LINE, one.start)
    return any(
        concept.sort == "word" and (at in before or not concept.terms.isdisjoint(terms))
        for at, concept in enumerate(held.concepts)
    )


def _list_around(one: Candidate, evidence: Evidence, passages: Passages) -> tuple[Candidate, ...]:
    """The list that a sentence is an item of, with the one that leads to it; empty for none."""
    if ROW in one.text:
        return rows_like(one, evidence, passages)
    own = [each for each in evidence.candidates if each.passage == one.passage]
    parts = _numbered(one, own) if _NUMBERED.match(one.text) else _parts(one, own)
    if len(parts) < 2:
        return ()
    lead = next((each for each in own if each.order == parts[0].order - 1), None)
    return (lead, *parts) if lead and lead.text.endswith(":") else parts


def _numbered(one: Candidate, own: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The sentences with numbers around one, a few others between them at the most."""
    items = [each for each in own if _NUMBERED.match(each.text)]
    at = items.index(one)
    first = last = at
    while first and items[first].order - items[first - 1].order <= _APART:
        first -= 1
    while last + 1 < len(items) and items[last + 1].order - items[last].order <= _APART:
        last += 1
    return tuple(items[first : last + 1])


def _parts(one: Candidate, own: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The parts around one that end in a semicolon, and the last one behind them."""
    at = own.index(one)
    first = last = at
    while first and own[first - 1].text.endswith(";"):
        first -= 1
    while last + 1 < len(own) and own[last].text.endswith(";"):
        last += 1
    return tuple(own[first : last + 1])


def _of_years_asked(items: tuple[Candidate, ...], question: str) -> tuple[Candidate, ...]:
    """Those that say a year that the question asks of, where some do."""
    asked = set(_YEAR.findall(question))
    kept = tuple(one for one in items if asked & set(_YEAR.findall(one.text)))
    return kept or items
