"""Screenshots of every page: both languages, light and dark, wide and narrow.

The main state of each page is taken in all eight ways, the other states once per language.

    python tools/screenshots.py --home FOLDER [--out FOLDER] [--only search] [--port 8611]

A home without an index is filled first: the sample documents, a few changes of them, and two
benchmarks over them (some minutes). The app is started for the purpose and ended afterwards.
"""

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from rag.cli_tools import streamlit_arguments
from rag.settings import home_folder

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
SIZES = {"wide": (1366, 768), "phone": (390, 844)}
PAUSE = 700  # ms after the last change of the page


@dataclass(frozen=True, slots=True)
class Shot:
    """A page in a state worth seeing; `act` brings it there, given the page and the language.

    `main` states are taken in every theme and size.
    """

    name: str
    path: str
    act: Callable[[Any, str], None]
    main: bool = False


def settle(page: Any) -> None:
    """Wait until Streamlit has run and nothing moves."""
    page.wait_for_timeout(250)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stStatusWidget]')"
        " && !document.querySelector('[data-stale=true]')",
        timeout=120_000,
    )
    page.wait_for_timeout(PAUSE)


def calm(page: Any, width: int) -> None:
    """Wait without a pointer over anything: no tooltip in the picture."""
    for height in (3, 6):
        page.mouse.move(width / 2, height)
        page.evaluate("document.activeElement?.matches('button') && document.activeElement.blur()")
        settle(page)


def nothing(page: Any, language: str) -> None:
    """The page as it opens."""


def searched(page: Any, language: str) -> None:
    """A search with results."""
    query = {"en": "training of border officers", "ru": "бенефициарный собственник"}[language]
    box = page.get_by_role("textbox").first
    box.fill(query)
    box.press("Enter")
    page.locator(".k-hit").first.wait_for(timeout=90_000)


def tab(position: int) -> Callable[[Any, str], None]:
    """Opens a tab of the page."""

    def act(page: Any, language: str) -> None:
        page.get_by_role("tab").nth(position).click()

    return act


def document(page: Any, language: str) -> None:
    """A document with its extracted text beside the page."""
    page.locator("[class*=st-key-open-]").nth(8).get_by_role("button").click()
    page.locator(".k-extract").first.wait_for(timeout=60_000)


def source(page: Any, language: str) -> None:
    """A result of the search opened at its page."""
    searched(page, language)
    settle(page)
    page.locator("[class*=st-key-open-]").first.get_by_role("button").click()
    page.locator(".st-key-source").wait_for(timeout=60_000)


def asked(question: dict[str, str]) -> Callable[[Any, str], None]:
    """A question asked in the chat."""

    def act(page: Any, language: str) -> None:
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill(question[language])
        box.press("Enter")
        page.locator("[class*=st-key-foot-]").first.wait_for(timeout=90_000)

    return act


def cited(page: Any, language: str) -> None:
    """An answer with the source of its first quote beside it."""
    asked(BUDGET)(page, language)
    settle(page)
    page.locator("[class*=st-key-mark-] button:visible").first.click()
    page.locator(".st-key-source").wait_for(timeout=60_000)


BUDGET = {
    "en": "What is the budget of the QALQAN programme?",
    "ru": "Какой штраф предусмотрен за недекларирование наличных?",
}
ABSENT = {
    "en": "Who won the chess olympiad in 2024?",
    "ru": "Кто выиграл шахматную олимпиаду 2024?",
}
SHOTS = (
    Shot("ask", "", nothing),
    Shot("ask-answer", "", cited, main=True),
    Shot("ask-refusal", "", asked(ABSENT)),
    Shot("search-empty", "search", nothing),
    Shot("search", "search", searched, main=True),
    Shot("search-source", "search", source),
    Shot("search-batch", "search", tab(1)),
    Shot("documents", "documents", nothing, main=True),
    Shot("documents-one", "documents", document),
    Shot("documents-add", "documents", tab(1)),
    Shot("documents-history", "documents", tab(2)),
    Shot("quality", "quality", nothing, main=True),
    Shot("quality-cases", "quality", tab(1)),
    Shot("quality-calibration", "quality", tab(2)),
    Shot("quality-start", "quality", tab(3)),
    Shot("about", "about", nothing, main=True),
)


def prepare(home: Path) -> None:
    """Sample documents with a history, and two benchmarks; nothing when there is an index."""
    if (home / "index" / "CURRENT").is_file():
        return
    documents = home / "documents"
    shutil.copytree(ROOT / "corpus" / "samples", documents)
    if not (home / "models").exists():
        (home / "models").symlink_to(home_folder() / "models")
    changed = documents / "progress_note_2024_en.md"
    first, later = documents / "plan_meropriyatiy_2025_ru.md", home / "later.md"
    first.rename(later)
    run(home, "rag.cli", "index", "add", str(documents), "-q")
    later.rename(first)
    run(home, "rag.cli", "index", "add", str(documents), "-q")
    changed.write_text(changed.read_text("utf-8") + "\nThe figures are preliminary.\n", "utf-8")
    run(home, "rag.cli", "index", "add", str(documents), "-q")
    run(home, "eval.cli", "run", "gold", "--answers", "--system", "rrf", "--system", "kordon", "-q")


def run(home: Path, module: str, *words: str) -> None:
    """One of our commands on a home, by a user whose name may be seen."""
    environment = {**os.environ, "KORDON_HOME": str(home), "LOGNAME": "admin"}
    subprocess.run([sys.executable, "-m", module, *words], env=environment, check=True, cwd=ROOT)


@contextmanager
def served(home: Path, port: int) -> Iterator[str]:
    """The app over a home; yields its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", *streamlit_arguments("127.0.0.1", port)],
        env={**os.environ, "KORDON_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit("The app ended at once; try `kordon app` to see why.")
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def save(png: bytes, file: Path) -> None:
    """A PNG with a palette: a third of the size, and text as sharp as before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        small.save(file, optimize=True)


def wanted(shot: Shot, options: argparse.Namespace, theme: str, size: str) -> bool:
    """Whether a state is taken in this theme and size."""
    if options.only:
        return shot.name in options.only
    return shot.main or (theme, size) == ("light", "wide")


def take(options: argparse.Namespace) -> int:
    """All screenshots that were asked for; how many."""
    from playwright.sync_api import sync_playwright

    count = 0
    with served(options.home, options.port or free_port()) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in options.languages:
            for theme in options.themes:
                for size in options.sizes:
                    width, height = SIZES[size]
                    context = browser.new_context(
                        viewport={"width": width, "height": height},
                        color_scheme=theme,
                        locale="ru-RU" if language == "ru" else "en-GB",
                        timezone_id="Asia/Almaty",
                    )
                    for shot in SHOTS:
                        if not wanted(shot, options, theme, size):
                            continue
                        page = context.new_page()
                        page.goto(f"{address}/{shot.path}?lang={language}")
                        page.locator("h1").first.wait_for(timeout=60_000)
                        settle(page)
                        shot.act(page, language)
                        calm(page, width)
                        name = f"{shot.name}-{language}-{theme}-{size}.png"
                        save(page.screenshot(), options.out / name)
                        page.close()
                        count += 1
                    context.close()
        browser.close()
    return count


def main() -> None:
    """Read the options and take the screenshots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", action="append")
    parser.add_argument("--languages", nargs="+", default=["en", "ru"])
    parser.add_argument("--themes", nargs="+", default=["light", "dark"])
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--port", type=int)
    options = parser.parse_args()
    prepare(options.home.absolute())
    print(f"{take(options)} screenshots")


if __name__ == "__main__":
    main()
