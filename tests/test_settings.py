"""Settings: what wins, and that nothing is silently ignored."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UsageError
from rag.settings import RANGES, Settings, default_home, load, variable
from rag.settings_read import Table, keys

KNOWN = dict(keys(Settings))


def test_defaults_in_a_checkout_live_in_var(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert settings.home == default_home() == Path(__file__).resolve().parents[1] / "var"
    assert settings.file is None
    assert settings.models == settings.home / "models"


def test_home_file_wins_over_working_folder_and_variables_win_over_both(tmp_path: Path) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    (work / "kordon.toml").write_text("[app]\nport = 1111\n")
    environment = {"KORDON_HOME": str(home)}
    assert load(environment, work).app.port == 1111
    (home / "kordon.toml").write_text("[app]\nport = 2222\n[answer]\nsentences = 5\n")
    settings = load(environment, work)
    assert (settings.app.port, settings.answer.sentences) == (2222, 5)
    assert settings.file == home / "kordon.toml"
    settings = load({**environment, "KORDON_APP_PORT": "3333"}, work)
    assert (settings.app.port, settings.answer.sentences) == (3333, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 1", ['"prot"', "nearest"]),
        ("[app]\nprot = 1", ['"app.prot"', '"app.port"']),
        ("[ap]\nport = 1", ['"ap"']),
        ("app = 1", ['"app" is a section']),
        ("[app]\nport = '8501'", ['"app.port"', "whole number from 1 to 65535", "'8501'"]),
        ("[app]\nport = true", ['"app.port"', "True"]),
        ("[app]\nport = 0", ['"app.port"', "not 0"]),
        ("[app]\nlanguage = 'fr'", ['"app.language"', '"en", "ru"']),
        ("home = '/tmp'", ['"home"']),
        ("[search]\nglossary_file = 'here'", ['"search.glossary_file"', "absolute path"]),
        ("[app\n", ["not valid TOML"]),
    ],
)
def test_a_wrong_file_is_one_sentence_with_the_path(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    (tmp_path / "kordon.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        load({"KORDON_HOME": str(tmp_path)}, tmp_path)
    message = str(caught.value)
    assert str(tmp_path / "kordon.toml") in message
    assert "\n" not in message
    assert all(word in message for word in words), message


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("KORDON_APP_PROT", "1", ["KORDON_APP_PROT", '"KORDON_APP_PORT"']),
        ("KORDON_APP_PORT", "many", ["KORDON_APP_PORT", "app.port", "whole number"]),
        ("KORDON_SEARCH_LATE", "perhaps", ["true or false"]),
    ],
)
def test_a_wrong_variable_names_itself(
    tmp_path: Path, name: str, text: str, words: list[str]
) -> None:
    with pytest.raises(UsageError) as caught:
        load({"KORDON_HOME": str(tmp_path), name: text}, tmp_path)
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(("target", "overlap"), [("100", "100"), ("100", "150"), ("32", None)])
def test_passages_that_only_repeat_each_other_are_refused(
    tmp_path: Path, target: str, overlap: str | None
) -> None:
    given = {"KORDON_HOME": str(tmp_path), "KORDON_INDEX_CHUNKING_TARGET": target}
    if overlap:
        given["KORDON_INDEX_CHUNKING_OVERLAP"] = overlap
    with pytest.raises(UsageError) as caught:
        load(given, tmp_path)
    message = str(caught.value)
    assert "index.chunking.overlap" in message and f"({target})" in message
    assert load({**given, "KORDON_INDEX_CHUNKING_OVERLAP": "31"}, tmp_path).file is None


def test_every_number_has_a_range_that_allows_its_default() -> None:
    settings = Settings(home=Path("/"))
    numbers = {path for path, kind in KNOWN.items() if kind in (int, float)}
    assert numbers == set(RANGES)
    for path in numbers:
        value: object = settings
        for name in path.split("."):
            value = getattr(value, name)
        low, high = RANGES[path]
        assert isinstance(value, int | float)
        assert low <= value <= high


def test_every_key_has_a_variable_of_its_own() -> None:
    assert len({variable(path) for path in KNOWN}) == len(KNOWN)


@given(st.integers(1, 65_535))
def test_a_file_and_a_variable_say_the_same(port: int) -> None:
    by_file = Table({"app": {"port": port}}, "file", RANGES).over(Settings(home=Path("/")))
    by_variable = load({"KORDON_HOME": "/nowhere", "KORDON_APP_PORT": str(port)})
    assert by_file.app == by_variable.app


@given(
    st.dictionaries(
        st.text(max_size=12),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text())),
        max_size=4,
    )
)
def test_any_table_is_taken_or_refused_with_a_usage_error(table: dict[str, object]) -> None:
    default = Settings(home=Path("/"))
    try:
        settings = Table(table, "file", RANGES).over(default)
    except UsageError:
        return
    assert set(table) <= {path for path in KNOWN if "." not in path}
    assert isinstance(settings.embedder, str)


def test_the_manual_lists_every_key_with_its_default() -> None:
    manual = (Path(__file__).resolve().parents[1] / "docs" / "operations.md").read_text("utf-8")
    table = manual.split("| key |")[1].split("##")[0]
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (.*?) \|", table, re.MULTILINE))
    settings = Settings(home=Path("/"))
    shown = {}
    for path in KNOWN:
        value: object = settings
        for name in path.split("."):
            value = getattr(value, name)
        if value is None:
            shown[path] = "-"
        elif isinstance(value, bool):
            shown[path] = str(value).lower()
        else:
            shown[path] = f"`{value}`" if isinstance(value, str) else str(value)
    assert rows == shown
