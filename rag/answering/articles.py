"""Articles and sections by their number: "What does article 7 say?" is answered by their text.

No sentence of an article answers such a question more than another, so the readers refuse. What
stands behind the article's own heading, up to the next one, is quoted.
"""

import re
from dataclasses import replace

from rag.answering.candidates import Candidate
from rag.answering.choose import Choice
from rag.answering.evidence import Evidence
from rag.answering.grouping import Group
from rag.answering.judge import Missing
from rag.answering.sources import Passages

_PART = (
    r"(?P<part>articles?|sections?|clauses?|recommendations?|chapters?|rules?|стать[яиюей]+|пункт\w*"
    r"|раздел\w*|рекомендаци\w+|глав[аыуе]|правил\w*)\s+(?:no\.?\s*|№\s*)?(?P<number>\d{1,3})"
)
# Words that may stand between "what does" and "article 7"; any other asks for something in it.
_SMALL = r"(?:\s+(?:the|its|in|me|of|fatf|в|во|мне|эта|этой|говорится|сказано))*\s+"
_ASKED = re.compile(
    r"^\W*(?:(?:what (?:does|do|is)|что (?:сказано|говорится|написано|гласит)|о ч[её]м"
    r"|quote|show|read|cite|give|(?:процитируй|покажи|приведи)(?:те)?|(?:the )?(?:text|content)"
    rf"|текст|содержание){_SMALL})?{_PART}\b"
    r"(?P<rest>.*?)(?:\s*\b(?:say|says|about|read|require|contain)\b)?\W*$",
    re.IGNORECASE,
)
_KINDS = (
    (r"article|стать", r"Article|Статья"),
    (r"section|раздел", r"Section|Раздел"),
    (r"clause|пункт", r"Clause|Пункт"),
    (r"recommendation|рекомендаци", r"Recommendation|Рекомендация"),
    (r"chapter|глав", r"Chapter|Глава"),
    (r"rule|правил", r"Rule|Правило"),
)
_SAYING = ("say", "says", "about", "read", "require", "contain")
_SURE = 0.9  # set, not fitted: a heading with the number asked for stands over what is quoted
_LONG = 900  # characters quoted


def article_asked(choice: Choice, passages: Passages) -> Choice:
    """The text of the article that a refused question asks for by its number alone; the choice
    itself where it is not refused, asks for more, or the passages hold no such heading."""
    asked = _ASKED.match(passages.query.text)
    evidence = choice.evidence
    if choice.outcome != "refusal" or evidence is None or asked is None or choice.missing.names:
        return choice
    for own in _headed(asked, evidence, passages):
        group = Group(own, own[0])
        return replace(
            choice,
            outcome="answer",
            groups=(group,),
            confidence=_SURE,
            missing=Missing((), ()),
            values=(),
        )
    return choice


def _headed(
    asked: re.Match[str], evidence: Evidence, passages: Passages
) -> list[tuple[Candidate, ...]]:
    """The sentences behind the heading asked for, from each passage that has it."""
    names = next(name for kind, name in _KINDS if re.match(kind, asked["part"], re.IGNORECASE))
    heading = re.compile(rf"^(?:{names})\s+{asked['number']}(?!\d)[^\n]*", re.MULTILINE)
    following = re.compile(rf"^(?:{names})\s+\d", re.MULTILINE)
    found = []
    for place, hit in enumerate(passages.hits):
        match = heading.search(hit.chunk.text)
        if match is None or not _says_the_rest(asked["rest"], place, evidence):
            continue
        end = following.search(hit.chunk.text, match.end())
        last = min(end.start() if end else len(hit.chunk.text), match.end() + _LONG)
        own = tuple(
            one
            for one in evidence.candidates
            if one.passage == place and match.end() <= one.start and one.end <= last
        )
        if own:
            found.append(own)
    return found


def _says_the_rest(rest: str, place: int, evidence: Evidence) -> bool:
    """Whether a passage or its title says all that the question has behind the number: "of the
    model law", "about fines"."""
    held = evidence.held.passage(place)
    words = rest.split()
    return all(
        at in held
        for at, concept in enumerate(evidence.concepts)
        if any(concept.surface in word for word in words) and concept.surface not in _SAYING
    )
