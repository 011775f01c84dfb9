"""The interface's strings: equal in both languages, used, and right in their plurals."""

import json
import re
import string
from pathlib import Path

import pytest

from rag.ui import markup
from rag.ui.i18n import LANGUAGES, Translator, plural, strings
from rag.ui.registry import VIEWS

CODE = Path(__file__).resolve().parents[1] / "rag"
NAMED = ("ask", "search", "documents", "quality", "about")  # named before each page is there
COUNTED = ("common.documents", "common.pages")  # for every page
ENGLISH, RUSSIAN = Translator("en"), Translator("ru")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, russian = strings("en"), strings("ru")
    assert set(english) == set(russian)
    for key, text in english.items():
        other = russian[key]
        assert isinstance(text, dict) == isinstance(other, dict), key
        if isinstance(text, dict) and isinstance(other, dict):
            assert set(text) == {"one", "many"}, key
            assert set(other) == {"one", "few", "many"}, key
            forms = [*text.values(), *other.values()]
            assert len({frozenset(placeholders(form)) for form in forms}) == 1, key
        elif isinstance(other, str) and isinstance(text, str):
            assert placeholders(text) == placeholders(other), key
            assert text.strip() and other.strip()


def test_every_string_is_used_and_every_used_string_exists() -> None:
    """Keys stand in the code as whole literals, so that they can be searched for."""
    source = "\n".join(file.read_text("utf-8") for file in CODE.rglob("*.py"))
    known = set(strings("en"))
    called = set(re.findall(r"""\bt\(\s*["']([a-z_.]+)["']""", source))
    assert called <= known
    literals = set(re.findall(r"""["']([a-z_]+\.[a-z_.]+)["']""", source))
    driven = {part for view in VIEWS for part in (f"nav.{view.key}", f"{view.key}.title")}
    assert known - literals - driven <= {*(f"nav.{key}" for key in NAMED), *COUNTED}


def test_strings_of_a_page_begin_with_its_name() -> None:
    for language in LANGUAGES:
        for file in (CODE / "ui" / "locales" / language).glob("*.json"):
            keys = json.loads(file.read_text("utf-8"))
            if file.stem not in ("common", "names", "shell"):
                assert all(key.startswith(f"{file.stem}.") for key in keys), file


def test_every_page_has_a_function() -> None:
    assert all(callable(view.load()) for view in VIEWS)
    assert len({view.key for view in VIEWS}) == len(VIEWS)


@pytest.mark.parametrize(
    ("count", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"),
     (21, "one"), (22, "few"), (25, "many"), (111, "many"), (121, "one"), (1002, "few")],
)  # fmt: skip
def test_russian_plurals(count: int, form: str) -> None:
    assert plural("ru", count) == form
    assert plural("en", count) == ("one" if count == 1 else "many")


def test_numbers_and_dates_in_the_readers_format() -> None:
    assert ENGLISH.number(1234.5, 1) == "1,234.5"
    assert RUSSIAN.number(1234.5, 1) == "1\N{NO-BREAK SPACE}234,5"
    assert RUSSIAN.percent(0.873) == "87\N{NO-BREAK SPACE}%"
    assert ENGLISH.date("2023-04-14") == "14\N{NO-BREAK SPACE}April 2023"
    assert RUSSIAN.date("2023-04-14") == "14\N{NO-BREAK SPACE}апреля 2023\N{NO-BREAK SPACE}г."
    assert [RUSSIAN.date(text) for text in ("2023", "2023-04", "", "spring", "2023-99-01")] == [
        "2023", "апрель 2023\N{NO-BREAK SPACE}г.", "", "spring", "2023-99-01",
    ]  # fmt: skip
    assert RUSSIAN.moment("2024-05-01T23:10:00", "Asia/Dushanbe").endswith("г., 04:10")
    assert RUSSIAN.size(1_234_567) == "1,2 МБ"
    assert RUSSIAN.size(22) == "22 байта"


def test_both_interfaces_speak_their_language() -> None:
    for key, text in strings("ru").items():
        whole = " ".join(text.values()) if isinstance(text, dict) else text
        if re.search(r"[^\W\d]", re.sub(r"{.*?}", "", whole)):
            assert re.search("[а-яё]", whole, re.IGNORECASE), key
    assert set(LANGUAGES) == {"en", "ru"}


def test_hostile_text_is_shown_as_text() -> None:
    hostile = '<script>alert("1")</script> **bold** \u202egnp.exe'
    shown = markup.quoted(hostile, hostile, hostile, '"><b>')
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; **bold**" in shown
    assert "\u202e" not in shown
    assert shown.count("<mark>") == 1
    assert markup.sentence("<b> 148 </b>", (4, 7)) == (
        '<div class="k-text" dir="auto">&lt;b&gt; <strong>148</strong> &lt;/b&gt;</div>'
    )
    assert "<img" not in markup.notice("<img src=x onerror=alert(1)>")
