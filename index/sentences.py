"""Sentences of English and Russian text, as spans of it.

A boundary is looked for after `.`, `!`, `?`, `…` (with closing quotes, brackets and footnote
numbers) before white space, and at line breaks that structure the text. Small rules then say where
it is none. Compared with razdel and sentencex in `docs/decisions/0201-sentences.md`.
"""

import re
from dataclasses import dataclass

from index.abbreviations import NUMBERED, OPEN, PLACES, STARTERS, TITLES

Span = tuple[int, int]

_CLOSING = "\"'”’»›)\\]"
_END = re.compile(
    rf"(?P<mark>[.!?…]+)(?P<close>[{_CLOSING}]*)"
    r"(?P<note>(?:\[\d{1,3}\]|(?<=[^\W\d_]{3}[.!?])\d{1,3})?)(?P<space>\s+)"
    r"|(?P<break>[ \t]*\n[ \t]*\n\s*)"
    r"|(?P<line>[ \t]*\n\s*)"
)
_WORD_BEFORE = re.compile(r"[^\s(«“\"'\[—–]*$")
_FIRST = re.compile(r"[^\w№§]*([\w№§]+(?:[-.]\w+)*)?", re.UNICODE)
_BULLET = re.compile(
    r"(?:[-–—•▪●*·]|\(?(?:\d{1,3}|[a-zа-яё]|[ivxlc]{1,5})\)|(?:\d{1,3}\.){1,4})\s", re.I
)
_MARKER = re.compile(
    r"(?:(?:article|section|chapter|rule|recommendation|part|annex|paragraph|статья|раздел|глава|часть"
    r"|пункт|рекомендация|приложение|параграф|лекция|тема)\s+)?"
    r"[\(\[]?(?:\d{1,3}(?:[.-]\d{1,3}){0,3}|[IVXLC]{1,5}|[A-Za-zА-Яа-яЁё])[.)\]]+",
    re.I,
)
_YEAR_OPENING = re.compile(r"\W*(?:\w+\s+){0,2}(?:\d{4}(?:\s*[-–]\s*\d{4})?)\s+гг?\.", re.UNICODE)
_OPENERS = {"(": ")", "[": "]", "«": "»", "“": "”"}
_HELD = 300  # characters: a longer bracket or quotation is cut at its own sentences


@dataclass(frozen=True, slots=True)
class _Spot:
    """A possible boundary: the sentence so far, its last word, and what follows."""

    before: str
    after: str
    word: str
    next: str
    mark: str


def sentence_spans(text: str, language: str = "en") -> list[Span]:
    """Spans of the sentences of `text`, ascending, without the white space around them.

    Every character that is not white space is in exactly one span. `language` is an ISO 639-1
    code; the rules of English and Russian are both always on, because texts mix them.
    """
    spans: list[Span] = []
    start = len(text) - len(text.lstrip())
    for match in _END.finditer(text):
        end = match.start("space") if match["mark"] else match.start()
        end = start + len(text[start:end].rstrip())
        if end <= start or not _is_boundary(text, start, end, match):
            continue
        spans.append((start, end))
        start = match.end()
    stop = len(text.rstrip())
    if stop > start:
        spans.append((start, stop))
    return spans


def _is_boundary(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 80]
    if not after:
        return True
    if match["break"] is not None or (match["mark"] and match["space"].count("\n") > 1):
        return True
    before = text[start:end]
    if match["line"] is not None:
        return _line_ends(before, after)
    if "\n" in match["space"] and _BULLET.match(after):
        return True
    first = _FIRST.match(after)
    spot = _Spot(
        before=before,
        after=after,
        word=_last_word(text, start, match.start("mark")),
        next=(first[1] or "") if first else "",
        mark=match["mark"] if not match["close"] else match["mark"] + match["close"],
    )
    return not any(rule(spot) for rule in _JOINS)


def _line_ends(before: str, after: str) -> bool:
    """A line break is a boundary before a list item and after a colon or semicolon."""
    return bool(_BULLET.match(after)) or before.endswith((":", ";"))


def _last_word(text: str, start: int, end: int) -> str:
    found = _WORD_BEFORE.search(text, max(start, end - 40), end)
    return found[0] if found else ""


def _goes_on_small(spot: _Spot) -> bool:
    """A lower-case word or a comma follows: the sentence goes on."""
    if _BULLET.match(spot.after) and not spot.mark.strip("."):
        return False
    lead = spot.after[0]
    if lead in "-–—•▪●*·":
        return lead in "-–—" and spot.next[:1].islower()
    return lead in ",;:" or spot.next[:1].islower()


def _is_marker(spot: _Spot) -> bool:
    """A list number or "Article 5." stands at the start: it belongs to what follows."""
    return len(spot.before) < 30 and _MARKER.fullmatch(spot.before) is not None


def _is_title(spot: _Spot) -> bool:
    return spot.mark == "." and spot.word.lower().strip(".") in TITLES


def _is_numbered(spot: _Spot) -> bool:
    """True between "Art." or "ст." and a number."""
    known = spot.word.lower() in NUMBERED
    return spot.mark == "." and known and _is_number(spot.next)


def _is_number(word: str) -> bool:
    return re.fullmatch(r"[\d№§].*|[IVXLC]+", word) is not None


def _is_open(spot: _Spot) -> bool:
    """True after "2019 г." early in a sentence, and in "г. Алматы" and "U.S. Treasury"."""
    if spot.mark != "." or spot.word.lower() not in OPEN:
        return False
    if spot.word.lower() in {"г", "гг"} and re.search(r"\d\s*гг?$", spot.before[:-1]):
        return _YEAR_OPENING.fullmatch(spot.before) is not None
    if spot.word.lower() in PLACES:
        return True
    if spot.word in {"U.S", "U.K", "U.N", "E.U"}:
        return spot.next.lower() not in STARTERS
    return False


def _is_initial(spot: _Spot) -> bool:
    """True in "А. Б. Иванов" and "J. Smith", not in "Annex A. The"."""
    last = spot.word.rsplit(".", 1)[-1]
    single = len(last) == 1 and last.isupper()
    return spot.mark == "." and single and spot.next.lower() not in STARTERS


def _is_held(spot: _Spot) -> bool:
    """A bracket or quotation opened in this sentence is still open, and closes soon."""
    for opener, closer in _OPENERS.items():
        at = spot.before.rfind(opener)
        if at < 0 or len(spot.before) - at > _HELD:
            continue
        still_open = spot.before.count(opener) > spot.before.count(closer)
        if still_open and closer in spot.after:
            return True
    return False


_JOINS = (
    _goes_on_small,
    _is_marker,
    _is_title,
    _is_numbered,
    _is_open,
    _is_initial,
    _is_held,
)
