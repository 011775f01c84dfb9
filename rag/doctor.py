"""Checks of an installation: one finding per line, each with its remedy."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from corpus.errors import IndexMissing, KordonError
from rag.assemble import COMPOSING, answerer_class
from rag.listening import CannotListen, try_to_listen
from rag.mishap import report
from rag.settings import Settings, checkout, load

if TYPE_CHECKING:
    from index.encoders.base import EncoderCard

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
    found, card = model(settings)
    yield found
    yield from parts(settings)
    yield index(settings, card)
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
    try:
        try_to_listen(address, number)
    except CannotListen as problem:
        return Finding("note" if problem.taken else "fail", "port", str(problem).rstrip("."))
    return Finding("ok", "port", f"{address}:{number} is free")


def model(settings: Settings) -> "tuple[Finding, EncoderCard | None]":
    """Whether the embedding model loads and gives vectors of the size it claims, and its card."""
    from index.encoders.registry import open_encoder
    from index.models.setup import NAME, damage

    try:
        problems = damage(settings.models / NAME) if settings.embedder == "default" else []
        if problems:
            return Finding("fail", "model", " ".join(problems) + " Type: kordon setup"), None
        encoder = open_encoder(settings.embedder, settings.models)
        width = encoder.encode_queries(["kordon"]).vectors.shape[1]
    except Exception as error:  # noqa: BLE001 - whatever a model does, the other checks are made
        return Finding("fail", "model", _said(error)), None
    if width != encoder.card.dimension:
        return Finding("fail", "model", "gives vectors of a wrong size; type: kordon setup"), None
    text = f"{encoder.card.name}, {encoder.card.revision}"
    return Finding("ok", "model", text), encoder.card


def parts(settings: Settings) -> Iterator[Finding]:
    """What else the settings name, opened as a search or an answer would open it."""
    failed = False
    for key, opened in _named(settings).items():
        try:
            opened()
        except Exception as error:  # noqa: BLE001 - whatever a plug-in does, the rest is checked
            failed = True
            yield Finding("fail", key, _said(error))
    if not failed:
        chosen = settings.index
        names = (settings.answerer, chosen.vectors, chosen.terms, chosen.tokens)
        more = (settings.search.reranker, str(settings.search.glossary_file or ""))
        yield Finding("ok", "parts", ", ".join(name for name in (*names, *more) if name))


def _named(settings: Settings) -> dict[str, Callable[[], object]]:
    """How to open what a setting names, by its key."""
    from index.search.glossary import read_glossary
    from index.search.reranking import open_reranker
    from index.stores.table import KINDS, store_class

    found: dict[str, Callable[[], object]] = {
        "answerer": partial(answerer_class, settings.answerer),
        "search.reranker": partial(open_reranker, settings.search.reranker),
    }
    if settings.search.glossary_file is not None:
        found["search.glossary_file"] = partial(read_glossary, settings.search.glossary_file)
    for kind in KINDS:
        if name := getattr(settings.index, kind):
            found[f"index.{kind}"] = partial(store_class, kind, name)
    return found


def index(settings: Settings, card: "EncoderCard | None") -> Finding:
    """Whether the live generation opens and was made with the model of this card."""
    from index.card import encoder_differences
    from index.store import IndexStore

    try:
        with IndexStore(settings.home).open() as reader:
            built = reader.card.encoder
            text = f"generation {reader.generation}, {len(reader.documents())} documents"
    except IndexMissing as error:
        return Finding("note", "index", str(error))
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the other checks are made
        return Finding("fail", "index", _said(error))
    if card is None:
        return Finding("note", "index", f"{text}; not compared with the model, which fails")
    if differences := encoder_differences(built, card):
        text = "was made differently: " + "; ".join(differences)
        return Finding("fail", "index", f"{text}; set embedder back or type: kordon index rebuild")
    return Finding("ok", "index", text)


def _said(error: Exception) -> str:
    """One sentence; an error that nobody foresaw is logged under a number."""
    return str(error) if isinstance(error, KordonError) else report(error)
