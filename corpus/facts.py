"""Title, date and publisher of a document: what it says of itself, else its first lines.

What an author wrote for readers (a title element, a subject line) counts most, then the first page,
then what a program noted in the file, because that is often the name of a template or the day of a
conversion.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile
from pathlib import Path

from corpus.dates import find_dates
from corpus.language import detect
from corpus.parsers.base import Facts
from corpus.types import Block, Page

_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|без (?:имени|названия).*|document\s*\d*"
    r"|документ\s*\d*|(?:powerpoint )?presentation|презентация(?: powerpoint)?|slide \d+|слайд \d+"
    r"|print|(?:.*[\\/])?[\w\- .()]+\.(?:docx?|pdf|rtf|indd|pptx?|xlsx?|odt|txt|html?)|[\W\d_]*"
    r"|.{1,2})",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\([_*\[\]()#.!-])")  # Markdown in a title
_LONGEST_TITLE = 300
_CUT_TITLE = 120
_FIRST_BLOCKS = 12
_FIRST_PAGES = 3
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)(?= ?\d{4})|copyright)\s*(?:\d{4}(?:\s*[-–—]\s*\d{4})?\.?,?\s*)?"
    r"(?P<who>[^\W\d_][^\n.;|]{1,100}?)(?=[.;|\n]|,? \d{4}|\s+all rights|\s+все права|$)",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:ministry|agency|office|organi[sz]ation|council|committee|authority|commission|parliament"
    r"|government|institute|union|task force|bank|programme|fund|cent(?:re|er)|service|academy"
    r"|министерств|агентств|комитет|служб|управлени|совет|правительств|институт|союз|организаци"
    r"|банк|фонд|центр|академи|комисси|парламент|групп|программ)",
    re.IGNORECASE,
)
# A line that is the name of an organisation and nothing else.
_MASTHEAD = re.compile(
    r"(?:the )?(?:ministry|agency|office|committee|authority|institute|academy) (?:of|for) [^.:]+"
    r"|(?!.*\b(?:newsletter|bulletin|report|plan|guide|manual|note|review|strategy)\b)[^.:\d]+"
    r" (?:agency|office|authority|organi[sz]ation|task force|institute|academy|programme)"
    r"(?: groupe d['’]action financière)?"
    r"|(?:министерство|агентство|комитет|служба|управление|правительство|институт|академия|центр"
    r"|комиссия)\s[^.:\d]+",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:[A-ZА-ЯЁ][\w'’.-]*\s+){1,2}[A-ZА-ЯЁ][\w'’-]+")
_NO_TITLE_HEADING = re.compile(
    r"(?:глава|раздел|статья|часть|chapter|section|article|part)\s+[\dIVXLC]+\b.*"
    r"|(?:table of )?contents|содержание|оглавление",
    re.IGNORECASE,
)
# A newsletter that names a season has no nearer date.
_SEASON = re.compile(
    r"\b(?:spring|summer|autumn|fall|winter|весна|лето|осень|зима|quarter|квартал)\W{1,3}"
    r"(?:of )?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_YEAR_ONLY = 4  # characters
_SHORT_TITLE = 2  # words: a title that needs the next line to say anything
_LINE = 160  # characters of a line that names an organisation, or the day of the document
_DATED_LINE = 320
_DATED_BLOCKS = 6


def find_facts(own: Facts, pages: Sequence[Page], path: Path) -> Facts:
    """What `own` leaves open, from the first pages; the file's name for want of a title."""
    return Facts(
        title=_title(own, pages, path),
        date=own.date or _date(own, pages),
        publisher=own.publisher or _publisher(own, pages),
    )


