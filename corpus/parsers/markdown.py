"""Markdown: blocks by markdown-it, and every letter of them found again in the source.

The raw text is the source itself. The parser's tokens say what is markup; the cursor walks through
the source and takes what is text.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.cleaning.weave import plain
from corpus.dates import find_dates
from corpus.parsers.base import Facts, Parsed, Part, Piece, RawPage, Span
from corpus.parsers.builder import table_rows
from corpus.parsers.text import read_text
from corpus.types import BlockKind

if TYPE_CHECKING:
    from markdown_it.token import Token

_TIGHT_HEADING = re.compile(r"^(#{2,6})(?=[^#\s])", re.MULTILINE)  # "##Title" is meant as one
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<body>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"^(?P<key>\w+)\s*:\s*[\"']?(?P<value>.*?)[\"']?\s*$", re.MULTILINE)
_CONTINUED = re.compile(r"\\?\n[ \t]+")  # an entry goes on in the next line
_LINK_END = re.compile(r"\](?:\((?:[^()\n]|\([^()\n]*\))*\)|\[[^\]\n]*\])?")
_TAG = re.compile(
    r"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>|</?[a-zA-Z][^<>]*>", re.DOTALL
)


def parse(path: Path, data: bytes) -> Parsed:
    """Read a Markdown file."""
    from markdown_it import MarkdownIt

    raw = _TIGHT_HEADING.sub(r"\1 ", read_text(path, data))
    front = _FRONT_MATTER.match(raw)
    start = front.end() if front else 0
    tokens = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .disable("text_join")
        .parse(raw[start:])
    )
    parts = tuple(_Reader(raw, start).parts(tokens))
    facts = _facts(front["body"]) if front else Facts()
    return Parsed("markdown", (RawPage(raw, parts),), paged=False, facts=facts)


def _facts(front: str) -> Facts:
    front = _CONTINUED.sub(" ", front.replace(r"\_", " "))  # YAML's blank that does not break
    entries = {match["key"].lower(): match["value"] for match in _ENTRY.finditer(front)}
    dates = [found.iso for found in find_dates(entries.get("date", ""), years=True)]
    return Facts(
        title=entries.get("title", ""),
        date=dates[0] if dates else "",
        publisher=entries.get("publisher") or entries.get("author") or "",
    )


class _Reader:
    """Walks the tokens and the source together."""

    def __init__(self, raw: str, start: int) -> None:
        self._raw = raw
        self._cursor = start
        self._lines = [start]
        for match in re.finditer("\n", raw[start:]):
            self._lines.append(start + match.end())
        self._lines.append(len(raw))

    def parts(self, tokens: "Sequence[Token]") -> Iterator[Part]:
        """All blocks in order."""
        listed, quoted, level = 0, 0, 0
        marker: tuple[Piece, ...] = ()
        rows: list[list[tuple[Piece, ...]]] = []
        for token in tokens:
            listed += (token.type == "list_item_open") - (token.type == "list_item_close")
            quoted += (token.type == "blockquote_open") - (token.type == "blockquote_close")
            if token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type == "list_item_open":
                marker = self._marker(token)
            elif token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                pieces = tuple(self._inline(token))
                if rows:
                    rows[-1].append(pieces)
                    continue
                kind: BlockKind = "list_item" if listed else "quote" if quoted else "paragraph"
                yield Part("heading" if level else kind, marker + pieces, level)
                level, marker = 0, ()
            elif token.type == "table_close":
                texts = [[plain(self._raw, cell) for cell in row] for row in rows]
                yield from table_rows(texts, rows, header=True)
                rows = []
            elif token.type in ("fence", "code_block", "html_block"):
                yield from self._verbatim(token)

    def _marker(self, token: "Token") -> tuple[Piece, ...]:
        """The number of an ordered item, which is part of the text; a bullet is not."""
        assert token.map is not None
        match = re.compile(r"[>\s]*(?P<n>\d+[.)])").match(self._raw, self._lines[token.map[0]])
        return (match.span("n"), " ") if match and token.info else ()

    def _inline(self, token: "Token") -> Iterator[Piece]:
        if token.map is not None:
            self._cursor = max(self._cursor, self._lines[token.map[0]])
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                yield " "
            elif child.type == "text_special":
                yield from self._special(child)
            elif child.type in ("text", "code_inline"):
                yield from self._text(child.content)
            elif child.type == "html_inline":
                self._skip(child.content)
                if child.content.lower().startswith("<br"):
                    yield " "
            elif child.type == "image":
                self._skip("![")
                self._skip_link()
            elif child.type == "link_close":
                self._skip_link()

    def _text(self, content: str) -> Iterator[Piece]:
        """A stretch of text where it stands in the source."""
        if not content:
            return
        at = self._raw.find(content, self._cursor)
        if at < 0:
            yield content
            return
        self._cursor = at + len(content)
        yield at, self._cursor

    def _special(self, child: "Token") -> Iterator[Piece]:
        """An escaped character stands in the source after its backslash; an entity does not."""
        at = self._raw.find(child.markup, self._cursor)
        if at < 0:
            yield child.content
            return
        self._cursor = at + len(child.markup)
        if child.markup.endswith(child.content):
            yield self._cursor - len(child.content), self._cursor
        else:
            yield child.content

    def _skip(self, text: str) -> None:
        at = self._raw.find(text, self._cursor)
        if at >= 0:
            self._cursor = at + len(text)

    def _skip_link(self) -> None:
        """Go behind the address of a link or an image."""
        at = self._raw.find("]", self._cursor)
        match = _LINK_END.match(self._raw, at) if at >= 0 else None
        if match and "\n\n" not in self._raw[self._cursor : at]:
            self._cursor = match.end()

    def _verbatim(self, token: "Token") -> Iterator[Part]:
        """Lines of code, or what an HTML block says between its tags."""
        assert token.map is not None
        first, last = token.map
        start, end = self._lines[first], self._lines[min(last, len(self._lines) - 1)]
        if token.type == "html_block":
            spans = self._between_tags(start, end)
        else:
            inner = range(first + (token.type == "fence"), last - (token.type == "fence"))
            spans = [(self._lines[n], self._lines[n + 1]) for n in inner]
        self._cursor = max(self._cursor, end)
        pieces: list[Piece] = []
        for span in spans:
            pieces += [" ", span] if pieces else [span]
        if pieces:
            yield Part("paragraph", tuple(pieces))

    def _between_tags(self, start: int, end: int) -> list[Span]:
        spans, position = [], start
        for tag in _TAG.finditer(self._raw, start, end):
            spans.append((position, tag.start()))
            position = tag.end()
        return [span for span in (*spans, (position, end)) if self._raw[slice(*span)].strip()]
