"""Searching: requests, filters, facets, marks, reasons, files, and the page itself."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from rag.assemble import Kordon, assemble
from rag.settings import Settings
from rag.ui import search_markup
from rag.ui.csv_text import harmless, read_csv, to_csv
from rag.ui.i18n import LANGUAGES, Translator
from rag.ui.jobs import Job, Watch
from rag.ui.search_batch import batch_csv, read_queries, run_batch
from rag.ui.search_export import hits_csv, quotes_csv, quotes_text
from rag.ui.search_logic import Request, bound, ordered, page_labels, search
from rag.ui.search_marks import Mark, joined
from rag.ui.search_reasons import reasons

ENTRY = Path(__file__).resolve().parents[1] / "rag" / "ui" / "entry.py"
ENGLISH, RUSSIAN = Translator("en"), Translator("ru")
FORMULA = ("=", "+", "-", "@", "|", "%", "＝")


@pytest.fixture(scope="module")
def kordon(shell) -> Kordon:
    return assemble(Settings(home=shell.home, embedder="hashing"))


def rows_of(data: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=separator))


@settings(deadline=None)  # a busy machine is no failure
@given(st.text())
def test_no_text_cell_can_be_a_formula(text: str) -> None:
    assert not harmless(text).lstrip().startswith(FORMULA)
    assert not harmless(text).startswith(("\t", "\r", "\n"))
    assert harmless(harmless(text)) == harmless(text)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)  # a busy machine is no failure
@given(table=st.lists(st.lists(st.text(), min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_is_written_can_be_read_again(language: str, table: list[list[str]]) -> None:
    separator = ";" if language == "ru" else ","
    back = rows_of(to_csv(["a", "b"], table, language), separator)
    assert back[0] == ["a", "b"]
    assert back[1:] == [[harmless(cell) for cell in row] for row in table]


def test_numbers_are_written_for_their_reader() -> None:
    assert to_csv(["n"], [[-1.5]], "en").decode("utf-8-sig").split("\r\n")[1] == "-1.5000"
    assert to_csv(["n"], [[-1.5]], "ru").decode("utf-8-sig").split("\r\n")[1] == "-1,5000"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_queries_are_read_in_whatever_form_they_were_saved(encoding: str, separator: str) -> None:
    text = f"номер{separator}Запрос\r\n1{separator}подготовка пограничников\r\n2{separator}\r\n"
    assert read_queries(text.encode(encoding)).texts == ("подготовка пограничников",)


def test_a_file_without_queries_has_none() -> None:
    assert read_queries(b"").texts == ()
    assert read_queries(b"\x00\x01\x02\xff\xfe\x00").texts == ()
    assert read_csv(b"\r\n \r\n") == []
    assert read_queries(b"first query\nsecond, with a comma").texts[0] == "first query"


@pytest.mark.parametrize(
    ("typed", "iso"),
    [("", ""), (" 2024 ", "2024"), ("2024-05", "2024-05"), ("05.2024", "2024-05"),
     ("14.05.2024", "2024-05-14"), ("14 мая 2024 г.", "2024-05-14"), ("May 2024", "2024-05"),
     ("soon", None), ("31.02.2024", None), ("2023 or 2024", None)],
)  # fmt: skip
def test_dates_as_people_type_them(typed: str, iso: str | None) -> None:
    assert bound(typed) == iso


def test_filters_narrow_and_facets_count_without_their_own_filter(kordon: Kordon) -> None:
    everything = search(kordon, Request("border officers"))
    assert {result.hit.chunk.language for result in everything.results} == {"en", "ru"}
    total = len(everything.results)
    for dimension in ("languages", "documents", "formats"):
        assert sum(facet.count for facet in everything.facets[dimension]) == total
    russian = search(kordon, Request("border officers", languages=frozenset({"ru"})))
    assert {result.hit.chunk.language for result in russian.results} == {"ru"}
    assert russian.facets["languages"] == everything.facets["languages"]
    assert {facet.value for facet in russian.facets["formats"]} == {"text"}
    assert search(kordon, Request("border officers", after="2099")).results == ()


def test_a_passage_says_why_it_is_there_and_marks_its_words(kordon: Kordon) -> None:
    best = search(kordon, Request("document readers")).results[0]
    text = best.hit.chunk.text
    marked = {text[mark.start : mark.end] for mark in best.marks}
    assert {"document", "readers"} <= marked
    shown = reasons(best.hit, ENGLISH)
    assert "document" in shown[0] and "readers" in shown[0]
    assert "слова запроса" in reasons(best.hit, RUSSIAN)[0]
    stranger = search(kordon, Request("zzzz")).results[0]
    assert reasons(stranger.hit, ENGLISH)[0] == ENGLISH.t("search.why_meaning_alone")


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 8))), st.lists(st.tuples(
    st.integers(0, 50), st.integers(0, 8))))  # fmt: skip
def test_marks_never_overlap_and_words_win(words, kindred) -> None:
    spans = [(start, start + size) for start, size in words]
    marks = joined(spans, [(start, start + size) for start, size in kindred])
    for one, other in zip(marks, marks[1:], strict=False):
        assert one.end <= other.start
    for start, end in spans:
        for at in range(start, end):
            assert any(m.kind == "word" and m.start <= at < m.end for m in marks)


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(max_size=900), st.lists(st.tuples(st.integers(0, 880), st.integers(1, 20))))
def test_the_part_shown_is_within_the_passage_and_only_text(passage: str, spans) -> None:
    marks = joined([(s, min(s + n, len(passage))) for s, n in spans if s < len(passage)], [])
    start, end = search_markup.window(passage, marks)
    assert 0 <= start <= end <= len(passage)
    shown = search_markup.marked(passage, marks, start, end)
    assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")


def test_the_part_shown_holds_the_marks() -> None:
    passage = "filler " * 200 + "the needle is here " + "filler " * 200
    at = passage.index("needle")
    start, end = search_markup.window(passage, [Mark(at, at + 6, "word")])
    assert start <= at and at + 6 <= end
    assert end - start < len(passage) / 3


@pytest.mark.parametrize(("language", "separator"), [("en", ","), ("ru", ";")])
def test_exports_name_the_place_of_every_quote(kordon: Kordon, language, separator) -> None:
    say = Translator(language)
    results = ordered(search(kordon, Request("acetone samples Tashkent")).results, "best")
    with kordon.view() as view:
        labels = page_labels(view, results)
    hits = rows_of(hits_csv(results, labels, say), separator)
    assert len(hits) == len(results) + 1
    assert hits[1][7] == harmless(results[0].hit.chunk.text)
    assert all(not cell.startswith(FORMULA) for row in hits[1:] for cell in row if cell != row[6])
    quotes = rows_of(quotes_csv(results, labels, say), separator)
    assert "notes.html" in quotes[1][1]
    text = quotes_text(results, labels, say).decode("utf-8-sig")
    assert results[0].hit.chunk.text.strip().replace("\n", "\r\n") in text


def test_order_by_date_and_document(kordon: Kordon) -> None:
    results = search(kordon, Request("programme")).results
    dates = [result.record.date for result in ordered(results, "newest")]
    assert dates == sorted(dates, reverse=True)
    assert [r.hit.rank for r in ordered(results, "best")] == list(range(1, len(results) + 1))
    titles = [result.record.title.casefold() for result in ordered(results, "document")]
    assert titles == sorted(titles)


def test_a_batch_goes_on_after_a_query_that_cannot_be_asked(kordon: Kordon) -> None:
    watch = Watch()
    result = run_batch(kordon, ("border officers", "?!", "acetone"), 2, watch)
    assert (result.asked, result.failed, result.stopped) == (3, 1, False)
    assert watch.now().done == watch.now().total == 3
    lines = [line for line in result.lines if line.number == 3]
    assert [line.rank for line in lines] == [1, 2]
    table = rows_of(batch_csv(result, RUSSIAN), ";")
    assert [row[0] for row in table[1:]] == ["1", "1", "2", "3", "3"]
    assert table[3][-1] != ""


def test_a_batch_can_be_stopped_and_watched_from_outside(kordon: Kordon) -> None:
    job = Job.start("batch", lambda watch: run_batch(kordon, ("border",) * 1000, 1, watch))
    job.stop()
    assert job.wait(30)
    assert job.result is not None and job.result.stopped
    failed = Job.start("batch", lambda watch: 1 // 0)
    assert failed.wait(10)
    assert failed.result is None
    assert "ZeroDivisionError" not in failed.failure(ENGLISH)
    assert failed.failure(ENGLISH) == failed.failure(ENGLISH)


def opened(language: str) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.query_params["lang"] = language
    app._page_hash = calc_hash("search")
    return app.run()


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def ask(app: AppTest, query: str) -> AppTest:
    app.text_input(key="search-query").set_value(query)
    return app.button[0].click().run()


@pytest.fixture
def home(shell, monkeypatch: pytest.MonkeyPatch):
    for name, value in shell.environment().items():
        if name.startswith("KORDON_"):
            monkeypatch.setenv(name, value)
    return shell


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_searches_filters_and_resets(home, language: str) -> None:
    app = ask(opened(language), "border officers")
    assert not app.exception
    assert "<mark>border</mark>" in html(app)
    app.multiselect(key="search-languages").set_value(["ru"]).run()
    assert "<mark>border</mark>" not in html(app)
    app.button(key="search-reset").click().run()
    assert "<mark>border</mark>" in html(app)
    app.text_input(key="search-after").set_value("whenever").run()
    assert 'role="alert"' in html(app)
    app.text_input(key="search-after").set_value("2099").run()
    assert Translator(language).t("search.nothing") in html(app)


def test_hostile_queries_and_documents_stay_text(home) -> None:
    app = ask(opened("en"), "<img src=x onerror=alert(1)> **acetone** samples \u202e")
    assert not app.exception
    shown = html(app)
    assert "<img" not in shown and "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    assert ask(app, "?!").exception == []
    assert 'role="alert"' in html(app)


def test_a_copy_is_shown_with_its_first_not_as_another_result(
    fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (fresh.documents / "newsletter.md").read_text("utf-8")
    (fresh.documents / "copy.md").write_text(text + "\nSent again to all partners.\n", "utf-8")
    assert fresh("index", "add", fresh.documents).returncode == 0
    for name, value in fresh.environment().items():
        if name.startswith("KORDON_"):
            monkeypatch.setenv(name, value)
    page = html(ask(opened("en"), "border officers trained in Bishkek"))
    assert page.count("148") == 1
    assert "The same stands in “Quarterly newsletter of the Harbour Programme”" in page


def test_labels_of_pages_are_those_of_the_pages(kordon: Kordon) -> None:
    with kordon.reader() as reader:
        for record in reader.documents():
            wanted = {page.number: page.label for page in reader.pages(record.id)}
            assert dict(reader.page_labels(record.id)) == wanted
            assert reader.page_labels(record.id) is reader.page_labels(record.id)
