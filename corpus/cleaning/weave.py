"""Clean text grown piece by piece from raw text, with the runs that lead back.

Only white space and characters without ink (soft hyphens, zero-width spaces, byte order marks) are
changed or left out; everything else stands in the clean text as it stands in the raw text.
"""

import re
import unicodedata
from collections.abc import Iterable

from corpus.parsers.base import Piece
from corpus.types import Run

# Without ink: soft hyphen, zero-width space, directional marks, word joiner, BOM, controls.
_INKLESS = "\u00ad\u200b\u200e\u200f\u2060\ufeff\x00-\x08\x0e-\x1b\x7f"
# Every stretch but the usual single space; \s covers all Unicode blanks, no-break ones too.
# Leaders of a table of contents and lines to write on are blanks, too.
_LEADER = r"\s?(?:[.…][ \u00a0]?){5,}|\s?…{2,}|_{4,}"
_STRETCH = re.compile(f"{_LEADER}|[\\s{_INKLESS}]{{2,}}|[^\\S ]|[{_INKLESS}]")


class Weaver:
    """Collects clean text block by block; `text` and `runs` are what has been woven so far."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._parts: list[str] = []
        self._runs: list[Run] = []
        self._length = 0
        self._start = 0  # of the block
        self._gap = ""  # stands before the block as soon as the block has a letter
        self._open = True  # the block is empty or ends in a blank: no further blank

    @property
    def text(self) -> str:
        """The clean text so far."""
        return "".join(self._parts)

    @property
    def runs(self) -> tuple[Run, ...]:
        """Ascending and disjoint: `text[clean:clean+n] == raw[raw:raw+n]` for each."""
        return tuple(self._runs)

    def begin(self, gap: str = "") -> None:
        """A block starts here, after `gap` unless the block stays empty; blanks in front go."""
        self._gap, self._start, self._open = gap, self._length, True

    def finish(self) -> tuple[int, int] | None:
        """End the block and drop a blank at its end; (start, end), None if the block is empty."""
        if self._length == self._start:
            return None
        if self._parts[-1].endswith(" "):
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
            last = self._runs[-1] if self._runs else Run(0, 0, 0)
            if last.clean + last.length > self._length:
                self._runs.pop()
                if last.length > 1:
                    self._runs.append(Run(last.clean, last.raw, last.length - 1))
        return self._start, self._length

    def put(self, text: str) -> None:
        """Append characters that have no source; a blank only where there is none yet."""
        if text[:1] == " " and self._open:
            text = text[1:]
        if text:
            self._append(text)
            self._open = text.endswith(" ")

    def take(self, start: int, end: int) -> None:
        """Append `raw[start:end]`, blanks as one space, what has no ink left out."""
        if self._open and self._raw[start : min(end, start + 1)] == " ":
            start += 1
        position = start
        for found in _STRETCH.finditer(self._raw, start, end):
            self._keep(position, found.start())
            position = found.end()
            if any(char.isspace() or char in ".…_" for char in found[0]):
                self._space()
            elif position < len(self._raw) and unicodedata.combining(self._raw[position]):
                self._keep(found.start(), position)  # removing it would fuse two letters into one
        self._keep(position, end)

    def _space(self) -> None:
        if not self._open:
            self._append(" ")
            self._open = True

    def _keep(self, start: int, end: int) -> None:
        if start < end:
            self._flush()
            self._run(start, end - start)
            self._append(self._raw[start:end])
            self._open = self._raw[end - 1] == " "

    def _flush(self) -> None:
        """The block has a letter: its gap goes in front, and it starts after the gap."""
        if self._gap:
            self._parts.append(self._gap)
            self._length += len(self._gap)
            self._start, self._gap = self._length, ""

    def _run(self, raw: int, length: int) -> None:
        if self._runs:
            last = self._runs[-1]
            if (last.clean + last.length, last.raw + last.length) == (self._length, raw):
                self._runs[-1] = Run(last.clean, last.raw, last.length + length)
                return
        self._runs.append(Run(self._length, raw, length))

    def _append(self, text: str) -> None:
        self._flush()
        self._parts.append(text)
        self._length += len(text)


def plain(raw: str, pieces: Iterable[Piece]) -> str:
    """The clean text of one part, for rules that look at it."""
    weaver = Weaver(raw)
    weaver.begin()
    weave(weaver, pieces)
    weaver.finish()
    return weaver.text


def weave(weaver: Weaver, pieces: Iterable[Piece]) -> None:
    """Append all pieces of one part."""
    for piece in pieces:
        if isinstance(piece, str):
            weaver.put(piece)
        else:
            weaver.take(*piece)
