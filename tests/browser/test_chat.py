"""The chat in a real Chromium: follow-ups, refusals, languages, keeping, errors."""

import json
import re
import time
from pathlib import Path

import pytest
from pages import PROGRAMME, QUOTE, RUSSIAN_QUESTION, WAIT, ask, marks, opened
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


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
    # The question is waited for first: the answer to the old one may quote the same sentence.
    expect(turn.locator(".k-asked")).to_contain_text("Сколько процентов", timeout=WAIT)
    turn.get_by_text("91 процент").first.wait_for(timeout=WAIT)
    assert page.locator("[class*=st-key-turn-]").count() == 2


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
    assert rows[-1]["sentences"][0]["citations"][0]["document"] == PROGRAMME.name


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
