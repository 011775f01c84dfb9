"""Checks of an installation: one finding per line, each with its remedy."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from corpus.errors import IndexMissing, KordonError
from rag.assemble import COMPOSING
from rag.settings import Settings, checkout, load

State = Literal["ok", "note", "fail"]
OCR_LANGUAGES = ("eng", "rus")
LITTLE_SPACE = 2 * 1024**3  # bytes; an index of 10,000 chunks with its model takes about half


@dataclass(frozen=True, slots=True)
class Finding:
    """`note` is something missing that Kordon can do without; `fail` stops it."""

    state: State
    what: str
    text: str


def examine() -> Iterator[Finding]:
    """All checks, cheapest first; a broken setting ends them, since the rest depends on it."""
    yield _python()
    yield from packages(checkout())
    yield from tesseract()
    try:
        settings = load()
    except KordonError as error:
        yield Finding("fail", "settings", str(error))
        return
    yield Finding("ok", "settings", str(settings.file or "defaults (no kordon.toml)"))
    yield disk(settings.home)
    yield port(settings.app.address, settings.app.port)
    yield model(settings)
    yield index(settings)
    if settings.answerer in COMPOSING:
        from rag.generation.doctor import language_model

        yield from language_model(settings)


def _python() -> Finding:
    good = (3, 11) <= sys.version_info[:2] < (3, 13)
    text = sys.version.split()[0] + ("" if good else "; install Python 3.11 or 3.12")
    return Finding("ok" if good else "fail", "python", text)


def packages(root: Path | None) -> Iterator[Finding]:
    """Installed packages against the pins of `constraints.txt` in a source checkout."""
    file = root / "constraints.txt" if root else None
    if file is None or not file.is_file():
        yield Finding("note", "packages", "there is no constraints.txt to compare with")
        return
    pins = dict(line.split("==", 1) for line in file.read_text("utf-8").split() if "==" in line)
    wrong = [text for name, pin in pins.items() if (text := _difference(name, pin))]
    if wrong:
        text = "; ".join(wrong) + ". Type: pip install -c constraints.txt -e ."
        yield Finding("fail", "packages", text)
    else:
        yield Finding("ok", "packages", f"{len(pins)} at their pinned versions")


def _difference(name: str, pin: str) -> str:
    """How an installed package differs from its pin; "" if it does not or is not installed."""
    try:
        found = version(name)
    except PackageNotFoundError:
        return ""
    return "" if found.split("+")[0] == pin.split("+")[0] else f"{name} is {found}, not {pin}"


def tesseract() -> Iterator[Finding]:
    """The text recognition for scanned pages."""
    program = shutil.which("tesseract")
    if not program:
        yield Finding(
            "note",
            "tesseract",
            "not installed, so scanned pages stay unread; "
            "type: apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-rus",
        )
        return
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
    ).stdout.split()
    missing = [language for language in OCR_LANGUAGES if language not in listed]
    if missing:
        packs = " ".join(f"tesseract-ocr-{language}" for language in missing)
        yield Finding(
            "note", "tesseract", f"lacks {', '.join(missing)}; type: apt-get install {packs}"
        )
    else:
        yield Finding("ok", "tesseract", f"{program} with {', '.join(OCR_LANGUAGES)}")


def disk(home: Path) -> Finding:
    """Room where the index is written."""
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    text = f"{free / 1024**3:.1f} GiB free in {home}"
    if free < LITTLE_SPACE:
        return Finding("note", "disk", f"{text}; indexing may need more")
    return Finding("ok", "disk", text)


def port(address: str, number: int) -> Finding:
    """Whether the interface can listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, number))
        except OSError as error:
            text = f"{address}:{number} is taken ({error.strerror}); the interface may be running, "
            return Finding("note", "port", text + "or choose another with app.port")
    return Finding("ok", "port", f"{address}:{number} is free")


def model(settings: Settings) -> Finding:
    """Whether the embedding model loads and gives vectors of the size it claims."""
    from index.encoders.registry import open_encoder
    from index.models.setup import NAME, damage

    problems = damage(settings.models / NAME) if settings.embedder == "default" else []
    if problems:
        return Finding("fail", "model", " ".join(problems) + " Type: kordon setup")
    try:
        encoder = open_encoder(settings.embedder, settings.models)
        width = encoder.encode_queries(["kordon"]).vectors.shape[1]
    except KordonError as error:
        return Finding("fail", "model", str(error))
    if width != encoder.card.dimension:
        return Finding("fail", "model", "gives vectors of a wrong size; type: kordon setup")
    return Finding("ok", "model", f"{encoder.card.name}, {encoder.card.revision}")


def index(settings: Settings) -> Finding:
    """Whether the live generation opens and was made with the model of the settings."""
    from index.card import encoder_differences
    from index.encoders.registry import open_encoder
    from index.store import IndexStore

    try:
        reader = IndexStore(settings.home).open()
    except IndexMissing as error:
        return Finding("note", "index", str(error))
    except KordonError as error:
        return Finding("fail", "index", str(error))
    try:
        encoder = open_encoder(settings.embedder, settings.models)
        differences = encoder_differences(reader.card.encoder, encoder.card)
        documents = len(reader.documents())
    except KordonError as error:
        return Finding("fail", "index", str(error))
    finally:
        reader.close()
    if differences:
        return Finding("fail", "index", "was made differently: " + "; ".join(differences))
    return Finding("ok", "index", f"generation {reader.generation}, {documents} documents")
