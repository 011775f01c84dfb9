"""Title, date and publisher."""

from collections.abc import Sequence
from pathlib import Path

from corpus.parsers.base import Facts
from corpus.types import Page


def find_facts(own: Facts, pages: Sequence[Page], path: Path) -> Facts:
    """What the document says of itself, its first lines otherwise, its name at last."""
    return Facts(own.title or path.stem, own.date, own.publisher)
