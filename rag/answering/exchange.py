"""An elliptical follow-up put into the question before: "And in Tajikistan?"."""

import re
from collections.abc import Callable

from index.analysis.places import Mention, places_of
from rag.answering.dates import MONTH_NAMES, find_dates
from rag.answering.each_country import inflected
from rag.answering.language import question_language
from rag.answering.names import name_spans
from rag.answering.question_kinds import focus_of
from rag.answering.tables.asked import superlative_in

_PREPOSITION = re.compile(
    r"\b(?:in|of|for|from|to|by|в|во|на|из|для|от|по|с|о|об|у)\s+$", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w.,/-])(?:[A-ZА-ЯЁ]{1,3}-)?\d+(?:[./-]\d+)*(?![\w/-])")
_MONTH = re.compile(rf"\b(?!may\b)(?:{MONTH_NAMES})\b", re.IGNORECASE)  # "may" is no month alone
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_EARLIER = re.compile(
    r"\b(?:year before|previous year|prior year|last year|годом ран\w+|год назад|прошл\w+ год\w*"
    r"|предыдущ\w+ год\w*)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:year after|next year|following year|годом поз\w+|следующ\w+ год\w*)\b", re.IGNORECASE
)
_THE_ALONE = re.compile(r"\s*(?:the|с|со|в|во)?\s*", re.IGNORECASE)
_LASTED = re.compile(r"last\w* ", re.IGNORECASE)
_IN_QUOTES = re.compile(r"[«“\"][^«»“”\"]+[»”\"]")
_THE = re.compile(r"the (\w+)(?: (?:please|pls|then))?", re.IGNORECASE)
_THE_OF = re.compile(r"\b(?:is|was|are|were) the (\w+) of\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\W*(?:how (?:many|much)|сколько)\s+(\w+)", re.IGNORECASE)
_ASKING_LAST = re.compile(r"\s+(?:сколько|когда|где|кто|почему|when|where|who|why)$", re.I)
_LED = re.compile(r"^(по|от|для|за|с|со|у|from|for|by|with|among)\s+\S", re.IGNORECASE)
_SMALL = r"(?:в|во|на|с|со|о|об|от|до|для|из|к|по|за|при|у|и|in|on|at|of|for|from|to|by|with|and)"
_WITHIN = re.compile(r"\b(?:в|во|на|о|об|in)\s+$", re.IGNORECASE)


def exchanged(new: str, before: str, *, sure: bool = False) -> str:
    """`before` with its place, date, number, name or what it counts replaced by the one in `new`.

    With `new` behind it where there is nothing to replace, or if that has to be `sure` as it is.
    """
    added = _ASKING_LAST.sub("", new.strip(" ?.!,"))
    ways: tuple[Callable[[str, str], str | None], ...] = (
        _superlative,
        _place,
        _date,
        _month,
        _year_beside,
        _number,
        _quoted,
        _name,
        _property,
        _phrase,
    )
    ways = (*ways, _counted_alone if sure else _counted)
    changed = next(filter(None, (way(added, before) for way in ways)), None)
    if changed is None and added and not sure:
        changed = f"{before.rstrip(' ?.!')} ({added})?"
    return changed or before


def _superlative(new: str, before: str) -> str | None:
    """The other end: "And the shortest?" after "Which exercise lasted the longest?"."""
    found, old = superlative_in(new), superlative_in(before)
    if found is None or old is None or question_language(new) != question_language(before):
        return None
    if _THE_ALONE.fullmatch(new[: found[0]]) is None or new[found[1] :].strip():
        return None
    lasted = _LASTED.match(before, old[0])
    start = lasted.end() if lasted else old[0]
    return before[:start] + new[slice(*found)] + before[old[1] :]


def _place(new: str, before: str) -> str | None:
    language = question_language(before)
    places, old_places = places_of(new, question_language(new)), places_of(before, language)
    if not (places and old_places):
        return None
    old = next((o for o in old_places if o.place.kind == places[0].place.kind), old_places[0])
    led = _PREPOSITION.search(before[: old.start]) is not None
    if language != question_language(new):
        return _put(before, old, _in_language(places[0], before[: old.start], language))
    bare = new[places[0].start : places[0].end]
    return _put(before, old, _with_preposition(new, places[0].start) if led else bare)


def _in_language(place: Mention, head: str, language: str) -> str:
    """The name of a place after `head` in another language than it was said in."""
    name = place.place.name(language)
    if language != "ru" or not _PREPOSITION.search(head):
        return name
    return inflected(name, "in" if _WITHIN.search(head) else "of")


