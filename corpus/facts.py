"""Title, date and publisher of a document: what it says of itself, else its first lines.

What an author wrote for readers (a title element, a subject line) counts most, then the first page,
then what a program noted in the file, because that is often the name of a template or the day of a
conversion.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from corpus.dates import find_dates
from corpus.parsers.base import Facts
from corpus.types import Page

_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|без (?:имени|названия).*|document\s*\d*"
    r"|документ\s*\d*|(?:powerpoint )?presentation|презентация(?: powerpoint)?|slide \d+|слайд \d+"
    r"|print|(?:.*[\\/])?[\w\- .()]+\.(?:docx?|pdf|rtf|indd|pptx?|xlsx?|odt|txt|html?)|[\W\d_]*|.{1,2})",
    re.IGNORECASE,
)
_LONGEST_TITLE = 300
_CUT_TITLE = 120
_FIRST_BLOCKS = 12
_FIRST_TEXT = 1500  # characters in which a document says when it was published
_FIRST_PAGES = 3
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)(?= ?\d{4})|copyright)\s*(?:\d{4}(?:\s*[-–—]\s*\d{4})?\.?,?\s*)?"
    r"(?P<who>[^\W\d_][^\n.;|]{1,100}?)(?=[.;|\n]|,? \d{4}|\s+all rights|\s+все права|$)",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:ministry|agency|office|organi[sz]ation|council|committee|authority|commission|parliament"
    r"|government|institute|union|task force|bank|programme|fund|centre|center|service|academy"
    r"|министерств|агентств|комитет|служб|управлени|совет|правительств|институт|союз|организаци"
    r"|банк|фонд|центр|академи|комисси|парламент|росфинмониторинг)|^[A-ZА-ЯЁ/-]{3,12}$",
    re.IGNORECASE,
)


def find_facts(own: Facts, pages: Sequence[Page], path: Path) -> Facts:
    """What `own` leaves open, from the first pages; the file's name for want of a title."""
    return Facts(
        title=_title(own, pages, path),
        date=own.date or _date(pages) or own.written,
        publisher=own.publisher or _publisher(own, pages),
    )


def _title(own: Facts, pages: Sequence[Page], path: Path) -> str:
    told = " ".join(own.title.split())
    if told and not _NO_TITLE.fullmatch(told):
        return told[:_LONGEST_TITLE]
    first = next((page for page in pages if page.blocks), None)
    blocks = first.blocks[:_FIRST_BLOCKS] if first else ()
    headings = [block for block in blocks if block.kind == "heading"]
    best = min(headings, key=lambda block: block.level, default=None)
    if first and (best is None or blocks[0].end - blocks[0].start <= _LONGEST_TITLE):
        opening = first.text[blocks[0].start : blocks[0].end] if blocks else ""
        # A first line that is no heading is still the title if no chapter comes before its text.
        if best is None or best.level > 1 and len(opening.split()) > 2:
            best = blocks[0] if blocks else None
    text = first.text[best.start : best.end] if first and best else ""
    if not any(char.isalpha() for char in text):
        return " ".join(path.stem.replace("_", " ").split())
    if len(text) <= _LONGEST_TITLE:
        return text
    return text[:_CUT_TITLE].rsplit(" ", 1)[0] + "…"


def _date(pages: Sequence[Page]) -> str:
    """The first date in the first lines; a day or a month, years are too common."""
    left = _FIRST_TEXT
    for page in pages[:_FIRST_PAGES]:
        for found in find_dates(page.text[:left]):
            return found.iso
        left -= len(page.text)
        if left <= 0:
            break
    return ""


def _publisher(own: Facts, pages: Sequence[Page]) -> str:
    """Whoever claims the copyright; an author that is an organisation; one named on page one."""
    for page in (*pages[:_FIRST_PAGES], *pages[-1:]):
        for match in _COPYRIGHT.finditer(page.text):
            return " ".join(match["who"].split()).rstrip(",")
    if own.author and _ORGANISATION.search(own.author):
        return own.author
    for page in pages[:1]:
        for block in page.blocks[:_FIRST_BLOCKS]:
            text = page.text[block.start : block.end]
            if block.kind == "heading" and len(text) <= 120 and _ORGANISATION.search(text):
                return text
    return own.author
