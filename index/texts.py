"""Document texts and pages on disk: compressed, and readable in slices.

A text file is `KTX1`, u32 characters per frame, u32 frames, u64 characters, u64 offsets of the
frames' ends (all little-endian), then per frame zlib of UTF-8. A passage is read from one or two
frames, so a hit in a book of a million characters costs as much as in a letter.
"""

import json
import struct
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexDamaged
from corpus.types import Block, Page, Run

_MAGIC = b"KTX1"
_HEAD = struct.Struct("<4sIIQ")
FRAME = 16_384


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page's number, what is printed on it, and where it lies in the document's text."""

    number: int
    label: str
    start: int
    end: int


def pack_text(text: str) -> bytes:
    """A document's text as a file."""
    frames = [zlib.compress(text[at : at + FRAME].encode()) for at in range(0, len(text), FRAME)]
    ends = []
    total = 0
    for frame in frames:
        total += len(frame)
        ends.append(total)
    head = _HEAD.pack(_MAGIC, FRAME, len(frames), len(text))
    return head + struct.pack(f"<{len(ends)}Q", *ends) + b"".join(frames)


class TextFile:
    """Slices of one packed text. Raises `IndexDamaged` when the file is not what it should be."""

    def __init__(self, path: Path) -> None:
        """Read the compressed file."""
        self._path = path
        try:
            self._data = path.read_bytes()
            magic, self._frame, count, self.length = _HEAD.unpack_from(self._data)
            self._ends = struct.unpack_from(f"<{count}Q", self._data, _HEAD.size)
        except (OSError, struct.error) as error:
            raise self._damaged() from error
        if magic != _MAGIC or not self._frame:
            raise self._damaged()
        self._base = _HEAD.size + 8 * count
        self.size = len(self._data)

    def slice(self, start: int, end: int) -> str:
        """`text[start:end]`."""
        if not 0 <= start <= end <= self.length:
            raise self._damaged()
        first, last = start // self._frame, max(start, end - 1) // self._frame
        text = "".join(self._decode(number) for number in range(first, last + 1))
        offset = first * self._frame
        piece = text[start - offset : end - offset]
        if len(piece) != end - start:
            raise self._damaged()
        return piece

    def whole(self) -> str:
        """The whole text."""
        return self.slice(0, self.length) if self.length else ""

    def _decode(self, number: int) -> str:
        if number >= len(self._ends):
            return ""
        start = self._base + (self._ends[number - 1] if number else 0)
        try:
            return zlib.decompress(self._data[start : self._base + self._ends[number]]).decode()
        except (zlib.error, UnicodeDecodeError) as error:
            raise self._damaged() from error

    def _damaged(self) -> IndexDamaged:
        return IndexDamaged(
            f"The stored text {self._path.name} is damaged; run `kordon index verify` and then "
            "`kordon index repair`."
        )


class TextShelf:
    """The texts of one folder; those read last stay in memory, compressed. For any thread."""

    def __init__(self, folder: Path, kept_bytes: int = 64_000_000) -> None:
        """`kept_bytes` bounds the memory."""
        self._folder = folder
        self._limit = kept_bytes
        self._held: OrderedDict[str, TextFile] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def file(self, document_id: str) -> TextFile:
        """The text of a document. Raises `IndexDamaged`."""
        with self._lock:
            found = self._held.get(document_id)
            if found is None:
                found = TextFile(self._folder / f"{document_id}.text")
                self._held[document_id] = found
                self._bytes += found.size
                while self._bytes > self._limit and len(self._held) > 1:
                    self._bytes -= self._held.popitem(last=False)[1].size
            else:
                self._held.move_to_end(document_id)
            return found

    def clear(self) -> None:
        """Let go of the memory."""
        with self._lock:
            self._held.clear()
            self._bytes = 0


def pack_pages(pages: tuple[Page, ...]) -> bytes:
    """Pages without their clean text, which the document's text has."""
    rows = [
        [
            page.number,
            page.label,
            page.language,
            page.start,
            len(page.text),
            page.layer,
            page.raw,
            [[run.clean, run.raw, run.length] for run in page.runs],
            [[block.kind, block.start, block.end, block.level] for block in page.blocks],
        ]
        for page in pages
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def unpack_pages(data: bytes, document_id: str, text: str) -> tuple[Page, ...]:
    """The pages of `pack_pages`. Raises `IndexDamaged`."""
    try:
        rows = json.loads(zlib.decompress(data))
        return tuple(_page(row, document_id, text) for row in rows)
    except (zlib.error, ValueError, TypeError) as error:
        raise _damaged_pages(document_id) from error


def unpack_places(data: bytes, document_id: str) -> tuple[PagePlace, ...]:
    """Where the pages of `pack_pages` lie, without their content. Raises `IndexDamaged`."""
    try:
        rows = json.loads(zlib.decompress(data))
        return tuple(PagePlace(row[0], row[1], row[3], row[3] + row[4]) for row in rows)
    except (zlib.error, ValueError, TypeError) as error:
        raise _damaged_pages(document_id) from error


def _damaged_pages(document_id: str) -> IndexDamaged:
    return IndexDamaged(
        f"The stored pages of document {document_id} are damaged; run `kordon index repair`."
    )


def _page(row: list, document_id: str, text: str) -> Page:
    number, label, language, start, length, layer, raw, runs, blocks = row
    return Page(
        document_id=document_id,
        number=number,
        label=label,
        text=text[start : start + length],
        language=language,
        start=start,
        raw=raw,
        runs=tuple(Run(*run) for run in runs),
        blocks=tuple(Block(*block) for block in blocks),
        layer=layer,
    )
