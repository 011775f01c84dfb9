"""DOCX: headings, lists, tables and footnotes in document order.

The body is walked as XML, because text also stands in content controls, hyperlinks, insertions and
text boxes, which the paragraph lists of python-docx leave out.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import BrokenFile
from corpus.parsers.base import Facts, Parsed
from corpus.parsers.builder import RawBuilder, has_header
from corpus.parsers.damage import DAMAGE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr", f"{_MC}Fallback")
)
_TEXT_BOX = f"{_W}txbxContent"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}softHyphen": "\u00ad",
          f"{_W}noBreakHyphen": "\u2011"}  # fmt: skip
_BODY_TEXT = 9  # the outline level of what is no heading
_HEADING_STYLE = re.compile(r"(?:heading|заголовок)\s*(\d)", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"title|название|заголовок$", re.IGNORECASE)


def parse(path: Path, data: bytes) -> Parsed:
    """Read a Word document."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
        walker = _Walker(document)
        walker.blocks(body)
    except (OpcError, XMLSyntaxError, *DAMAGE) as error:
        raise BrokenFile(
            f"{path.name} is not a readable Word document; save it again as .docx and add it anew."
        ) from error
    return Parsed("docx", (walker.builder.page(),), paged=False, facts=_facts(document))


def _facts(document: "WordDocument") -> Facts:
    known = document.core_properties
    changed = known.modified or known.created
    return Facts(
        title=(known.title or "").strip(),
        written=changed.date().isoformat() if changed else "",
        author=(known.author or "").strip(),
    )


class _Walker:
    """Goes through the body once and fills a builder."""

    def __init__(self, document: "WordDocument") -> None:
        self.builder = RawBuilder()
        self._styles = {style.style_id: style for style in document.styles}
        self._notes = _notes(document)

    def blocks(self, parent: Any) -> None:
        """All paragraphs and tables below `parent`, in order."""
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag not in _SKIPPED and child.tag != f"{_W}sectPr":
                self.blocks(child)  # content controls, insertions, custom XML

    def _paragraph(self, paragraph: Any) -> None:
        text = "".join(_text(paragraph))
        level = self._level(paragraph)
        if level:
            self.builder.block("heading", text, level)
        else:
            self.builder.block("list_item" if self._is_listed(paragraph) else "paragraph", text)
        for box in _boxes(paragraph):
            self.blocks(box)
        for reference in paragraph.iter(f"{_W}footnoteReference", f"{_W}endnoteReference"):
            kind = "footnotes" if reference.tag.endswith("footnoteReference") else "endnotes"
            self.builder.block("paragraph", self._notes.get((kind, reference.get(f"{_W}id")), ""))

    def _table(self, table: Any) -> None:
        """A row per line; a table of one column or with tables inside is only layout."""
        rows = [list(_cells(row)) for row in _rows(table)]
        nested = next(table.iterdescendants(f"{_W}tbl"), None) is not None
        if nested or all(len(row) <= 1 for row in rows):
            for row in rows:
                for cell in row:
                    self.blocks(cell)
            return
        marked = next(table.iterdescendants(f"{_W}tblHeader"), None) is not None
        texts = [[_cell_text(cell) for cell in row] for row in rows]
        self.builder.table(texts, header=marked or has_header(texts))

    def _level(self, paragraph: Any) -> int:
        """1-6 for headings, by outline level or by the name of the style or its parents."""
        outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None and outline.get(f"{_W}val", "9").isdigit():
            depth = int(outline.get(f"{_W}val"))
            return min(6, depth + 1) if depth < _BODY_TEXT else 0
        style = self._style(paragraph)
        while style is not None:
            name = style.name or ""
            named = _HEADING_STYLE.match(name)
            if named:
                return min(6, int(named[1]))
            if _TITLE_STYLE.fullmatch(name):
                return 1
            style = getattr(style, "base_style", None)
        return 0

    def _style(self, paragraph: Any) -> Any:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return self._styles.get(style.get(f"{_W}val")) if style is not None else None

    def _is_listed(self, paragraph: Any) -> bool:
        numbering = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if numbering is not None:
            return numbering.get(f"{_W}val") != "0"
        style = self._style(paragraph)
        return style is not None and "list" in (style.name or "").lower()


def _text(element: Any) -> Iterator[str]:
    """The text of a paragraph without deletions, field codes and text boxes."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _SKIPPED and child.tag != _TEXT_BOX:
            yield from _text(child)


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Text boxes anchored in the paragraph, each once."""
    for box in paragraph.iter(_TEXT_BOX):
        if not any(parent.tag == f"{_MC}Fallback" for parent in box.iterancestors()):
            yield box


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{_W}tr":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row; those merged into the one above are left out."""
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _cells(child)


def _cell_text(cell: Any) -> str:
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    if merged is not None and merged.get(f"{_W}val") != "restart":
        return ""
    paragraphs = ("".join(_text(one)).strip() for one in cell.iter(f"{_W}p"))
    return "\n".join(text for text in paragraphs if text)


def _notes(document: "WordDocument") -> dict[tuple[str, str], str]:
    """Texts of footnotes and endnotes by ("footnotes" or "endnotes", id)."""
    from lxml import etree

    notes: dict[tuple[str, str], str] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind not in ("footnotes", "endnotes") or relation.is_external:
            continue
        root = etree.fromstring(relation.target_part.blob)
        for note in root:
            paragraphs = ("".join(_text(one)).strip() for one in note.iter(f"{_W}p"))
            notes[kind, note.get(f"{_W}id", "")] = "\n".join(text for text in paragraphs if text)
    return notes
