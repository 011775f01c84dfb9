"""HTML: the main text with headings, lists and tables; menus, banners and forms are left out.

Nothing is scored: a part of the page goes only if its element or its name says that it is no text
(nav, aside, "cookie-banner"), or if nearly all of it is links. So a short text is never lost.
"""

import re
from pathlib import Path
from typing import Any

from corpus.dates import find_dates
from corpus.encoding import decode
from corpus.errors import BrokenFile
from corpus.parsers.base import Facts, Parsed
from corpus.parsers.builder import RawBuilder
from corpus.parsers.html_main import data_rows, is_text, main_element
from corpus.types import BlockKind

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml refuses one in a str
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]+encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE)
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4",
        "h5", "h6", "header", "hgroup", "hr", "html", "li", "main", "ol", "p", "pre", "section",
        "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_DATES = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate",
    "publish-date", "article:modified_time", "last-modified",
)  # fmt: skip
_PUBLISHERS = ("og:site_name", "publisher", "dc.publisher", "article:publisher", "author")


def parse(path: Path, data: bytes) -> Parsed:
    """Read a web page."""
    text = html_text(data)
    if text is None:
        raise BrokenFile(
            f"{path.name} is not readable as a web page; save it again as UTF-8 and add it anew."
        )
    builder = RawBuilder()
    facts = read_html(text, builder)
    return Parsed("html", (builder.page(),), paged=False, facts=facts)


def html_text(data: bytes) -> str | None:
    """The text of the file: by the charset that it declares if that fits, else as it reads."""
    declared = _XML_CHARSET.search(data[:200]) or _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    decoded = decode(data)
    return decoded.text if decoded else None


def read_html(text: str, builder: RawBuilder) -> Facts:
    """Add the blocks of the main text to `builder`; what the head says of the page."""
    from lxml import etree, html

    text = _DECLARATION.sub("", text).replace("\0", "")
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True))
    except etree.ParserError:  # nothing but comments
        return Facts()
    head = _facts(root)
    main = main_element(root)
    title = root.find(".//h1")
    if title is not None and main not in title.iterancestors() and is_text(title, main):
        _Walker(builder).walk(title)
    _Walker(builder).walk(main)
    return head


class _Walker:
    """Goes through the elements in order and makes a block of each stretch of text."""

    def __init__(self, builder: RawBuilder) -> None:
        self._builder = builder
        self._inline: list[str] = []
        self._root: Any = None

    def walk(self, root: Any) -> None:
        """All text below `root`."""
        self._root = root
        self._element(root, "paragraph", 0)
        self._flush("paragraph", 0)

    def _element(self, node: Any, kind: BlockKind, level: int) -> None:
        if node is not self._root and not is_text(node, self._root):
            return
        tag = node.tag
        if tag == "br":
            self._line_break(kind, level)
            return
        if tag in _BLOCKS:
            self._flush(kind, level)
        kind, level = _kind(tag, kind, level)
        rows = data_rows(node) if tag == "table" else []
        if rows:
            header = all(cell.tag == "th" for cell in rows[0]) or _in_head(rows[0])
            texts = [[_cell_text(cell) for cell in row] for row in rows]
            self._builder.table(texts, header=header)
            return
        self._text(node.text, node, kind, level)
        for child in node:
            if isinstance(child.tag, str):
                self._element(child, kind, level)
            self._text(child.tail, node, kind, level)
        if tag in _BLOCKS:
            self._flush(kind, level)

    def _text(self, text: str | None, node: Any, kind: BlockKind, level: int) -> None:
        if not text:
            return
        if node.tag != "pre":
            self._inline.append(text)
            return
        *lines, last = text.split("\n")
        for line in lines:
            self._inline.append(line)
            self._flush(kind, level)
        self._inline.append(last)

    def _line_break(self, kind: BlockKind, level: int) -> None:
        """One line break is a blank, two end a paragraph."""
        if "".join(self._inline[-2:]).strip(" \t\r").endswith("\n"):
            self._flush(kind, level)
        else:
            self._inline.append("\n")

    def _flush(self, kind: BlockKind, level: int) -> None:
        text = "".join(self._inline).strip()
        self._inline.clear()
        self._builder.block(kind, text, level)


def _kind(tag: str, kind: BlockKind, level: int) -> tuple[BlockKind, int]:
    """What text directly inside this element is; most elements leave it as it was."""
    if tag in _HEADINGS:
        return "heading", int(tag[1])
    if tag in ("li", "dd", "dt"):
        return "list_item", 0
    if tag == "blockquote":
        return "quote", 0
    return kind, level


def _cell_text(cell: Any) -> str:
    return " ".join(" ".join(cell.itertext()).split())


def _in_head(row: list[Any]) -> bool:
    return any(parent.tag == "thead" for parent in row[0].iterancestors())


def _facts(root: Any) -> Facts:
    """Title, date and publisher of the page's head, by the usual names."""
    meta: dict[str, str] = {}
    for one in root.iter("meta"):
        name = (one.get("property") or one.get("name") or one.get("itemprop") or "").lower()
        meta.setdefault(name, " ".join((one.get("content") or "").split()))
    element = root.find(".//title")
    title = " ".join(element.text_content().split()) if element is not None else ""
    heading = root.find(".//h1")
    first = " ".join(heading.text_content().split()) if heading is not None else ""
    dated = [meta.get(name, "") for name in _DATES]
    dated += [one.get("datetime") or "" for one in root.iter("time")]
    dates = [found.iso for text in dated for found in find_dates(text[:10])]
    return Facts(
        title=first if first and first in title else meta.get("og:title") or title or first,
        date=dates[0] if dates else "",
        publisher=next((meta[name] for name in _PUBLISHERS if meta.get(name)), ""),
    )
