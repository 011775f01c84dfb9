"""The smallest pieces a chunk is made of: sentences, table rows, headings, with their size."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.types import Block, BlockKind, Document, Page
from index.encoders.base import Encoder
from index.sentences import sentence_spans
from index.types import Spans

_WHOLE = ("table_row", "heading")


@dataclass(frozen=True, slots=True)
class Unit:
    """`text[start:end]` of the document, never cut by the chunker.

    `tokens` is its size for the model, `path` the headings above it, outermost first (a heading
    is part of its own path); `opens_block` is True for the first unit of a paragraph or list item.
    """

    start: int
    end: int
    page: int
    tokens: int
    kind: BlockKind
    path: tuple[str, ...]
    opens_block: bool


def document_units(document: Document, encoder: Encoder, limit: int) -> list[Unit]:
    """All units of a document in reading order, none longer than `limit` tokens."""
    units: list[Unit] = []
    stack: list[tuple[int, str]] = []
    for page in document.pages:
        if not page.text.strip():
            continue
        tokens = encoder.token_spans(page.text)
        for block in _covering(page):
            if block.kind == "heading":
                title = " ".join(page.text[block.start : block.end].split())
                stack = [entry for entry in stack if entry[0] < block.level]
                stack.append((block.level, title))
            path = tuple(title for _, title in stack)
            units.extend(_block_units(page, block, tokens, path, limit))
    return units


def _covering(page: Page) -> Iterator[Block]:
    """The page's blocks, clipped to each other, with paragraphs for text that is in none."""
    at = 0
    for block in sorted(page.blocks, key=lambda one: (one.start, one.end)):
        start, end = max(block.start, at), min(block.end, len(page.text))
        if page.text[at:start].strip():
            yield Block("paragraph", at, start)
        if page.text[start:end].strip():
            yield Block(block.kind, start, end, block.level)
        at = max(at, end)
    if page.text[at:].strip():
        yield Block("paragraph", at, len(page.text))


def _block_units(
    page: Page, block: Block, tokens: Spans, path: tuple[str, ...], limit: int
) -> Iterator[Unit]:
    text = page.text[block.start : block.end]
    if block.kind in _WHOLE:
        lead = len(text) - len(text.lstrip())
        spans = [(lead, len(text.rstrip()))]
    else:
        spans = sentence_spans(text, page.language)
    opens = True
    for start, end in spans:
        first, last = block.start + start, block.start + end
        for left, right, size in _fitting(page.text, first, last, tokens, limit):
            yield Unit(
                page.start + left, page.start + right, page.number, size, block.kind, path, opens
            )
            opens = False


def _fitting(
    text: str, start: int, end: int, tokens: Spans, limit: int
) -> Iterator[tuple[int, int, int]]:
    """The span itself, or, when it is over the limit, pieces of it that fit, with their sizes."""
    inside = tokens[(tokens[:, 1] > start) & (tokens[:, 0] < end)]
    while len(inside) > limit:
        cut = _best_cut(text, inside, limit)
        at = int(inside[cut, 0])
        stop = start + len(text[start:at].rstrip())
        if stop > start:
            yield start, stop, cut
        start = at + len(text[at:end]) - len(text[at:end].lstrip())
        inside = inside[cut:]
    if end > start:
        yield start, end, len(inside)


def _best_cut(text: str, inside: Spans, limit: int) -> int:
    """The token to cut before: after punctuation, else at a space, in the last third that fits."""
    starts = inside[:, 0].tolist()
    for marks in (";", ",:|", " \n\t"):
        for index in range(limit, max(1, limit * 2 // 3), -1):
            at = starts[index]
            before = text[starts[index - 1] : at]
            ending = before.rstrip()[-1:] if marks[0] != " " else (before[-1:], text[at])
            if any(mark and mark in marks for mark in ending):
                return index
    return limit
