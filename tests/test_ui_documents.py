"""Documents: uploads, details kept beside the files, removal, history; and the page itself."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from corpus.errors import DocumentError, KordonError, UsageError
from corpus.overrides import Override, Overrides
from rag.assemble import Kordon, assemble
from rag.settings import Settings
from rag.ui import documents_logic, documents_markup
from rag.ui.document_edit import rewritten, said_about, say_about
from rag.ui.generations_logic import events, turns
from rag.ui.i18n import LANGUAGES, Translator
from rag.ui.jobs import Job, Watch
from rag.ui.search_logic import Request, search
from rag.ui.uploads import folder, keep, safe_name, states, take_in
from rag.ui.views.documents_job import report_text
from rag.ui.work import DESK, Desk

ENTRY = Path(__file__).resolve().parents[1] / "rag" / "ui" / "entry.py"
CYRILLIC = "Протокол № 7 «о чае».txt"
TEXT = "The steering committee met in Khorog and bought forty kilograms of green tea for 2026."


@pytest.fixture
def kordon(tmp_path: Path) -> Kordon:
    return assemble(Settings(home=tmp_path / "home", embedder="hashing"))


def upload(kordon: Kordon, name: str, text: str, label: str = "") -> None:
    file = keep(kordon.settings.home, name, text.encode())
    taken = take_in(kordon, [file], label, Watch())
    assert taken.problem(file.name) == ""


def record(kordon: Kordon, path: str):
    with kordon.reader() as reader:
        return next(one for one in reader.documents() if one.path == path)


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(min_size=1, max_size=300))
def test_a_name_never_leaves_its_folder(name: str) -> None:
    try:
        safe = safe_name(name)
    except UsageError:
        return
    assert Path("/home") / safe == (Path("/home") / safe).parent / safe
    assert safe not in (".", "..", "documents.toml")
    assert not safe.startswith(".") and len(safe.encode()) <= 220
    assert safe.isprintable() or "\n" not in safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [(CYRILLIC, CYRILLIC), ("../../etc/passwd.txt", "passwd.txt"), ("C:\\docs\\отчёт.pdf",
     "отчёт.pdf"), ("a\u202efdp.exe", "a_fdp.exe"), ("x" * 400 + ".pdf", "x" * 196 + ".pdf")],
)  # fmt: skip
def test_names_keep_their_script(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


def test_a_document_is_uploaded_found_edited_removed_and_brought_back(kordon: Kordon) -> None:
    upload(kordon, "older.txt", "An older text about fishing rights on the lake, kept for years.")
    upload(kordon, CYRILLIC, TEXT, "internal")
    taken = record(kordon, CYRILLIC)
    assert taken.label == "internal"
    best = search(kordon, Request("green tea Khorog")).results[0]
    assert best.record.id == taken.id

    said = Override(title="=Протокол о чае", date="2026-03", label="restricted")
    documents_logic.edit(kordon, taken, said, Watch())
    edited = record(kordon, CYRILLIC)
    assert (edited.title, edited.date, edited.label) == ("=Протокол о чае", "2026-03", "restricted")
    assert said_about(documents_logic.place(edited)) == said

    before = kordon.index.generation()
    documents_logic.remove(kordon, [edited], Watch())
    assert not documents_logic.place(edited).exists()
    found = search(kordon, Request("green tea Khorog")).results
    assert edited.id not in {result.record.id for result in found}
    assert said_about(documents_logic.place(edited)) == Override()

    kordon.index.rollback(before)
    assert record(kordon, CYRILLIC).title == "=Протокол о чае"
    # Its file is gone with the removal; the kept copy comes back for the next edit.
    documents_logic.edit(kordon, record(kordon, CYRILLIC), Override(title="Again"), Watch())
    assert record(kordon, CYRILLIC).title == "Again"


def test_the_history_says_what_changed(kordon: Kordon) -> None:
    upload(kordon, "one.txt", "The first text about customs inspections at the northern bridge.")
    upload(kordon, "two.txt", TEXT)
    upload(kordon, "two.txt", TEXT + " It was delivered in spring.")
    documents_logic.edit(kordon, record(kordon, "one.txt"), Override(title="Bridge"), Watch())
    documents_logic.remove(kordon, [record(kordon, "two.txt")], Watch())
    kordon_events = {event.generation.number: event.change for event in events(kordon.index)}
    assert sorted(kordon_events) == [3, 4, 5]
    assert kordon_events[5].removed and not kordon_events[5].added
    assert kordon_events[4].edited == ("Bridge",)
    assert not kordon_events[3].known  # the generation before is not kept any more
    assert [entry.action for entry in turns(kordon.index)][0] == "remove"


def test_a_first_generation_and_a_new_version_are_told_apart(kordon: Kordon) -> None:
    upload(kordon, "two.txt", TEXT)
    upload(kordon, "two.txt", TEXT + " It was delivered in spring.")
    changes = {event.generation.number: event.change for event in events(kordon.index)}
    assert len(changes[1].added) == 1
    assert len(changes[2].replaced) == 1 and not changes[2].added and not changes[2].removed


def test_states_and_filters_of_the_list(kordon: Kordon, tmp_path: Path) -> None:
    upload(kordon, "one.txt", "The first text about customs inspections at the northern bridge.")
    upload(kordon, "two.txt", TEXT)
    (folder(kordon.settings.home) / "one.txt").unlink()
    (folder(kordon.settings.home) / "two.txt").write_text("changed")
    with kordon.reader() as reader:
        rows = documents_logic.rows(reader)
    assert {row.name: row.state for row in rows} == {"one.txt": "gone", "two.txt": "changed"}
    assert [r.record.path for r in documents_logic.picked(rows, "TWO public")] == ["two.txt"]
    assert [r.record.path for r in documents_logic.picked(rows, state="gone")] == ["one.txt"]
    assert [r.state for r in documents_logic.picked(rows, order="state")] == ["changed", "gone"]


def test_a_file_in_a_persons_own_folder_is_not_made_anew(kordon: Kordon, tmp_path: Path) -> None:
    own = tmp_path / "own" / "one.txt"
    own.parent.mkdir()
    own.write_text(TEXT)
    take_in(kordon, [own], "", Watch())
    own.unlink()
    with pytest.raises(UsageError, match="put it back"):
        documents_logic.edit(kordon, record(kordon, "one.txt"), Override(title="x"), Watch())


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_taken(kordon: Kordon) -> None:
    good = keep(kordon.settings.home, "good.txt", TEXT.encode())
    bad = keep(kordon.settings.home, "bad.pdf", b"%PDF-1.4 nothing of the sort")
    watch = Watch()
    taken = take_in(kordon, [bad, good], "", watch)
    assert taken.problem("bad.pdf") and not taken.problem("good.txt")
    assert dict(states(["bad.pdf", "good.txt"], watch)) == {"bad.pdf": "read", "good.txt": "read"}
    for language in LANGUAGES:
        say = Translator(language)
        assert say.t("documents.done_added", count=1) in report_text(say, taken.report)


OLD = """# ours
["a.pdf"]
title = "A [draft]"  # kept

