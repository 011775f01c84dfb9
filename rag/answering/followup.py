"""Follow-up questions: what they leave out is taken from the question before, by rules.

1. An elliptical question ("And in Tajikistan?", «А в 2023 году?») names only what changes: the
   question before is asked again with its place, year or name of that sort exchanged.
2. A question that points back ("When did it end?", «Когда он начался?») or names nothing itself
   gets the names of the question before put behind it.

Everything else stands for itself. What was understood is shown to the reader.
"""

import re

from index.analysis.places import places_of
from index.analysis.words import words_of
from rag.answering.dates import find_dates
from rag.answering.language import question_language

_ELLIPTICAL = re.compile(
    r"^(?:and|but|what about|how about|and what about|а|и|но|а что насч[её]т|а как насч[её]т|"
    r"как насч[её]т)\b[\s,]*",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|he|his|him|she|her|they|their|them|there|this|that|these|those|then|"
    r"он|она|оно|они|его|её|ее|их|ему|ей|им|нём|нем|ней|них|там|тогда|этот|эта|это|эти|этом|этой|"
    r"этого|этих)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:in|of|for|from|to|by|в|во|на|из|для|от|по|с|о|об)\s+$", re.IGNORECASE
)
_SHORT = 6


def resolve(question: str, before: str | None) -> str:
    """The question as it is meant after `before`, itself if it stands alone."""
    if not before:
        return question
    language = question_language(question)
    own = [word for word in words_of(question, language) if not word.stop]
    opening = _ELLIPTICAL.match(question)
    if opening and len(question[opening.end() :].split()) <= _SHORT:
        return _exchanged(question[opening.end() :], before, language) or question
    points = _POINTS_BACK.search(question) is not None
    if (points and not _names(question)) or not own:
        topic = [name for name in _names(before) if name.lower() not in question.lower()]
        if topic:
            return f"{question.rstrip(' ?.!')} ({', '.join(topic)})?"
    return question


def _exchanged(new: str, before: str, language: str) -> str | None:
    """`before` with its place, year or name replaced by the one in `new`."""
    old_language = question_language(before)
    places, old_places = places_of(new, language), places_of(before, old_language)
    if places and old_places:
        old = next((o for o in old_places if o.place.kind == places[0].place.kind), old_places[0])
        bare = new[places[0].start : places[0].end]
        led = _PREPOSITION.search(before[: old.start]) is not None
        return _put(
            before, old.start, old.end, _with_preposition(new, places[0].start) if led else bare
        )
    dates, old_dates = find_dates(new), find_dates(before)
    if dates and old_dates:
        return _put(
            before, old_dates[0].start, old_dates[0].end, new[dates[0].start : dates[0].end]
        )
    added = new.strip(" ?.!")
    return f"{before.rstrip(' ?.!')} ({added})?" if added else None


def _put(text: str, start: int, end: int, new: str) -> str:
    """`text` with `new` for [start, end); a preposition that `new` brings replaces the old one."""
    head = text[:start]
    if _PREPOSITION.match(new.split(" ")[0] + " "):
        head = _PREPOSITION.sub("", head)
    return head + new + text[end:]


def _with_preposition(new: str, place: int) -> str:
    """The end of `new` from the preposition before its place, without closing marks."""
    found = _PREPOSITION.search(new[:place])
    return new[found.start() if found else place :].strip(" ?.!")


def _names(text: str) -> list[str]:
    """What `text` names: runs of words with capitals that are not its opening word, and years."""
    language = question_language(text)
    stops = {word.start for word in words_of(text, language) if word.stop}
    runs = re.finditer(r"(?<!\w)[A-ZА-ЯЁ][\w’'-]*(?:\s+[A-ZА-ЯЁ][\w’'-]*)*", text)
    found = []
    for run in runs:
        start = run.start()
        if start in stops or (start == 0 and not run.group().split()[0].isupper()):
            rest = re.search(r"\s+(.+)", run.group(), re.DOTALL)
            if rest is None:
                continue
            found.append(rest[1])
        else:
            found.append(run.group())
    return list(dict.fromkeys(found))