def _date(new: str, before: str) -> str | None:
    dates, old_dates = find_dates(new), find_dates(before)
    if not (dates and old_dates):
        return None
    old = old_dates[0]
    return before[: old.start] + new[dates[0].start : dates[0].end] + before[old.end :]


def _month(new: str, before: str) -> str | None:
    """Another month of the same year: "And in November?"."""
    months, old_months = (list(_MONTH.finditer(text)) for text in (new, before))
    if len(months) != 1 or len(old_months) != 1:
        return None
    old = old_months[0]
    return before[: old.start()] + months[0].group() + before[old.end() :]


def _year_beside(new: str, before: str) -> str | None:
    """The year before or after: "And the year before?"."""
    years = list(_YEAR.finditer(before))
    step = -1 if _EARLIER.search(new) else 1 if _LATER.search(new) else 0
    if len(years) != 1 or not step:
        return None
    year = years[0]
    return before[: year.start()] + str(int(year.group()) + step) + before[year.end() :]


def _phrase(new: str, before: str) -> str | None:
    """What follows the same preposition: "And from notaries?"."""
    lead = _LED.match(new)
    if lead is None:
        return None
    rule = re.compile(rf"\b{lead[1]}\s+[^\s?()]+(?:\s+(?!{_SMALL}\b)[^\s?()]+)?", re.IGNORECASE)
    found = list(rule.finditer(before))
    if len(found) != 1:
        return None
    return before[: found[0].start()] + new + before[found[0].end() :]


def _number(new: str, before: str) -> str | None:
    """The one number of `before`: "And Recommendation 10?"."""
    numbers, old_numbers = (list(_NUMBER.finditer(text)) for text in (new, before))
    if len(numbers) != 1 or len(old_numbers) != 1:
        return None
    old = old_numbers[0]
    return before[: old.start()] + numbers[0].group() + before[old.end() :]


def _name(new: str, before: str) -> str | None:
    """The one name of `before`, or the last after the preposition that `new` begins with."""
    places = {(one.start, one.end) for one in places_of(new, question_language(new))}
    names = [span for span in _spans(new) if span not in places]
    old_names = _spans(before)
    lead = new[: names[0][0]].strip().lower() if len(names) == 1 else ""
    led = [(s, e) for s, e in old_names if lead and before[:s].lower().endswith(f" {lead} ")]
    if len(names) != 1 or not (led or len(old_names) == 1):
        return None
    (start, end), (from_, to) = (led or old_names)[-1], names[0]
    return before[:start] + new[from_:to] + before[end:]


def _quoted(new: str, before: str) -> str | None:
    """The one name in quotation marks: "And in «Red Saffron»?"."""
    names, old_names = _IN_QUOTES.findall(new), list(_IN_QUOTES.finditer(before))
    if len(names) != 1 or len(old_names) != 1:
        return None
    old = old_names[0]
    return before[: old.start()] + names[0] + before[old.end() :]


def _property(new: str, before: str) -> str | None:
    """What is asked of something: "And the weakness?" after "What was the merit of ...?"."""
    wanted, asked = _THE.fullmatch(new), _THE_OF.search(before)
    if wanted is None or asked is None:
        return None
    return before[: asked.start(1)] + wanted[1] + before[asked.end(1) :]


def _spans(text: str) -> list[tuple[int, int]]:
    # A name may be all there is of an elliptical question, so its first word counts too.
    return [(s - 2, e - 2) for s, e in name_spans(f"— {text}")]


def _counted(new: str, before: str) -> str | None:
    """A single word instead of what is counted: "women" instead of "officers"."""
    focus = focus_of(before)
    if focus is None or not new.isalpha() or not new.islower():
        return None
    word = re.compile(r"\w+").match(before, focus[0])
    return before[: focus[0]] + new + before[word.end() if word else focus[1] :]


def _counted_alone(new: str, before: str) -> str | None:
    """As `_counted`, for a word that has no "and" before it: only where a number of something, or
    how much of it, is asked for with that word right behind."""
    found = _HOW_MANY.match(before)
    if found is None or not new.isalpha() or not new.islower():
        return None
    return before[: found.start(1)] + new + before[found.end(1) :]


def _put(text: str, old: Mention, new: str) -> str:
    """`text` with `new` for a place; a preposition that `new` brings replaces the old one."""
    head = text[: old.start]
    if _PREPOSITION.match(new.split(" ")[0] + " "):
        head = _PREPOSITION.sub("", head)
    return head + new + text[old.end :]


def _with_preposition(new: str, place: int) -> str:
    """The end of `new` from the preposition before its place."""
    found = _PREPOSITION.search(new[:place])
    return new[found.start() if found else place :]
