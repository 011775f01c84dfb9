"""Sources without pages are cut into sections, so that a citation can say where to look.

A section holds about `SECTION` characters; it ends before a heading if one comes late enough,
between two parts otherwise, and inside a part only if the part alone is longer than two sections.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.parsers.base import Part, Piece, RawPage

SECTION = 3000  # characters of raw text
_EARLIEST = 0.6  # of a section: a heading after that much begins a new one


def cut(page: RawPage, parts: Sequence[Part]) -> Iterator[tuple[RawPage, list[Part]]]:
    """(section, its parts) in order; spans of the parts count within the section's raw text."""
    section: list[Part] = []
    length = 0
    for part in (piece for whole in parts for piece in _halved(page.raw, whole)):
        size = _size(part)
        early = part.kind == "heading" and length >= _EARLIEST * SECTION
        if section and (early or length + size > 1.2 * SECTION or length >= SECTION):
            held = _held_back(section)
            yield _section(page, section)
            section, length = held, sum(_size(one) for one in held)
        section.append(part)
        length += size
    if section:
        yield _section(page, section)


def _held_back(section: list[Part]) -> list[Part]:
    """Headings at the end of a section belong to the next one; taken out of `section`."""
    held: list[Part] = []
    while len(section) > 1 and section[-1].kind == "heading":
        held.insert(0, section.pop())
    return held


def _size(part: Part) -> int:
    return sum(len(p) if isinstance(p, str) else p[1] - p[0] for p in part.pieces)


def _section(page: RawPage, parts: Sequence[Part]) -> tuple[RawPage, list[Part]]:
    spans = [piece for part in parts for piece in part.pieces if not isinstance(piece, str)]
    start = min(span[0] for span in spans) if spans else 0
    end = max(span[1] for span in spans) if spans else 0
    moved = [
        replace(part, pieces=tuple(_moved(piece, start) for piece in part.pieces)) for part in parts
    ]
    return replace(page, raw=page.raw[start:end], items=()), moved


def _moved(piece: Piece, start: int) -> Piece:
    return piece if isinstance(piece, str) else (piece[0] - start, piece[1] - start)


def _halved(raw: str, part: Part) -> Iterator[Part]:
    """A part longer than two sections in shorter ones, cut after a sentence or a blank."""
    while _size(part) > 2 * SECTION:
        head, tail = _split(raw, part)
        if not tail:
            break
        yield replace(part, pieces=tuple(head))
        part = replace(part, pieces=tuple(tail))
    yield part


def _split(raw: str, part: Part) -> tuple[list[Piece], list[Piece]]:
    """The pieces up to about one section, and the rest."""
    head: list[Piece] = []
    room = SECTION
    for index, piece in enumerate(part.pieces):
        if isinstance(piece, str) or piece[1] - piece[0] < room:
            head.append(piece)
            room -= len(piece) if isinstance(piece, str) else piece[1] - piece[0]
            continue
        start, end = piece
        at = max(raw.rfind(mark, start, start + room) for mark in (". ", "! ", "? ", ".\n")) + 1
        at = at if at > start else raw.rfind(" ", start, start + room)
        at = at if at > start else start + room
        head.append((start, at))
        rest: list[Piece] = [(at, end)] if at < end else []
        return head, rest + list(part.pieces[index + 1 :])
    return head, []
