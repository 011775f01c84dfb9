"""DOCX samples with real headings, lists, tables and document properties."""

import io
import zipfile
from datetime import datetime

import docx

from samplekit.source import Piece, Sample, no_break, plain

_ZIP_TIME = (2025, 7, 1, 0, 0, 0)


def write_docx(sample: Sample) -> bytes:
    """A Word document; the archive's times are fixed so that a rebuild gives the same bytes."""
    document = docx.Document()
    properties = document.core_properties
    properties.title = sample.text("title")
    properties.author = sample.text("author")
    properties.created = properties.modified = datetime.fromisoformat(sample.text("date"))
    properties.comments = ""
    for piece in sample.pieces:
        _add(document, piece)
    stream = io.BytesIO()
    document.save(stream)
    return _with_fixed_times(stream)


def _add(document: docx.document.Document, piece: Piece) -> None:
    if piece.kind == "heading":
        document.add_heading(plain(piece.lines[0]), piece.level)
    elif piece.kind == "table":
        table = document.add_table(len(piece.rows), len(piece.rows[0]), style="Table Grid")
        for row, cells in zip(table.rows, piece.rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = no_break(text)
    elif piece.kind == "list":
        for line in piece.lines:
            document.add_paragraph(no_break(line.removeprefix("- ")), style="List Bullet")
    else:
        for line in piece.lines:
            document.add_paragraph(no_break(plain(line)))


def _with_fixed_times(stream: io.BytesIO) -> bytes:
    fixed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return fixed.getvalue()
