"""Plain text in the encodings that are met in practice, and Markdown."""

import textwrap

from samplekit.source import Piece, Sample


def write_markdown(sample: Sample) -> bytes:
    """The source text itself."""
    return sample.body.encode("utf-8")


def write_text(sample: Sample) -> bytes:
    """Text without marks of Markdown; `wrap` breaks lines at a width, as old mail programs do."""
    text = "\n\n".join(_plain(piece, sample.number("wrap")) for piece in sample.pieces) + "\n"
    return text.encode(sample.text("encoding"))


def _plain(piece: Piece, wrap: int) -> str:
    lines = ["\t".join(row) for row in piece.rows] if piece.kind == "table" else list(piece.lines)
    if wrap:
        lines = [part for line in lines for part in textwrap.wrap(line, wrap)]
    return "\n".join(lines)
