"""The table of parsers, and how a file finds its own: by its first bytes, then by its suffix.

A file whose content is plainly of another known kind than its name says is read as what it is; one
that is of a kind nobody reads is refused in one sentence.
"""

import io
import re
import zipfile
from pathlib import Path
from pkgutil import resolve_name

from corpus.encoding import decode
from corpus.errors import BrokenFile, EncryptedFile, UnsupportedFile
from corpus.parsers.base import Parsed, Parser
from corpus.parsers.damage import DAMAGE

PARSERS = {
    "docx": "corpus.parsers.docx:parse",
    "email": "corpus.parsers.mail:parse",
    "html": "corpus.parsers.html:parse",
    "markdown": "corpus.parsers.markdown:parse",
    "pdf": "corpus.parsers.pdf:parse",
    "text": "corpus.parsers.text:parse",
}
SUFFIXES = {
    ".docm": "docx",
    ".docx": "docx",
    ".eml": "email",
    ".htm": "html",
    ".html": "html",
    ".markdown": "markdown",
    ".md": "markdown",
    ".pdf": "pdf",
    ".text": "text",
    ".txt": "text",
    ".xhtml": "html",
}
UNREAD = frozenset(
    (
        "", ".djvu", ".doc", ".dot", ".epub", ".fb2", ".mht", ".mhtml", ".msg", ".odt", ".pages",
        ".ppt", ".pptx", ".rtf", ".wpd", ".xls", ".xlsx",
    )
)  # fmt: skip
_PDF_WITHIN = 1024  # bytes in front of "%PDF-" that readers put up with
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BINARY = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"II*\0": "a TIFF picture",
    b"MM\0*": "a TIFF picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"{\\rtf": "an RTF file",
    b"SQLite format 3": "a database",
}
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body)", re.I | re.DOTALL
)
_MAIL = re.compile(
    rb"^(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID):[ \t]", re.I | re.M
)
_ATX = re.compile(rb"^#{1,6} \S.*$", re.M)
_TITLES = 3  # lines like "## Title" that make a text file Markdown
_REMEDY = "save it as PDF, DOCX, HTML, Markdown, text or EML and add that"


def parser_of(name: str) -> Parser:
    """The parser for a format of the table, or for a "module:name" of somebody else's."""
    parser: Parser = resolve_name(PARSERS.get(name, name))
    return parser


def parse(path: Path, data: bytes) -> Parsed:
    """Read a file by the parser for what it is. Raises `DocumentError` with one sentence."""
    if not data.strip(b"\0 \t\r\n\f\xef\xbb\xbf"):
        raise BrokenFile(f"{path.name} is empty; there is nothing to index.")
    return parser_of(format_of(path, data))(path, data)


def format_of(path: Path, data: bytes) -> str:
    """The name of the format of this file. Raises `UnsupportedFile` or another `DocumentError`."""
    named = SUFFIXES.get(path.suffix.lower(), "")
    found = _by_content(path, data)
    if found:
        return found
    if not path.suffix and decode(data) is not None:
        return "text"
    if named in ("pdf", "docx"):
        raise BrokenFile(
            f"{path.name} is no {named.upper()} file although its name says so; "
            "export it again and add it anew."
        )
    if named:
        if decode(data) is None:
            raise BrokenFile(f"{path.name} contains no text although its name says so; {_REMEDY}.")
        return named
    raise UnsupportedFile(f"{path.name} is of a kind that Kordon does not read; {_REMEDY}.")


def _by_content(path: Path, data: bytes) -> str:
    """The format that the bytes prove, "" if they prove none. Raises for what nobody reads."""
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zip_format(path, data)
    if data.startswith(_OLE):
        if _OLE_ENCRYPTED in data:
            raise EncryptedFile(
                f"{path.name} needs a password; save it without one and add it anew."
            )
        raise UnsupportedFile(f"{path.name} is in an old Office format; {_REMEDY}.")
    for start, kind in _BINARY.items():
        if data.startswith(start):
            raise UnsupportedFile(f"{path.name} is {kind}; {_REMEDY}.")
    return _by_text(SUFFIXES.get(path.suffix.lower(), ""), data)


def _by_text(named: str, data: bytes) -> str:
    """What a text file with a known suffix is, where its first lines prove it."""
    head = data[:_PDF_WITHIN].removeprefix(b"\xef\xbb\xbf")
    if named and named != "markdown" and _HTML.match(head):
        return "html"
    if named in ("pdf", "docx", "text"):
        if _MAIL.search(head.split(b"\n\n")[0]):
            return "email"
        if len(_ATX.findall(data)) >= _TITLES:
            return "markdown"
        if named != "text" and decode(data) is not None:
            return "text"
    return ""


def _zip_format(path: Path, data: bytes) -> str:
    """What a ZIP container holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except DAMAGE as error:
        raise BrokenFile(
            f"{path.name} is damaged or cut off; save it again and add it anew."
        ) from error
    if any(name.startswith("word/document") for name in names):
        return "docx"
    raise UnsupportedFile(f"{path.name} is an archive or another Office file; {_REMEDY}.")