["b.pdf"]
date = 2021-05-20
"""


def test_the_rest_of_documents_toml_stays_as_it_is(tmp_path: Path) -> None:
    new = rewritten(OLD, "c.pdf", Override(title='Quote " and \\ and "]'), tmp_path / "t")
    assert new.startswith(OLD)
    assert tomllib.loads(new)["c.pdf"]["title"] == 'Quote " and \\ and "]'
    less = rewritten(OLD, "b.pdf", Override(), tmp_path / "t")
    assert "b.pdf" not in less and "# ours" in less and "# kept" in less
    other = rewritten(OLD, "a.pdf", Override(label="internal"), tmp_path / "t")
    assert tomllib.loads(other)["a.pdf"] == {"label": "internal"}
    assert "2021-05-20" in other
    inline = rewritten('"a.pdf" = {title = "x"}\n', "a.pdf", Override(title="y"), tmp_path / "t")
    assert tomllib.loads(inline) == {"a.pdf": {"title": "y"}}
    with pytest.raises(DocumentError):
        rewritten("[", "a.pdf", Override(title="y"), tmp_path / "t")


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(
        st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), max_size=4),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
)  # fmt: skip
def test_whatever_is_said_is_read_back_and_nothing_else_changes(others, name, title) -> None:
    text = ""
    for key, value in others.items():
        text = rewritten(text, key, Override(title=value), Path("t"))
    new = rewritten(text, name, Override(title=title), Path("t"))
    expected = {key: {"title": value} for key, value in others.items()} | {name: {"title": title}}
    assert tomllib.loads(new) == expected


def test_a_wrong_date_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a date"):
        say_about(tmp_path / "a.pdf", Override(date="soon"))
    assert not (tmp_path / "documents.toml").exists()
    say_about(tmp_path / "a.pdf", Override(publisher="=1+1"))
    assert Overrides.of(tmp_path).get("a.pdf").publisher == "=1+1"


def test_only_one_change_at_a_time() -> None:
    desk = Desk()
    assert desk.begin("add", lambda watch: watch.stopped.wait(10))
    assert not desk.begin("remove", lambda watch: None)
    desk.clear()
    assert desk.job is not None and desk.job.running
    desk.job.stop()
    assert desk.job.wait(10)
    assert desk.begin("remove", lambda watch: 3)
    assert desk.job is not None and desk.job.wait(10) and desk.job.result == 3
    desk.clear()
    assert desk.job is None


def test_failures_are_one_sentence_in_the_readers_language() -> None:
    def work(watch: Watch) -> None:
        raise KordonError("The disk <b>x</b> is full.")

    job = Job.start("add", work)
    assert job.wait(10)
    assert "<b>" in job.failure(Translator("en"))  # escaped where it is shown
    assert job.failure(Translator("ru")).startswith("Действие не выполнено")


def test_hostile_titles_stay_text() -> None:
    hostile = "<img src=x onerror=alert(1)> **b** \u202e =1+1"
    shown = "".join(
        (
            documents_markup.row(hostile, hostile, [(hostile, hostile)], ""),
            documents_markup.section(hostile),
            documents_markup.facts([(hostile, hostile)]),
            documents_markup.listed([hostile]),
            documents_markup.table([hostile], [[hostile]]),
            documents_markup.chip(hostile, hostile),
        )
    )
    assert "<img" not in shown and "\u202e" not in shown


@pytest.fixture
def home(shell, monkeypatch: pytest.MonkeyPatch):
    for name, value in shell.environment().items():
        if name.startswith("KORDON_"):
            monkeypatch.setenv(name, value)
    return shell


def opened(language: str, tab: str = "") -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.query_params["lang"] = language
    app._page_hash = calc_hash("documents")
    if tab:
        app.session_state["documents-tab"] = Translator(language).t(tab)
    return app.run()


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_opens_a_document_with_its_text_and_its_details(home, language: str) -> None:
    app = opened(language)
    assert not app.exception
    assert "newsletter.md" in html(app) and "отчёт.txt" in html(app)
    app.text_input(key="documents-find").set_value("newsletter").run()
    assert "отчёт.txt" not in html(app)
    next(b for b in app.button if str(b.key).startswith("open-")).click().run()
    assert not app.exception
    assert "trained 148 border officers" in html(app)
    assert Translator(language).t("documents.no_image") in html(app)
    app.button(key="documents-back").click().run()
    assert "trained 148 border officers" not in html(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tab", ["documents.tab_add", "documents.tab_history"])
def test_the_other_tabs_open(home, language: str, tab: str) -> None:
    app = opened(language, tab)
    assert not app.exception
    assert 'role="alert"' not in html(app)
    wanted = {"documents.tab_add": "documents.add_hint", "documents.tab_history":
              "documents.history_hint"}[tab]  # fmt: skip
    assert Translator(language).t(wanted) in html(app)


def test_an_empty_home_asks_for_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path))
    monkeypatch.setenv("KORDON_EMBEDDER", "hashing")
    app = opened("ru", "documents.tab_list")
    assert not app.exception
    assert Translator("ru").t("documents.empty") in html(app)


def test_a_document_is_edited_and_removed_from_the_page(
    fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in fresh.environment().items():
        if name.startswith("KORDON_"):
            monkeypatch.setenv(name, value)
    assert fresh("index", "add", fresh.documents).returncode == 0
    app = opened("en")
    app.text_input(key="documents-find").set_value("newsletter").run()
    key = next(str(b.key) for b in app.button if str(b.key).startswith("open-"))
    app.button(key=key).click().run()
    app.text_input(key=f"edit-title-{key[5:]}").set_value("**Harbour** <b>news</b>")
    next(b for b in app.button if b.label == "Save").click().run()
    assert DESK.job is not None and DESK.job.wait(60) and not DESK.job.failure(Translator("en"))
    app.run()
    assert "**Harbour** &lt;b&gt;news&lt;/b&gt;" in html(app)
    app.button(key="documents-remove").click().run()
    assert DESK.job is not None and DESK.job.wait(60) and not DESK.job.failure(Translator("en"))
    app.run()
    assert not app.exception
    assert (fresh.documents / "newsletter.md").exists()  # a person's own file stays
    DESK.clear()


def test_files_of_the_same_name_are_told_apart_in_the_list(kordon: Kordon, tmp_path: Path) -> None:
    for name, text in (("one", TEXT), ("two", TEXT + " It was delivered in spring.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.txt").write_text(text)
        with kordon.writer(Watch()) as writer:
            writer.add([tmp_path / name])
    with kordon.reader() as reader:
        rows = documents_logic.rows(reader)
    assert sorted(row.name for row in rows) == ["one/report.txt", "two/report.txt"]
    assert len(documents_logic.picked(rows, "two/report")) == 1
