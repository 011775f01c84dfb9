"""The table of parsers, and how a file finds its own: by its first bytes, then by its suffix."""

from pathlib import Path
from pkgutil import resolve_name

from corpus.errors import BrokenFile, UnsupportedFile
from corpus.parsers.base import Parsed, Parser

PARSERS = {
    "pdf": "corpus.parsers.pdf:parse",
    "text": "corpus.parsers.text:parse",
}
SUFFIXES = {
    ".pdf": "pdf",
    ".txt": "text",
    ".text": "text",
}


def parser_of(name: str) -> Parser:
    """The parser for a format of the table, or for a "module:name" of somebody else's."""
    parser: Parser = resolve_name(PARSERS.get(name, name))
    return parser


def parse(path: Path, data: bytes) -> Parsed:
    """Read a file by the parser for what it is."""
    name = SUFFIXES.get(path.suffix.lower())
    if name is None:
        raise UnsupportedFile(f"{path.name}: no parser for files of this kind.")
    if not data.strip():
        raise BrokenFile(f"{path.name} is empty; there is nothing to index.")
    return parser_of(name)(path, data)
