"""Pages without a text layer: rendered by pdfium, read by the `tesseract` command if it is there.

Russian and English are read together. Kordon never installs or fetches anything for it.
"""

import csv
import io
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from statistics import mean
from typing import TYPE_CHECKING

from corpus.parsers.glyphs import Word, WordLine

if TYPE_CHECKING:
    import pypdfium2

WANTED = ("rus", "eng")
_DPI = 300
_MOST_PIXELS = 5000  # on the longer side; larger pages are rendered smaller
_SECONDS = 180
_SURE = 30.0  # per cent: words below that are specks
_PAGE_SURE = 50.0  # per cent on average: a page below that is a picture
_POINTS = 72
_INK = re.compile(r"[^\s|_¦~‘`]")  # borders and specks are read as these signs


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read on a page, in points; or why nothing was, as the end of a sentence."""

    lines: tuple[WordLine, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The command, and which of the wanted languages it has."""

    command: str
    languages: tuple[str, ...] = field(default=())


@cache
def find_tesseract() -> Tesseract | None:
    """The installed command with its languages; None if there is none."""
    command = shutil.which("tesseract")
    if command is None:
        return None
    try:
        listed = subprocess.run(
            [command, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    known = {line.strip() for line in (listed.stdout + listed.stderr).splitlines()}
    return Tesseract(command, tuple(name for name in WANTED if name in known))


def read_page(page: "pypdfium2.PdfPage") -> Reading:
    """Render a page and read it."""
    tesseract = find_tesseract()
    if tesseract is None:
        return Reading(reason="Tesseract is not installed")
    if not tesseract.languages:
        return Reading(reason="Tesseract has neither its Russian nor its English data")
    scale = min(_DPI / _POINTS, _MOST_PIXELS / max(page.get_size()))
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        picture = io.BytesIO()
        bitmap.to_pil().save(picture, "PNG", compress_level=1)
    finally:
        bitmap.close()
    command = [tesseract.command, "-", "-", "-l", "+".join(tesseract.languages)]
    try:
        done = subprocess.run(
            [*command, "--dpi", str(round(scale * _POINTS)), "tsv"],
            input=picture.getvalue(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # faster than four threads on few cores
        )
    except subprocess.TimeoutExpired:
        return Reading(reason=f"Tesseract needed more than {_SECONDS} seconds")
    except (OSError, subprocess.CalledProcessError):
        return Reading(reason="Tesseract failed")
    lines = _lines(done.stdout.decode("utf-8", errors="replace"), scale)
    return Reading(lines) if lines else Reading(reason="Tesseract found no text")


def _lines(table: str, scale: float) -> tuple[WordLine, ...]:
    """Lines of words from Tesseract's table; none if it is not sure of what it saw."""
    rows = [
        row
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        if row["level"] == "5" and _INK.search(row["text"]) and float(row["conf"]) >= _SURE
    ]
    if not rows or mean(float(row["conf"]) for row in rows) < _PAGE_SURE:
        return ()
    lines = groupby(rows, key=lambda row: (row["block_num"], row["par_num"], row["line_num"]))
    return tuple(tuple(_word(row, scale) for row in words) for _, words in lines)


def _word(row: dict[str, str], scale: float) -> Word:
    left, top = int(row["left"]) / scale, int(row["top"]) / scale
    width, height = int(row["width"]) / scale, int(row["height"]) / scale
    return Word(row["text"].strip(), left, left + width, top, top + height)
