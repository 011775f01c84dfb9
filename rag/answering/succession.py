"""Who holds an office now: a newer document that tells who took over comes first.

"The Team Leader is Ann Example" answers best, though a later newsletter tells who succeeded her.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from index.reader import Reader
from index.types import Hit
from rag.answering.candidates import Candidate
from rag.answering.choose import Choice, Lead
from rag.answering.evidence import Evidence
from rag.answering.grouping import Group
from rag.answering.offers import find_offers
from rag.answering.pointed import reading_of
from rag.answering.sources import Passages, joined

_NOW = re.compile(
    r"^\W*(?:who(?:'s| is| are| (?:lead|head|run|chair|manage|direct|command)s?)\b"
    r"|which \w+ (?:leads|heads|runs|commands|manages)\b|(?:what is )?(?:the )?name of\b"
    r"|кто (?!был|возглавлял|руководил|являл)\w+|как (?:его |её )?зовут|фамилия|имя"
    r"|начальник|глава|руководитель)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CAME = (
    r"successors?|succeed\w*|replac(?:ed|es|ing)|t(?:ook|akes|aken) over"
    r"|преемни\w+|сменил\w*|сменив\w*|заменил\w*"
)
_LEFT = (
    r"stepped down|ha(?:s|ve) left|resigned|retired|no longer|handed over|покинул\w*|уш[её]л|ушла"
    r"|остави\w+ (?:пост|должн\w+)|больше не"
)
_TELLS_WHO_CAME = re.compile(rf"\b(?:{_CAME})\b", re.IGNORECASE)
_TELLS_OF_A_CHANGE = re.compile(rf"\b(?:{_CAME}|{_LEFT})\b", re.IGNORECASE)
_AFTER = {"en": "Who succeeded {name}?", "ru": "Кто сменил {name}?"}
_FOLLOWING = 2  # sentences behind "has left the office" that may tell who came


def with_successor(
    choice: Choice,
    passages: Passages,
    language: str,
    reader: Reader,
    find: Callable[[str], Passages],
    weigh: Callable[[Passages], Evidence | None],
) -> tuple[Choice, Passages]:
    """The choice with what a newer document tells of whoever took over from the person in its
    first quote, and the passages with it; both as they are where nobody is asked for who holds an
    office now, or nothing is told. `find` and `weigh` are the pipeline's."""
    question, evidence = passages.query.text, choice.evidence
    asks = evidence is not None and _NOW.match(question) and not _YEAR.search(question)
    if evidence is None or not asks or choice.outcome == "refusal":
        return choice, passages
    name = _person_in(choice, passages)
    if not name:
        return choice, passages
    more = find(_AFTER[language].format(name=name))
    own = weigh(more)
    date = reader.document(passages.hits[choice.groups[0].passage].chunk.document_id).date
    told = own and date and _told_later(own, more, reader, date)
    if not told:
        return choice, passages
    whole = joined(passages, more)
    every = weigh(whole)
    if every is None:
        return choice, passages
    group = _found_again(told, more.hits[told[0].passage], whole, every)
    if group is None or not _of_what_is_asked(group, every):
        return choice, passages
    rest = tuple(one for one in choice.groups if one.best != group.best)
    changed = replace(
        choice,
        groups=(group, *rest[:1]),
        evidence=every,
        values=(),
        marked={**choice.marked, **_marked(group, whole, name)},
        lead=Lead("lead.changed"),
    )
    return changed, whole


def _person_in(choice: Choice, passages: Passages) -> str:
    """The person that the first quote tells of, as the reader sees it; "" for none."""
    best = choice.groups[0].best
    language = passages.hits[best.passage].chunk.language
    persons = [one for one in find_offers(best.text, language) if one.kind == "person"]
    read = reading_of(choice.pointed, best.passage, best.start, best.end)

    def odds(start: int, end: int) -> float:
        seen = read.at(best.start + start, best.start + end) if read else None
        return -start if seen is None else seen

    told = max(persons, key=lambda one: odds(one.start, one.end), default=None)
    return best.text[told.start : told.end] if told else ""


def _marked(group: Group, passages: Passages, name: str) -> dict[Candidate, tuple[int, int] | None]:
    """Whoever else is named in the sentence that tells who came; nobody in the others."""
    language = passages.hits[group.passage].chunk.language
    marked: dict[Candidate, tuple[int, int] | None] = dict.fromkeys(group.members)
    one = next((one for one in group.members if _TELLS_WHO_CAME.search(one.text)), None)
    others = [
        (each.start, each.end)
        for each in (find_offers(one.text, language) if one and one != group.best else ())
        if each.kind == "person" and one and name not in one.text[each.start : each.end]
    ]
    if one and others:
        marked[one] = others[0]
    return marked


def _told_later(
    evidence: Evidence, passages: Passages, reader: Reader, date: str
) -> tuple[Candidate, ...]:
    """The best sentence of a document newer than `date` that tells that the person asked about left
    or was succeeded, with those up to one that tells by whom; in the question's language if there
    is one; empty for none."""
    surname = len(evidence.concepts) - 1
    found = [
        one
        for one in (evidence.candidates[at] for at in evidence.order())
        if _TELLS_OF_A_CHANGE.search(one.text)
        and surname in evidence.held.within(one.passage, one.start, one.end)
        and reader.document(passages.hits[one.passage].chunk.document_id).date > date
    ]
    own = (
        one for one in found if passages.hits[one.passage].chunk.language == passages.query.language
    )
    first = next(own, next(iter(found), None))
    return _up_to_who_came(first, evidence) if first else ()


def _up_to_who_came(first: Candidate, evidence: Evidence) -> tuple[Candidate, ...]:
    found = [first]
    if not _TELLS_WHO_CAME.search(first.text):
        for one in evidence.candidates:
            behind = one.passage == first.passage and 0 < one.order - first.order <= _FOLLOWING
            if behind:
                found.append(one)
            if behind and _TELLS_WHO_CAME.search(one.text):
                return tuple(found)
    return (first,)


def _found_again(
    told: tuple[Candidate, ...], hit: Hit, passages: Passages, evidence: Evidence
) -> Group | None:
    """The same sentences among all passages."""
    place = next(at for at, one in enumerate(passages.hits) if one.chunk.id == hit.chunk.id)
    spans = {(one.start, one.end) for one in told}
    members = tuple(
        one for one in evidence.candidates if one.passage == place and (one.start, one.end) in spans
    )
    return Group(members, members[0]) if members else None


def _of_what_is_asked(group: Group, evidence: Evidence) -> bool:
    """Whether the passage says the names of the question: another office has other successors."""
    named = {at for at, one in enumerate(evidence.concepts) if one.sort != "word"}
    return named <= evidence.held.passage(group.passage)
