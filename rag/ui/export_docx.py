"""A chat as a Word document whose citations are real footnotes.

python-docx writes no footnotes, so their part of the file is made here (ECMA-376, 17.11): the part
with its two separators, the references in the text, and the styles that both need.
"""

import io
from typing import TYPE_CHECKING, Any

from rag.ui.chat_exports import Line, Note, Part, parts, plain
from rag.ui.chats import Chat
from rag.ui.i18n import Translator

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
REFERENCE, TEXT = "footnote reference", "footnote text"
REFERENCE_ID, TEXT_ID = "footnotereference", "footnotetext"  # as python-docx makes them
LANGUAGES = {"en": "en-GB", "ru": "ru-RU"}


def to_docx(chat: Chat, say: Translator, zone: str = "") -> bytes:
    """The whole chat as the bytes of a .docx file; times are those of `zone`."""
    import docx

    document = docx.Document()
    _prepare(document, say.language)
    document.core_properties.title = plain(chat.title)[:255]
    document.core_properties.author = "Kordon"
    document.core_properties.comments = ""
    document.add_heading(plain(chat.title), 1)
    notes: list[Note] = []
    for part in parts(chat, say, zone):
        _write(document, part, say)
        notes += [note for line in part.lines for note in line.notes]
    _attach(document, notes)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _prepare(document: "Document", language: str) -> None:
    """The styles of footnotes, a plain font that has both scripts, and the language."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt

    styles: Any = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    properties = normal.element.get_or_add_rPr()
    for known in properties.findall(qn("w:lang")):
        properties.remove(known)
    properties.append(_element("w:lang", {"w:val": LANGUAGES.get(language, "en-GB")}))
    properties.rFonts.set(qn("w:cs"), "Calibri")
    styles.add_style(REFERENCE, WD_STYLE_TYPE.CHARACTER).font.superscript = True
    small = styles.add_style(TEXT, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style, small.font.size = normal, Pt(9)


def _write(document: "Document", part: Part, say: Translator) -> None:
    document.add_heading(part.question, 2)
    _said(document, part.asked)
    if part.understood:
        _said(document, say.t("ask.understood", question=part.understood))
    if part.lead:
        document.add_paragraph().add_run(part.lead).bold = not part.answered
    if not part.answered and part.lines:
        _said(document, part.notice or say.t("ask.related"))
    for line in part.lines:
        _quote(document.add_paragraph(style="Quote"), line)
    if part.answered and part.notice:
        _said(document, part.notice)
    if part.confidence:
        _said(document, part.confidence)


def _said(document: "Document", text: str) -> None:
    """What Kordon says itself, in italics."""
    document.add_paragraph().add_run(text).italic = True


def _quote(paragraph: "Paragraph", line: Line) -> None:
    run = paragraph.add_run(line.text)
    run.italic = False
    for position, note in enumerate(line.notes):
        if position:
            paragraph.add_run(",").font.superscript = True
        mark = paragraph.add_run()
        mark.style = REFERENCE
        mark.italic = False
        mark._r.append(_element("w:footnoteReference", {"w:id": str(note.number)}))


def _attach(document: "Document", notes: list[Note]) -> None:
    """Put the footnotes into the file and tell its settings of the separators."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part as FilePart
    from docx.oxml.parser import parse_xml
    from lxml import etree

    root = parse_xml(f'<w:footnotes xmlns:w="{MAIN}"/>')
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        holder = _element("w:footnote", {"w:type": kind, "w:id": str(number)})
        _grow(_grow(_grow(holder, "w:p"), "w:r"), f"w:{kind}")
        root.append(holder)
    for note in notes:
        root.append(_footnote(note))
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package: Any = document.part.package
    file = FilePart(PackURI("/word/footnotes.xml"), FOOTNOTES, data, package)
    document.part.relate_to(file, RELATIONSHIP_TYPE.FOOTNOTES)
    settings: Any = document.settings.element
    listed = _element("w:footnotePr", {})
    for name in ("-1", "0"):
        listed.append(_element("w:footnote", {"w:id": name}))
    _insert(settings, listed)


def _footnote(note: Note) -> Any:
    """`<w:footnote>` with its number, its source and, where it is not the sentence, the quote."""
    footnote = _element("w:footnote", {"w:id": str(note.number)})
    paragraph = _grow(footnote, "w:p")
    _grow(_grow(paragraph, "w:pPr"), "w:pStyle", {"w:val": TEXT_ID})
    mark = _grow(paragraph, "w:r")
    _grow(_grow(mark, "w:rPr"), "w:rStyle", {"w:val": REFERENCE_ID})
    _grow(mark, "w:footnoteRef")
    text = _grow(_grow(paragraph, "w:r"), "w:t", {"xml:space": "preserve"})
    quote = f" «{note.quote}»" if note.quote else ""
    text.text = f" {note.source}.{quote}"
    return footnote


def _insert(settings: Any, listed: Any) -> None:
    """Put `footnotePr` where the order of the schema wants it: before `endnotePr` or `compat`."""
    from docx.oxml.ns import qn

    for name in ("w:endnotePr", "w:compat", "w:rsids", "w:themeFontLang", "w:clrSchemeMapping"):
        later = settings.find(qn(name))
        if later is not None:
            later.addprevious(listed)
            return
    settings.append(listed)


def _element(name: str, attributes: dict[str, str]) -> Any:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _grow(parent: Any, name: str, attributes: dict[str, str] | None = None) -> Any:
    element = _element(name, attributes or {})
    parent.append(element)
    return element
