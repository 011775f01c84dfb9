"""The interface in a real Chromium: asking, the quote on its page, follow-ups, refusals, errors."""

import json
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

import pypdfium2
import pytest

from rag.cli_tools import streamlit_arguments

ROOT = Path(__file__).resolve().parents[1]
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
SAMPLES = ROOT / "corpus" / "samples"
PDF = "qalqan_programme_document_en.pdf"
RUSSIAN_QUESTION = "Каков общий бюджет программы QALQAN?"
QUOTE = "Total budget: EUR 8,450,000."
# Streamlit says so itself, in every application.
KNOWN_NOISE = re.compile(r"Unrecognized feature|iframe which has both allow-scripts")
WAIT = 60_000


@pytest.fixture(scope="module")
def running(shell, model_home) -> Iterator[str]:
    """The interface with the real model over three small documents and a PDF file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    real = {"KORDON_HOME": str(model_home), "KORDON_EMBEDDER": "default"}
    done = shell("index", "add", shell.documents, SAMPLES / PDF, **real)
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
def visitor(browser, running: str) -> Iterator[object]:
    """A reader with a browser of his own; a console error or a request to another host fails."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, timezone_id="Asia/Dushanbe"
    )
    wrong: list[str] = []
    context.on(
        "console",
        lambda m: m.type == "error" and not KNOWN_NOISE.search(m.text) and wrong.append(m.text),
    )
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("request", lambda r: is_elsewhere(r.url, running) and wrong.append(r.url))
    yield context
    context.close()
    assert wrong == []


def is_elsewhere(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))


@pytest.fixture
def page(visitor, running: str) -> object:
    return opened(visitor, f"{running}/?lang=ru", "Вопрос к документам")


def opened(visitor, address: str, heading: str) -> object:
    page = visitor.new_page()
    page.goto(address)
    page.get_by_role("heading", name=heading).wait_for(timeout=WAIT)
    return page


def ask(page, question: str) -> object:
    """Ask and wait for the answer; the turn as it stands on the page."""
    before = page.locator("[class*=st-key-foot-]").count()
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    page.locator("[class*=st-key-foot-]").nth(before).wait_for(timeout=WAIT)
    return page.locator("[class*=st-key-turn-]").last


def marks(turn) -> object:
    return turn.locator("[class*=st-key-mark-] button:visible")


def test_a_russian_question_opens_the_english_page_with_the_quote_marked(page) -> None:
    turn = ask(page, RUSSIAN_QUESTION)
    assert QUOTE in turn.locator(".k-text").first.inner_text()
    marks(turn).first.click()
    source = page.locator(".st-key-source")
    source.locator(".k-box").first.wait_for(timeout=WAIT)
    told = source.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "QALQAN Programme Document" in told and PDF in told
    assert "Institute for Border and Financial Security" in told and "14 февраля 2023" in told
    picture = source.locator(".k-page img")
    page.wait_for_function("document.querySelector('.k-page img').naturalWidth > 0", timeout=WAIT)
    quote = turn.locator(".k-text").first.inner_text()
    boxes = [shares(box, picture) for box in source.locator(".k-box").all()]
    assert letters(" ".join(under(SAMPLES / PDF, 0, box) for box in boxes)) == letters(quote)
    left, top, right, bottom = by_pdfium(SAMPLES / PDF, 0, QUOTE)
    line = next(box for box in boxes if abs(box[1] - top) < 0.006)
    assert line[0] <= left + 0.012 and line[2] == pytest.approx(right, abs=0.012)
    assert line[3] == pytest.approx(bottom, abs=0.006)


def shares(box, picture) -> tuple[float, ...]:
    """A box on the screen as shares of the picture: left, top, right, bottom."""
    small, large = box.bounding_box(), picture.bounding_box()
    left = (small["x"] - large["x"]) / large["width"]
    top = (small["y"] - large["y"]) / large["height"]
    right = left + small["width"] / large["width"]
    return left, top, right, top + small["height"] / large["height"]


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def under(file: Path, page: int, box: tuple[float, ...]) -> str:
    """The words that pdfium itself finds in the middle of a box."""
    opened_page = pypdfium2.PdfDocument(file)[page]
    width, height = opened_page.get_size()
    left, top, right, bottom = box
    third = (bottom - top) / 3
    return opened_page.get_textpage().get_text_bounded(
        left=left * width - 1,
        bottom=(1 - bottom + third) * height,
        right=right * width + 1,
        top=(1 - top - third) * height,
    )


def by_pdfium(file: Path, page: int, text: str) -> tuple[float, ...]:
    """Where the page itself has the text, asked of pdfium's search and nothing of ours."""
    opened_page = pypdfium2.PdfDocument(file)[page]
    textpage = opened_page.get_textpage()
    start, length = textpage.search(text).get_next()
    boxes = [textpage.get_charbox(start + at, loose=True) for at in range(length)]
    width, height = opened_page.get_size()
    return (
        min(box[0] for box in boxes) / width,
        1 - max(box[3] for box in boxes) / height,
        max(box[2] for box in boxes) / width,
        1 - min(box[1] for box in boxes) / height,
    )