def _title(own: Facts, pages: Sequence[Page], path: Path) -> str:
    """The title that the document has, else its first heading or first line."""
    lines = _titled(pages)
    told = _ESCAPE.sub(r"\1", " ".join(own.title.split()))
    if told and not _NO_TITLE.fullmatch(told):
        noted = own.written or own.author  # by a program: such titles may be a mere masthead
        return (_with_next(told, lines) if noted else told)[:_LONGEST_TITLE]
    headings = [one for one in lines if one[0].level and not _NO_TITLE_HEADING.fullmatch(one[1])]
    best = min(headings, key=lambda one: one[0].level, default=None)
    if lines and (best is None or best[0].level > 1):
        best = lines[0] if len(lines[0][1]) <= _LONGEST_TITLE or best is None else best
    text = best[1].lstrip("# ") if best else ""
    if not any(char.isalpha() for char in text):
        return " ".join(path.stem.replace("_", " ").split())
    if len(text) > _LONGEST_TITLE:
        return text[:_CUT_TITLE].rsplit(" ", 1)[0] + "…"
    return _with_next(text, lines)[:_LONGEST_TITLE]


def _opening(pages: Sequence[Page]) -> Iterator[tuple[Block, str]]:
    """The first blocks of the first page with text."""
    first = next((page for page in pages if page.blocks), None)
    for block in first.blocks[:_FIRST_BLOCKS] if first else ():
        yield block, first.text[block.start : block.end] if first else ""


def _titled(pages: Sequence[Page]) -> list[tuple[Block, str]]:
    """The first blocks, from the first heading on that is in a language of questions, if others
    stand before it: a treaty may be published under its name in another language, with its own
    name below."""
    opening = list(_opening(pages))
    for page in pages[:_FIRST_PAGES]:
        rest = list(dropwhile(_foreign, _opening([page])))
        if rest:
            return rest if rest[0][0].level else opening
    return opening


def _foreign(line: tuple[Block, str]) -> bool:
    block, text = line
    return block.level > 0 and any(map(str.isalpha, text)) and detect(text) == "other"


def _with_next(title: str, lines: Sequence[tuple[Block, str]]) -> str:
    """A title of one or two words, or of a masthead, with the short line that follows it."""
    if len(title.split()) > _SHORT_TITLE and not _MASTHEAD.fullmatch(title):
        return title
    after = next((text for _, text in lines if text.lower() not in title.lower()), "")
    usable = 0 < len(after) <= _CUT_TITLE and after[0].isalpha() and not after.endswith((".", ":"))
    return f"{title}, {after}" if usable else title


def _date(own: Facts, pages: Sequence[Page]) -> str:
    """A date in a short line at the very beginning, or a year there that the file confirms."""
    first = list(_opening(pages))[:_DATED_BLOCKS]
    short = [
        text
        for block, text in first
        if block.kind in ("heading", "paragraph", "table_row") and len(text) <= _DATED_LINE
    ]
    lines = [own.title, *(text for text in short if len(text) <= _LINE)]
    days = (found.iso for text in lines for found in find_dates(text))
    seasons = (match["year"] for text in lines for match in _SEASON.finditer(text))
    longer = (found.iso for text in short for found in find_dates(text))
    years = (found.iso for text in (own.title, *short) for found in find_dates(text, years=True))
    # A day in a longer line may be any day that the first paragraph speaks of.
    iso = next(days, "") or next(seasons, "") or next(longer, "") or next(years, "")
    confirmed = iso and len(iso) == _YEAR_ONLY and own.written.startswith(iso)
    return own.written if confirmed or not iso else iso


def _publisher(own: Facts, pages: Sequence[Page]) -> str:
    """Whoever claims the copyright; an author that is no person; the masthead of page one."""
    for page in (*pages[:_FIRST_PAGES], *pages[-1:]):
        for match in _COPYRIGHT.finditer(page.text):
            return " ".join(match["who"].split()).rstrip(",")
    if own.author and (_ORGANISATION.search(own.author) or not _PERSON.fullmatch(own.author)):
        return own.author
    lines = (text for _, text in _opening(pages))
    return next((text for text in lines if len(text) <= _LINE and _MASTHEAD.fullmatch(text)), "")
