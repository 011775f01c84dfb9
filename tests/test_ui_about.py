"""About the system: the numbers are those of the index, in both languages."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from rag.assemble import assemble
from rag.settings import Settings
from rag.ui import about_markup
from rag.ui.about_logic import facts, product_version
from rag.ui.i18n import LANGUAGES, Translator

ENTRY = Path(__file__).resolve().parents[1] / "rag" / "ui" / "entry.py"


def opened(language: str) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.query_params["lang"] = language
    app._page_hash = calc_hash("about")
    return app.run()


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_facts_are_those_of_the_live_generation(shell) -> None:
    kordon = assemble(Settings(home=shell.home, embedder="hashing"))
    with kordon.reader() as reader:
        found = facts(reader, kordon.settings)
        records = reader.documents()
    assert found.documents == len(records) == 3
    assert sum(count for _, count in found.languages) == 3
    assert dict(found.formats) == {"markdown": 1, "text": 1, "html": 1}
    assert found.chunks == sum(record.chunks for record in records)
    assert found.generation == 1 and found.encoder
    assert product_version()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_what_there_is(shell, monkeypatch, language: str) -> None:
    for name, value in shell.environment().items():
        if name.startswith("KORDON_"):
            monkeypatch.setenv(name, value)
    app = opened(language)
    say = Translator(language)
    assert not app.exception
    assert 'role="alert"' not in html(app)
    assert say.t("about.tile_documents", count=3) in html(app)
    assert say.t("about.limit_network") in html(app)


def test_an_empty_home_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path))
    monkeypatch.setenv("KORDON_EMBEDDER", "hashing")
    app = opened("ru")
    assert not app.exception
    assert Translator("ru").t("about.empty") in html(app)


def test_publishers_are_text() -> None:
    shown = about_markup.shares([("<img src=x>", 2, "2")]) + about_markup.tiles([("<b>", "<i>")])
    assert "<img" not in shown and "<b>" not in shown and "<i>" not in shown
