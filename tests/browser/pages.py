"""What a reader does on the pages, for the tests in a browser."""

from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "samples"
PROGRAMME = SAMPLES / "qalqan_programme_document_en.pdf"
RUSSIAN_QUESTION = "Каков общий бюджет программы QALQAN?"
QUOTE = "Total budget: EUR 8,450,000."
WAIT = 60_000


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