def test_the_original_opens_at_the_page_and_can_be_downloaded(page, running: str) -> None:
    marks(ask(page, RUSSIAN_QUESTION)).first.click()
    link = page.locator(".st-key-source-open a")
    link.wait_for(timeout=WAIT)
    place = link.get_attribute("href")
    assert re.fullmatch(r"/original/[0-9a-f]{16}#page=1", place)
    answer = page.request.get(running + place)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.body() == (SAMPLES / PDF).read_bytes()
    with page.expect_download() as download:
        page.locator(".st-key-source-download button:visible").click()
    assert download.value.suggested_filename == PDF
    assert Path(download.value.path()).read_bytes() == (SAMPLES / PDF).read_bytes()
    assert page.request.get(f"{running}/original/{'0' * 16}").status == 404
    assert page.request.get(f"{running}/original/..%2F..%2Fetc%2Fpasswd").status in (400, 404)


def test_another_format_shows_the_passage_in_its_surroundings(page) -> None:
    turn = ask(page, "Сколько пограничников обучили в Бишкеке и Оше?")
    marks(turn).first.click()
    marked = page.locator(".st-key-source .k-quote mark")
    marked.wait_for(timeout=WAIT)
    assert "trained 148 border officers in Bishkek and Osh" in marked.inner_text()
    assert "document fraud" in page.locator(".st-key-source .k-quote").inner_text()
    page.locator(".st-key-source-close button:visible").click()
    page.locator(".st-key-source").wait_for(state="detached", timeout=WAIT)


def test_a_follow_up_is_shown_as_understood_and_can_be_changed(page) -> None:
    ask(page, "Сколько сообщений получило подразделение финансовой разведки в 2022 году?")
    turn = ask(page, "а в 2021 году?")
    told = turn.get_by_text("Вопрос понят так:")
    assert "подразделение финансовой разведки" in told.inner_text()
    assert "2021" in told.inner_text() and "2022" not in told.inner_text()
    turn.locator("[class*=st-key-edit-] button:visible").first.click()
    box = page.get_by_role("textbox", name="Вопрос полностью")
    box.fill("Сколько процентов сообщений направили банки?")
    box.press("Tab")
    page.get_by_role("button", name="Спросить ещё раз").click()
    turn.get_by_text("91 процент").first.wait_for(timeout=WAIT)
    assert page.locator("[class*=st-key-turn-]").count() == 2
    assert "Сколько процентов" in turn.locator(".k-asked").inner_text()


def test_a_refusal_looks_different_and_shows_what_is_near(page) -> None:
    answer = ask(page, RUSSIAN_QUESTION)
    assert answer.locator(".k-refused").count() == 0
    turn = ask(page, "Сколько шахтёров работает в Австралии?")
    assert turn.locator(".k-refused").inner_text() == "В документах нет ответа на этот вопрос."
    assert marks(turn).count() == 0
    turn.locator("[class*=st-key-related-] button:visible").first.click()
    page.locator(".st-key-source mark, .st-key-source .k-box").first.wait_for(timeout=WAIT)


def test_the_language_changes_in_the_middle_of_a_chat_and_is_remembered(
    page, visitor, running: str
) -> None:
    ask(page, RUSSIAN_QUESTION)
    page.get_by_test_id("stSidebar").get_by_text("English").click()
    page.get_by_role("heading", name="Ask the documents").wait_for(timeout=WAIT)
    assert page.locator(".k-text", has_text=QUOTE).count() >= 1
    assert page.get_by_text("Confidence:").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    page.wait_for_url(re.compile("lang=en"))
    later = opened(visitor, running, "Ask the documents")
    assert "lang=en" in later.url


def test_a_chat_is_kept_for_its_reader_alone(page, visitor, browser, running: str) -> None:
    ask(page, RUSSIAN_QUESTION)
    page.wait_for_url(re.compile("chat="))
    (name,) = [c for c in visitor.cookies() if c["name"] == "kordon_reader"]
    assert name["httpOnly"] and name["sameSite"] == "Lax" and len(name["value"]) >= 32
    policy = page.request.get(running).headers["content-security-policy"]
    assert "default-src 'self'" in policy and "http" not in policy
    again = opened(visitor, page.url, "Вопрос к документам")
    again.locator(".k-text", has_text=QUOTE).first.wait_for(timeout=WAIT)
    listed = again.locator("[class*=st-key-chat-] button:visible", has_text="Каков общий бюджет")
    listed.wait_for(timeout=WAIT)
    stranger = browser.new_context()
    other = opened(stranger, page.url, "Вопрос к документам")
    other.locator(".st-key-new-chat").wait_for(timeout=WAIT)
    assert other.locator("[class*=st-key-turn-]").count() == 0
    assert other.get_by_text("Каков общий бюджет").count() == 0
    stranger.close()


