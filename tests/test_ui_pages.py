"""Every page in both languages, run by Streamlit's own test driver."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from rag.ui.i18n import LANGUAGES, Translator
from rag.ui.markup import SPEAKS, TO_NEWEST, TO_QUOTE
from rag.ui.registry import VIEWS

ROOT = Path(__file__).resolve().parents[1]
ASKED = {
    "en": "How many border officers were trained in Bishkek and Osh?",
    "ru": "Сколько сообщений получило подразделение финансовой разведки в 2022 году?",
}


@pytest.fixture
def home(shell, monkeypatch: pytest.MonkeyPatch):
    for name, value in shell.environment().items():
        if name.startswith("KORDON_"):
            monkeypatch.setenv(name, value)
    return shell


def launch(language: str = "", page: str = "") -> AppTest:
    app = AppTest.from_file(str(ROOT / "rag" / "ui" / "entry.py"), default_timeout=60)
    if language:
        app.query_params["lang"] = language
    app.run()
    if page:
        app._page_hash = calc_hash(page)  # switch_page() knows pages that are files only
        app.run()
    return app


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.key)
def test_every_page_opens_in_both_languages(home, view, language: str) -> None:
    app = launch(language, "" if view is VIEWS[0] else view.key)
    assert not app.exception
    assert 'role="alert"' not in html(app)
    assert app.title[0].value == Translator(language).t(f"{view.key}.title")


def test_the_language_switch_keeps_the_chat_and_the_address(home) -> None:
    app = launch("en")
    app.chat_input[0].set_value(ASKED["en"]).run()
    before = html(app)
    app.button_group[0].set_value("ru").run()
    assert app.title[0].value == Translator("ru").t("ask.title")
    assert app.query_params["lang"] == "ru"
    assert ASKED["en"] in html(app) and ASKED["en"] in before
    assert launch("fr").title[0].value == Translator("en").t("ask.title")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_opens_its_source_with_the_quote_highlighted(home, language: str) -> None:
    app = launch(language)
    app.chat_input[0].set_value(ASKED[language]).run()
    assert not app.exception
    marks = [button for button in app.button if str(button.key).startswith("mark-")]
    opened = marks or [b for b in app.button if str(b.key).startswith("related-")]
    assert opened, html(app)
    opened[0].click().run()
    assert not app.exception
    assert "<mark>" in html(app)
    app.button(key="source-close").click().run()
    assert "<mark>" not in html(app)


CAUTIOUS = """
from rag.answering.pipeline import Pipeline
from rag.types import Answer


class Cautious(Pipeline):
    def answer(self, question, *, where=None, before=None):
        hits = tuple(self.searcher.search(question, 2, where=where))
        generation = self.reader.generation
        return Answer(question, "ru", False, 0.1, (), (), hits, generation, "cautious")
"""


def test_a_refusal_looks_different_and_opens_what_is_related(
    home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an answerer of its own, named in the settings, that never answers."""
    (tmp_path / "cautious.py").write_text(CAUTIOUS, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("KORDON_ANSWERER", "cautious:Cautious")
    app = launch("ru")
    app.chat_input[0].set_value(ASKED["ru"]).run()
    assert 'class="k-refused' in html(app)
    assert Translator("ru").t("ask.refused") in html(app)
    keys = [str(button.key) for button in app.button]
    assert not [key for key in keys if key.startswith("mark-")]
    assert len([key for key in keys if key.startswith("related-")]) == 2
    next(b for b in app.button if str(b.key).startswith("related-")).click().run()
    assert "<mark>" in html(app)


BROKEN = """
from rag.answering.pipeline import Pipeline


class Broken(Pipeline):
    def answer(self, question, *, where=None, before=None):
        if "break" in question:
            raise RuntimeError("nobody foresaw this <b>")
        return super().answer(question, where=where, before=before)
"""


def test_an_error_nobody_foresaw_has_a_number_and_is_not_repeated(
    home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.py").write_text(BROKEN, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("KORDON_ANSWERER", "broken:Broken")
    app = launch("ru")
    app.chat_input[0].set_value("Please break").run()
    assert not app.exception and "nobody foresaw" not in html(app)
    number = re.search(r"номер (\d{8}-[0-9A-F]{6})", html(app))
    assert number
    log = (home.home / "log" / "errors.log").read_text("utf-8")
    assert number.group(1) in log and "nobody foresaw this" in log
    app.run()
    assert 'role="alert"' not in html(app)
    app.chat_input[0].set_value(ASKED["ru"]).run()
    assert 'role="alert"' not in html(app) and ASKED["ru"] in html(app)


def test_a_question_that_is_none_is_a_sentence_in_the_chat(home) -> None:
    app = launch("en")
    app.chat_input[0].set_value("?!…").run()
    assert not app.exception
    assert 'role="alert"' in html(app)
    app.chat_input[0].set_value(ASKED["en"]).run()
    assert 'role="alert"' not in html(app)


def test_markup_in_documents_and_questions_stays_text(home) -> None:
    app = launch("en")
    app.chat_input[0].set_value("Which <script>alert(1)</script> samples of **acetone**?").run()
    shown = html(app)
    assert "&lt;script&gt;alert(1)" in shown
    for own in (TO_NEWEST, TO_QUOTE, *SPEAKS.values()):
        shown = shown.replace(own, "")
    assert "<script" not in shown


def test_an_empty_home_is_one_sentence_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path))
    monkeypatch.setenv("KORDON_EMBEDDER", "hashing")
    app = launch("en")
    app.chat_input[0].set_value(ASKED["en"]).run()
    assert not app.exception
    assert "kordon index add" in html(app)


def test_a_wrong_setting_is_a_sentence_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path))
    monkeypatch.setenv("KORDON_APP_PROT", "1")
    app = launch()
    assert not app.exception
    assert "KORDON_APP_PORT" in html(app)


def test_sessions_do_not_see_each_other(home) -> None:
    first, second = launch("en"), launch("en")
    first.chat_input[0].set_value(ASKED["en"]).run()
    assert ASKED["en"] not in html(second.run())


def test_a_switch_without_a_choice_keeps_a_language(home) -> None:
    """What a browser on its way to another page may send."""
    app = launch("ru")
    app.session_state["language"] = None
    app.run()
    assert not app.exception
    assert Translator("ru").t("nav.documents") and 'role="alert"' not in html(app)
    assert app.session_state["language"] in LANGUAGES
