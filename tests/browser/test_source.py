"""The source beside the answer, in a real Chromium: the quote is marked where the page has it."""

import re
from pathlib import Path

import pypdfium2
import pytest
from pages import PROGRAMME, QUOTE, RUSSIAN_QUESTION, WAIT, ask, marks

pytestmark = pytest.mark.browser


def test_a_russian_question_opens_the_english_page_with_the_quote_marked(page) -> None:
    turn = ask(page, RUSSIAN_QUESTION)
    assert QUOTE in turn.locator(".k-text").first.inner_text()
    marks(turn).first.click()
    source = page.locator(".st-key-source")
    source.locator(".k-box").first.wait_for(timeout=WAIT)
    told = source.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "QALQAN Programme Document" in told and PROGRAMME.name in told
    assert "Institute for Border and Financial Security" in told and "14 февраля 2023" in told
    picture = source.locator(".k-page img")
    page.wait_for_function("document.querySelector('.k-page img').naturalWidth > 0", timeout=WAIT)
    quote = turn.locator(".k-text").first.inner_text()
    boxes = [shares(box, picture) for box in source.locator(".k-box").all()]
    assert letters(" ".join(under(PROGRAMME, 0, box) for box in boxes)) == letters(quote)
    left, top, right, bottom = by_pdfium(PROGRAMME, 0, QUOTE)
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
    assert answer.body() == (PROGRAMME).read_bytes()
    with page.expect_download() as download:
        page.locator(".st-key-source-download button:visible").click()
    assert download.value.suggested_filename == PROGRAMME.name
    assert Path(download.value.path()).read_bytes() == (PROGRAMME).read_bytes()
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
