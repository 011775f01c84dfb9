"""Plain text: the encoding is found, each line is a line of ink on a grid of characters."""

import unicodedata
from pathlib import Path

from corpus.encoding import decode
from corpus.errors import BrokenFile
from corpus.parsers.base import Line, Parsed, RawPage

_TAB = 8


def parse(path: Path, data: bytes) -> Parsed:
    """Read a plain text file in any of the known encodings."""
    return Parsed("text", (text_page(read_text(path, data)),), paged=False)


def read_text(path: Path, data: bytes) -> str:
    """The text of a file, NFC, with one kind of line end. Raises `BrokenFile`."""
    decoded = decode(data)
    if decoded is None:
        raise BrokenFile(
            f"{path.name} is not a text file in a known encoding; save it as UTF-8 and add it anew."
        )
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\x1a")
    return unicodedata.normalize("NFC", text)


def text_page(text: str) -> RawPage:
    """Lines of text as ink: one unit is one character across, one line down."""
    lines = []
    start = 0
    for number, content in enumerate(text.replace("\f", "\n").split("\n")):
        stripped = content.strip()
        if stripped:
            indent = len(content) - len(content.lstrip())
            column = len(content[:indent].expandtabs(_TAB))
            first = start + indent
            lines.append(
                Line(
                    start=first,
                    end=first + len(stripped),
                    x0=column,
                    x1=column + len(stripped),
                    top=number,
                    bottom=number + 1,
                    size=1.0,
                )
            )
        start += len(content) + 1
    return RawPage(text, tuple(lines))
