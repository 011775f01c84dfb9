"""The interface in a real Chromium: a Russian question about an English document."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.cli_tools import streamlit_arguments

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="apt-get install chromium"),
]
QUOTE = "trained 148 border officers in Bishkek and Osh"
# Streamlit says so itself, in every application.
KNOWN_NOISE = re.compile(r"Unrecognized feature|iframe which has both allow-scripts")


@pytest.fixture(scope="module")
def address(shell, model_home) -> Iterator[str]:
    """A running interface with the real model over the three small documents."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    real = {"KORDON_HOME": str(model_home), "KORDON_EMBEDDER": "default"}
    done = shell("index", "add", shell.documents, **real)
    assert done.returncode == 0, done.stderr
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", *streamlit_arguments("127.0.0.1", port)],
        env=shell.environment(**real),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    place = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{place}/_stcore/health", process)
        yield place
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the interface ended at once"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the interface did not start within 30 s")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    os.environ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, address: str) -> Iterator[object]:
    """A page that fails its test on a console error or a request to another host."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    wrong: list[str] = []
    page.on(
        "console",
        lambda m: m.type == "error" and not KNOWN_NOISE.search(m.text) and wrong.append(m.text),
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: is_elsewhere(r.url, address) and wrong.append(r.url))
    yield page
    page.close()
    assert wrong == []


def is_elsewhere(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))


def ask(page, question: str) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")


def test_a_russian_question_shows_the_english_quote_in_its_place(page, address: str) -> None:
    page.goto(f"{address}/?lang=ru")
    page.get_by_role("heading", name="Вопрос к документам").wait_for()
    ask(page, "Сколько пограничников обучили в Бишкеке и Оше?")
    sentence = page.locator(".k-text", has_text=QUOTE).first
    sentence.wait_for(timeout=60_000)
    page.locator("[class*=st-key-mark-0-0-]").get_by_role("button").click()
    marked = page.locator(".k-quote mark")
    marked.wait_for()
    assert QUOTE in marked.inner_text()
    around = page.locator(".k-quote").inner_text()
    assert "document fraud" in around
    assert "newsletter.md" in page.locator(".st-key-source").inner_text()


def test_the_language_can_change_in_the_middle_of_a_chat(page, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", name="Ask the documents").wait_for()
    ask(page, "How much did the document readers cost?")
    page.locator(".k-text", has_text="USD 96,400").first.wait_for(timeout=60_000)
    page.get_by_test_id("stSidebar").get_by_text("Русский").click()
    page.get_by_role("heading", name="Вопрос к документам").wait_for()
    assert page.locator(".k-text", has_text="USD 96,400").count() >= 1
    assert "lang=ru" in page.url
