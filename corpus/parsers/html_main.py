"""Which elements of a web page are its text, and which tables hold data."""

import re
from typing import Any

_NO_TEXT = frozenset(
    (
        "audio", "button", "canvas", "dialog", "form", "head", "iframe", "input", "link", "map",
        "menu", "meta", "nav", "noscript", "object", "option", "script", "select", "style", "svg",
        "template", "textarea", "video",
    )
)  # fmt: skip
_JUNK = (
    r"nav|navbar|navigation|menu|sidebar|breadcrumb|breadcrumbs|cookie|cookies|consent|share|sharing"
    r"|social|subscribe|related|pagination|pager|banner|advert|advertisement|ads|skip|masthead"
    r"|toolbar|popup|modal|comments|tags|widget|login|search|footer|copyright|preheader|unsubscribe"
)
_JUNK_NAME = re.compile(rf"(?!(?:has|with|without|no)[-_])(?:[\w]+[-_])*(?:{_JUNK})(?:[-_]\w+)*")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_MAIN_ID = re.compile(
    r"(?:main|content|main[-_]content|page[-_]content|article|post)", re.IGNORECASE
)
_CELL = 600  # characters: a longer cell is layout
_LINKED = 0.75  # of the letters of a block: more in links is a menu
_LINK = 25  # letters of a link in a menu, on average
_MOST = 0.4  # of the letters of the page: a part that large is text, whatever its name


def main_element(root: Any) -> Any:
    """The element that holds the main text: the one marked so, else the body."""
    body = root.find("body")
    body = root if body is None else body
    marked = [one for one in body.iter("main", "article") if one.tag == "main"]
    marked += [one for one in body.iter() if one.get("role") == "main"]
    articles = list(body.iter("article"))
    marked += articles if len(articles) == 1 else []
    marked += [
        one for one in body.iter("div", "section", "td") if _MAIN_ID.fullmatch(one.get("id", ""))
    ]
    whole = max(1, letters(body))
    return next((one for one in marked if letters(one) >= min(200, 0.5 * whole)), body)


def is_text(node: Any, root: Any) -> bool:
    """Whether this element below the main element `root` is text and no menu, banner or form."""
    if node.tag in _NO_TEXT or _is_hidden(node):
        return False
    named = node.tag in ("aside", "footer") or _is_junk(node)
    if named and letters(node) < _MOST * letters(root):
        return False
    return root.tag != "body" or not _is_menu(node)


def data_rows(table: Any) -> list[list[Any]]:
    """The cells of a table that holds data, row by row; [] for a table that is only layout."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return []
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    widths = [len(row) for row in rows]
    if len(rows) < 2 or max(widths) < 2 or sum(width >= 2 for width in widths) < 2:
        return []
    blocks = table.find(".//h1"), table.find(".//h2"), table.find(".//h3"), table.find(".//ul")
    longest = max(len(" ".join(cell.text_content().split())) for row in rows for cell in row)
    marked = table.find(".//th") is not None
    return rows if marked or (longest <= _CELL and all(one is None for one in blocks)) else []


def letters(node: Any) -> int:
    """Letters and digits that a reader sees below `node`."""
    return sum(
        len(text.strip())
        for element in node.iter()
        if isinstance(element.tag, str) and element.tag not in _NO_TEXT
        for text in (element.text or "", "" if element is node else element.tail or "")
    )


def _is_hidden(node: Any) -> bool:
    return (
        "hidden" in node.attrib
        or node.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(node.get("style", "")))
    )


def _is_junk(node: Any) -> bool:
    names = f"{node.get('class', '')} {node.get('id', '')} {node.get('role', '')}".lower().split()
    return any(_JUNK_NAME.fullmatch(name) for name in names)


def _is_menu(node: Any) -> bool:
    """Three short links or more, and hardly anything else."""
    if node.tag not in ("ul", "ol", "div", "p", "header", "section", "td"):
        return False
    links = [len(" ".join(link.text_content().split())) for link in node.iter("a")]
    if len(links) < 3 or sum(links) > _LINK * len(links):
        return False
    return sum(links) >= _LINKED * letters(node)
