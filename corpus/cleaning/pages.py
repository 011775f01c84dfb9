"""Parts become pages: clean text with blocks, page by page or cut into sections."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.cleaning.weave import Weaver, weave
from corpus.parsers.base import Part
from corpus.types import Block, BlockKind, Run

_CLOSE: frozenset[BlockKind] = frozenset(("list_item", "table_row"))


@dataclass(frozen=True, slots=True)
class Clean:
    """The clean text of a page, its way back, and its blocks in order."""

    text: str
    runs: tuple[Run, ...]
    blocks: tuple[Block, ...]


def clean(raw: str, parts: Sequence[Part]) -> Clean:
    """Weave the parts of one page; list items and table rows follow each other without a gap."""
    weaver = Weaver(raw)
    blocks: list[Block] = []
    for part in parts:
        close = bool(blocks) and part.kind == blocks[-1].kind and part.kind in _CLOSE
        weaver.begin("" if not blocks else "\n" if close else "\n\n")
        weave(weaver, part.pieces)
        span = weaver.finish()
        if span:
            blocks.append(Block(part.kind, *span, part.level))
    return Clean(weaver.text, weaver.runs, tuple(blocks))
