"""Search and documents in a real Chromium: filters and files, uploads and the way back, hostile
text. No console error and no request to another host, in any of them.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
PDF = ROOT / "corpus" / "samples" / "qalqan_newsletter_05_ru.pdf"
NAME = "Бюллетень № 5 «Калкан».pdf"
HOSTILE = """<html><head><title>=HYPERLINK("http://example.org") &lt;img src=x onerror=alert(1)&gt;
**bold** [link](http://example.org)</title></head><body><article>
<h1>&lt;script&gt;alert("heading")&lt;/script&gt;</h1>
<p>=cmd|' /C calc'!A0 The quarantine of saffron &lt;script&gt;alert(1)&lt;/script&gt; lasts
nine days &#x202e;gnitirw-sdrawkcab and is called {word} by the customs of the river port.</p>
</article></body></html>
"""


@pytest.fixture(scope="module")
def home(shell, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own with the three small documents, which the tests may change."""
    home = tmp_path_factory.mktemp("browser") / "home"
    done = shell("index", "add", shell.documents, KORDON_HOME=str(home))
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="module")
def address(interface, home: Path) -> Iterator[str]:
    with interface(KORDON_HOME=str(home)) as address:
        yield address


@pytest.fixture
def page(visit, address: str) -> Iterator[object]:
    with visit(address, accept_downloads=True) as reader:
        page = reader.new_page()
        page.set_default_timeout(60_000)
        yield page


def settled(page) -> None:
    page.wait_for_timeout(300)
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(300)


def search(page, address: str, query: str, language: str = "en") -> None:
    page.goto(f"{address}/search?lang={language}")
    box = page.locator(".st-key-search-query input")
    box.wait_for()
    settled(page)
    box.fill(query)
    box.press("Enter")
    page.locator(".k-hit").first.wait_for()
    settled(page)


def upload(page, address: str, *files: dict[str, object]) -> None:
    page.goto(f"{address}/documents?lang=en")
    tab = page.get_by_role("tab", name="Add documents")
    tab.wait_for()
    settled(page)
    tab.click()
    page.locator("input[type=file]").wait_for(state="attached")
    settled(page)
    page.locator("input[type=file]").set_input_files(list(files))
    page.locator(".st-key-documents-add button:not([disabled])").click()
    page.locator(".st-key-job-close").wait_for(timeout=120_000)
    settled(page)


def rows_of(path: Path, separator: str) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def test_a_search_is_filtered_and_exported(page, address: str, tmp_path: Path) -> None:
    search(page, address, "сообщений о подозрительных операциях", "ru")
    assert page.locator(".k-hit mark").count() >= 1
    before = page.locator(".k-hit").count()
    page.get_by_test_id("stPopover").filter(has_text="Язык").get_by_role("button").click()
    page.locator(".st-key-search-languages input").fill("русский")
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Escape")
    settled(page)
    assert 0 < page.locator(".k-hit").count() < before
    page.get_by_test_id("stPopover").filter(has_text="Выгрузить").get_by_role("button").click()
    with page.expect_download() as caught:
        page.locator(".st-key-export-hits button").click()
    caught.value.save_as(tmp_path / "hits.csv")
    rows = rows_of(tmp_path / "hits.csv", ";")
    assert len(rows) - 1 == page.locator(".k-hit").count()
    assert {row[5] for row in rows[1:]} == {"ru"}
    assert any("3 412" in row[7] for row in rows[1:])
    page.keyboard.press("Escape")
    page.locator(".st-key-open-1 button").click()
    page.locator(".st-key-source .k-quote mark").wait_for()
    assert "отчёт.txt" in page.locator(".st-key-source").inner_text()


def test_a_pdf_is_uploaded_searched_asked_about_and_rolled_back(page, address: str) -> None:
    upload(page, address, {"name": NAME, "mimeType": "application/pdf", "buffer": PDF.read_bytes()})
    panel = page.locator(".st-key-documents-job").inner_text()
    assert NAME in panel and "in the index" in panel
    search(page, address, "штабное учение Красный шафран")
    assert NAME in page.locator(".k-hit").first.inner_text()
    page.locator(".st-key-open-1 button").click()
    page.locator(".st-key-source .k-page img").wait_for()
    assert page.locator(".st-key-source .k-box").count() >= 1

    page.goto(f"{address}/?lang=ru")
    box = page.get_by_test_id("stChatInputTextArea")
    box.wait_for()
    settled(page)
    box.fill("Чему было посвящено штабное учение «Красный шафран»?")
    box.press("Enter")
    # An answer or, with the small trial model, what is related: the new document is in it.
    page.locator(".stMain").get_by_text("бюллетень КАЛКАН").first.wait_for()

    page.goto(f"{address}/documents?lang=en")
    page.get_by_role("tab", name="History").click()
    page.locator("[class*=st-key-rollback-]").first.wait_for()
    settled(page)
    page.locator("[class*=st-key-rollback-]").first.get_by_role("button").click()
    job = page.locator(".st-key-documents-job", has_text="Going back to another generation")
    job.filter(has_text="is live").wait_for()  # the upload's own panel says that too
    search(page, address, "штабное учение Красный шафран")
    assert NAME not in page.locator(".stMain").inner_text()


@pytest.mark.parametrize("width", [1366, 390])
def test_hostile_text_is_shown_as_text(page, address: str, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    body = HOSTILE.format(word="x" * 900).encode()
    name = f"=evil {width} <b>.html"
    upload(page, address, {"name": name, "mimeType": "text/html", "buffer": body})
    search(page, address, "quarantine of saffron")
    shown = page.locator(".k-hit").first.inner_text()
    assert '=HYPERLINK("http://example.org") <img src=x onerror=alert(1)>' in shown
    assert "**bold** [link](http://example.org)" in shown
    assert "<script>alert(1)</script>" in shown
    assert "\u202e" not in shown
    assert page.locator(".stMain a[href*='example.org']").count() == 0
    wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
    assert wide <= width
    page.get_by_test_id("stPopover").filter(has_text="Export").get_by_role("button").click()
    with page.expect_download() as caught:
        page.locator(".st-key-export-quotes-csv button").click()
    caught.value.save_as(tmp_path / "quotes.csv")
    rows = rows_of(tmp_path / "quotes.csv", ",")
    assert any("saffron" in row[0] for row in rows)
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)

    page.goto(f"{address}/documents?lang=en")
    listed = page.locator(".k-row", has_text="=HYPERLINK")
    listed.first.wait_for()
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    assert "<img src=x" in listed.first.inner_text()


def test_many_queries_give_one_file(page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/search?lang=en")
    tab = page.get_by_role("tab", name="Many queries")
    tab.wait_for()
    settled(page)
    tab.click()
    settled(page)
    table = b"query\r\nborder officers\r\n?!\r\n=1+1 acetone\r\n"
    page.locator(".st-key-batch-file input[type=file]").set_input_files(
        [{"name": "queries.csv", "mimeType": "text/csv", "buffer": table}]
    )
    page.locator(".st-key-batch-start button").click()
    page.locator(".st-key-batch-download button").wait_for()
    with page.expect_download() as caught:
        page.locator(".st-key-batch-download button").click()
    caught.value.save_as(tmp_path / "results.csv")
    rows = rows_of(tmp_path / "results.csv", ",")
    assert {row[0] for row in rows[1:]} == {"1", "2", "3"}
    assert {row[1] for row in rows[1:]} == {"border officers", "?!", "'=1+1 acetone"}
    assert next(row for row in rows if row[0] == "2")[-1]