def test_a_chat_is_renamed_exported_and_deleted(page) -> None:
    ask(page, "<b>Каков</b> *общий* бюджет QALQAN?")
    page.locator(".st-key-chat-menu button:visible").first.click()
    with page.expect_download() as download:
        page.locator(".st-key-export-json button:visible").click()
    kept = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert kept["turns"][0]["question"] == "<b>Каков</b> *общий* бюджет QALQAN?"
    with page.expect_download() as download:
        page.locator(".st-key-export-docx button:visible").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    with page.expect_download() as download:
        page.locator(".st-key-export-md button:visible").click()
    assert "[^1]: QALQAN Programme Document" in Path(download.value.path()).read_text("utf-8")
    title = page.get_by_role("textbox", name="Название чата")
    title.fill("Бюджет **2024**")
    title.press("Enter")
    listed = page.locator("[class*=st-key-chat-] button:visible", has_text="Бюджет **2024**")
    listed.wait_for(timeout=WAIT)
    page.get_by_text("Удалить без возможности восстановления").click()
    page.locator(".st-key-delete-chat button:visible:enabled").click()
    page.locator("[class*=st-key-turn-]").first.wait_for(state="detached", timeout=WAIT)
    listed.wait_for(state="detached", timeout=WAIT)


def test_a_verdict_reaches_the_file_of_the_evaluators(page, model_home: Path) -> None:
    turn = ask(page, RUSSIAN_QUESTION)
    turn.locator("[class*=st-key-verdict-] button").last.click()
    reason = page.get_by_role("textbox", name="Что не так с этим ответом?")
    reason.fill("Нужна сумма в тенге")
    reason.press("Enter")
    file = model_home / "feedback" / "feedback.jsonl"
    for _ in range(100):
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        if rows[-1]["reason"]:
            break
        time.sleep(0.1)
    assert (rows[-1]["verdict"], rows[-1]["reason"]) == ("down", "Нужна сумма в тенге")
    assert rows[-1]["sentences"][0]["citations"][0]["document"] == PDF


def test_examples_of_an_empty_chat_are_answered(page) -> None:
    example = page.locator(".st-key-examples button:visible").first
    example.wait_for(timeout=WAIT)
    example.click()
    page.locator("[class*=st-key-foot-]").wait_for(timeout=WAIT)
    assert page.locator(".k-refused").count() == 0
    assert marks(page).count() >= 1


def test_hostile_text_is_shown_as_text(page) -> None:
    turn = ask(page, "Какие <img src=x onerror=alert(1)> **образцы** ацетона проверили в Ташкенте?")
    assert "<img src=x onerror=alert(1)> **образцы**" in turn.locator(".k-asked").inner_text()
    assert turn.locator("img[src='x']").count() == 0
    turn.locator(
        "[class*=st-key-mark-] button:visible, [class*=st-key-related-] button:visible"
    ).first.click()
    page.locator(".st-key-source mark").wait_for(timeout=WAIT)
    assert "<script>alert(1)</script>" in page.locator(".st-key-source").inner_text()


def test_the_chat_is_used_with_the_keyboard_alone(page) -> None:
    page.get_by_test_id("stChatInputTextArea").focus()
    page.keyboard.type(RUSSIAN_QUESTION)
    page.keyboard.press("Enter")
    page.locator("[class*=st-key-foot-]").wait_for(timeout=WAIT)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.closest('[class*=st-key-mark-]') !== null"):
            break
    page.keyboard.press("Enter")
    page.locator(".st-key-source .k-box").first.wait_for(timeout=WAIT)


def test_a_narrow_screen_shows_the_source_over_the_chat(page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    turn = ask(page, RUSSIAN_QUESTION)
    marks(turn).first.click()
    box = page.locator(".st-key-source .k-box").first
    box.wait_for(timeout=WAIT)
    assert box.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_error_nobody_foresaw_is_a_sentence_with_a_number_in_the_log(
    page, model_home: Path
) -> None:
    """A file stands where the folder of the verdicts should be."""
    turn = ask(page, RUSSIAN_QUESTION)
    folder = model_home / "feedback"
    if folder.exists():
        folder.rename(model_home / "feedback-before")
    folder.write_text("in the way", "utf-8")
    turn.locator("[class*=st-key-verdict-] button").last.click()
    told = page.get_by_role("alert")
    told.wait_for(timeout=WAIT)
    folder.unlink()
    number = re.search(r"\d{8}-[0-9A-F]{6}", told.inner_text())
    assert number and "Traceback" not in page.content()
    log = (model_home / "log" / "errors.log").read_text("utf-8")
    assert number.group() in log and "FileExistsError" in log
