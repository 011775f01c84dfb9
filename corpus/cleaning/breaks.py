"""Where a paragraph ends: rules on two lines that follow each other."""

import re
from dataclasses import dataclass

from corpus.cleaning.headings import is_capitals
from corpus.parsers.base import Line

# Signs in front of list items; they are no text. A hyphen is one only with a blank behind it.
_SIGN = r"(?:[•▪●■◦‣⁃➢➤✓✔❖◆▶►·○□\uf000-\uf0ff]|[-o*](?=\s))"
BULLET = re.compile(rf"(?:{_SIGN}\s*)+")
MARK = re.compile(
    r"(?:\(?(?:[A-Za-zА-яё]|[ivxlc]{1,5}|\d{1,3}(?:-\d{1,2})?)\)|\d{1,3}(?:[.\-]\d{1,3}){0,3}[.)])(?=\s|$)"
)
LEADER = re.compile(r"(?:(?:[.…]\s?){5,}|…{2,})\s*(?:\d{1,4}|[ivxlc]+)$", re.IGNORECASE)
DASH = re.compile(r"[–—]\s")
_TERMINAL = re.compile(r"[.;:!?…][)\]»\"”’*\d]*$")
_ENUMERATES = re.compile(r"(?:,|\b(?:and|or|и|или|либо))$", re.IGNORECASE)
_FUNCTION_WORD = re.compile(
    r"\b(?:the|a|an|of|to|in|and|or|for|by|with|on|at|from|as|that|which|its|their|between|under"
    r"|и|в|во|на|с|со|по|о|об|от|до|из|за|для|или|к|при|что|как|его|их|между|под)$",
    re.IGNORECASE,
)
# What a typesetter keeps on one line: a word, or an amount of money with its currency.
_UNBROKEN = re.compile(r"(?:[A-Z]{3}\s|[$€£₽]\s?)?\d{1,3}(?:[ \u00a0]\d{3})+|\S+")
_BROKEN_WORD = re.compile(r"[^\W\d_][-‐\u00ad]$")
_APART = 1.35  # line pitches between two paragraphs
_WORD = 8  # characters: less may be an acronym in a sentence
_SHORT = 15  # characters: less may be a title, even before a small letter
_LONG = 60  # characters: less may be a title that ends in a small word


@dataclass(frozen=True, slots=True)
class Column:
    """What is usual in one column of a page; `wrapped` False where each paragraph is one line."""

    left: float
    right: float
    pitch: float
    wrapped: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two lines that follow each other, stripped of blanks, and what is known around them.

    `length` counts the characters of the paragraph so far, `size` is the usual size of letters.
    """

    before: str
    after: str
    last: Line
    line: Line
    column: Column
    length: int
    size: float

    @property
    def lowercase(self) -> bool:
        """The second line begins with a small letter."""
        return self.after[:1].islower()

    @property
    def flowing(self) -> bool:
        """The first line wants to go on, or the second looks like the middle of a sentence."""
        return (
            self.lowercase or self.after[:1].isdigit() or bool(_FUNCTION_WORD.search(self.before))
        )

    @property
    def terminal(self) -> bool:
        """The first line ends like a sentence, or like what introduces a list."""
        return bool(_TERMINAL.search(self.before))

    @property
    def short(self) -> bool:
        """The next word would have fitted on the first line."""
        if not self.column.wrapped:
            return True
        width = (self.last.x1 - self.last.x0) / max(1, len(self.before))
        word = _UNBROKEN.match(self.after)
        needed = (word.end() if word else 0) + 1.5
        return self.column.right - self.last.x1 > needed * width

    @property
    def apart(self) -> bool:
        """There is more than the usual space between the two, or a column ends."""
        step = self.line.top - self.last.top
        if self.line.flow != self.last.flow or step < 0:
            return True
        return bool(self.column.pitch) and step > _APART * max(
            self.column.pitch, 0.9 * self.last.size
        )


def begins_paragraph(meeting: Meeting) -> bool:
    """Whether the second line of `meeting` begins a new paragraph."""
    marked = MARK.match(meeting.after)
    if _BROKEN_WORD.search(meeting.before) and meeting.after[:1].isalpha() and not marked:
        return False
    if LEADER.search(meeting.before) or _is_marked(meeting) or _changes_face(meeting):
        return True
    if _is_one_title(meeting):
        return False
    if meeting.apart or not meeting.column.wrapped:
        return not _goes_on(meeting)
    if meeting.short:
        return not (meeting.lowercase or _FUNCTION_WORD.search(meeting.before))
    return _is_indented(meeting) and meeting.terminal


def _is_marked(meeting: Meeting) -> bool:
    """The second line opens with a list mark that is no part of a sentence."""
    rested = meeting.terminal or meeting.short or meeting.apart
    if BULLET.match(meeting.after):
        return rested or not meeting.after.startswith(("-", "*", "o"))
    if MARK.match(meeting.after):
        return rested or bool(_ENUMERATES.search(meeting.before))
    return bool(DASH.match(meeting.after)) and rested and not meeting.lowercase


def _changes_face(meeting: Meeting) -> bool:
    """Size, weight or capitals change, as they do between a title and its text."""
    last, line = meeting.last, meeting.line
    rested = meeting.terminal or meeting.short
    small, large = sorted((last.size, line.size))
    if small < 0.88 * large and (rested or not meeting.flowing):
        return True
    if last.bold != line.bold and rested and not meeting.lowercase:
        return True
    if len(meeting.before) <= _WORD or not meeting.short:
        return False
    return is_capitals(meeting.before) != is_capitals(meeting.after)


def _is_one_title(meeting: Meeting) -> bool:
    """Both lines belong to one title: capitals, or larger than the body, and close together."""
    last, line = meeting.last, meeting.line
    if meeting.apart or last.bold != line.bold or not meeting.column.wrapped:
        return False
    large = min(last.size, line.size) > 1.15 * meeting.size
    if meeting.terminal:
        return False
    return large or is_capitals(meeting.before) and is_capitals(meeting.after)


def _goes_on(meeting: Meeting) -> bool:
    """A sentence goes on after a gap: the next column, or a picture in between."""
    if meeting.terminal or is_capitals(meeting.before):
        return False
    if meeting.lowercase:
        return meeting.length >= _SHORT
    return meeting.length >= _LONG and bool(_FUNCTION_WORD.search(meeting.before))


def _is_indented(meeting: Meeting) -> bool:
    """The second line begins further right than the first, which stands at the margin."""
    step = 1.2 * meeting.line.size
    return meeting.line.x0 - meeting.last.x0 > step and meeting.last.x0 - meeting.column.left < step
