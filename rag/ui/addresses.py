"""Addresses of what `rag.ui.server` serves beside the pages."""

ORIGINAL, PICTURE = "/original", "/picture"


def original_address(document_id: str, page: int = 0, base: str = "") -> str:
    """Where the browser gets an original; with `page`, a PDF opens at that page.

    `base` is the path under which the whole interface is served, or "".
    """
    place = f"{_root(base)}{ORIGINAL}/{document_id}"
    return f"{place}#page={page}" if page else place


def picture_address(document_id: str, page: int, base: str = "") -> str:
    """Where the browser gets the picture of a page."""
    return f"{_root(base)}{PICTURE}/{document_id}/{page}"


def _root(base: str) -> str:
    return f"/{base.strip('/')}" if base.strip("/") else ""
