"""Bridges between the scripts: keys of names, the glossary, the dictionary."""

import re
from pathlib import Path

import pytest

from corpus.errors import QuestionError, UsageError
from index.analysis.analyzer import Analyzer
from index.analysis.names import crossed, name_keys
from index.search.bridges import Bridges
from index.search.glossary import Glossary, read_glossary, shipped_glossary
from index.search.lexical import matched
from index.search.question import Query, check_question, understand
from index.search.settings import SearchSettings

ROOT = Path(__file__).parents[1]
ANALYZER = Analyzer()
GLOSSARY = Glossary(shipped_glossary(), ANALYZER)


def extended(question: str, settings: SearchSettings | None = None) -> Query:
    bridges = Bridges(ANALYZER, GLOSSARY, settings or SearchSettings())
    return bridges.extend(understand(question, ANALYZER))


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Voronkov", "Воронковым"),
        ("Gulyamov", "Гулямова"),
        ("Syromolotov", "Сыромолотов"),
        ("Mirziyoyev", "Мирзиёева"),
        ("Tsarnaev", "Царнаев"),
        ("Alexander", "Александром"),
        ("Khujand", "Худжанде"),
        ("Zhaparov", "Жапаров"),
        ("Japarov", "Джапаров"),
        ("Mohammed", "Мухаммад"),
        ("GKNB", "ГКНБ"),
    ],
)
def test_a_name_has_a_key_in_common_in_both_scripts(latin: str, cyrillic: str) -> None:
    asked = {crossed(key) for key in name_keys(latin)}
    assert asked & set(name_keys(cyrillic))


def test_unlike_names_have_no_key_in_common() -> None:
    asked = {crossed(key) for key in name_keys("Voronkov")}
    for other in ("Воронин", "Гулямов", "Королев", "банк"):
        assert not asked & set(name_keys(other)), other


def test_the_glossary_is_large_and_leads_both_ways() -> None:
    assert len(shipped_glossary()) >= 250
    assert "фатф" in {term.term for term in extended("Members of the FATF").terms}
    assert "fatf" in {term.term for term in extended("Члены ФАТФ").terms}
    shown = {term.shown for term in extended("Who is a beneficial owner?").terms}
    assert "beneficial owner = бенефициарный собственник" in shown


def test_a_short_acronym_counts_in_capitals_only() -> None:
    assert "сша" in {term.term for term in extended("What did the US say?").terms}
    assert "сша" not in {term.term for term in extended("What do they tell us?").terms}


def test_each_bridge_can_be_switched_off() -> None:
    off = SearchSettings(transliteration=False, glossary=False, dictionary=False)
    assert {term.via for term in extended("Voronkov at the FATF", off).terms} <= {"word", "pair"}
    only = SearchSettings(glossary=False)
    assert "glossary" not in {term.via for term in extended("Voronkov at the FATF", only).terms}


def test_common_words_are_read_in_the_other_language() -> None:
    for question, wanted in (
        ("Who repaired the road?", "дорог"),
        ("Кто чинил дороги?", "road"),
        ("Кто прибыл первым?", "arriv"),
    ):
        found = {term.term: term for term in extended(question).terms}
        assert found[wanted].via == "dictionary"
    assert found["arriv"].shown.startswith("прибыл = arriv")
    many = [term for term in extended("state").terms if term.via == "dictionary"]
    few = [term for term in extended("road").terms if term.via == "dictionary"]
    assert len(many) > len(few) > 0
    assert many[0].weight < few[0].weight


def test_words_that_weigh_nothing_are_not_searched_for() -> None:
    silent = extended("Who repaired the road?", SearchSettings(dictionary_weight=0.0))
    assert "дорог" in {term.term for term in silent.terms}
    assert matched(silent, {"дорог": "дорогу"}) == ()
    assert matched(extended("Who repaired the road?"), {"дорог": "дорогу"}) == ("road = дорога",)


def test_the_dictionary_holds_single_words_of_both_scripts() -> None:
    lines = (ROOT / "index" / "data" / "dictionary.tsv").read_text("utf-8").splitlines()[1:]
    assert len(lines) > 8_000
    for line in lines:
        english, russian = line.split("\t")
        assert re.fullmatch(r"[a-z'-]+", english), line
        assert all(re.fullmatch(r"[а-яё-]+", word) for word in russian.split(" | ")), line


def test_a_user_file_is_read_and_a_broken_one_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("# ours\nXYZ | Xenon Yard\tКСИЗ\n", "utf-8")
    assert read_glossary(path) == [("XYZ", "Xenon Yard", "КСИЗ")]
    path.write_text("no tab here\n", "utf-8")
    with pytest.raises(UsageError, match="Line 1"):
        read_glossary(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_glossary(tmp_path / "absent.tsv")


def test_questions_that_cannot_be_asked() -> None:
    with pytest.raises(QuestionError, match="no words"):
        check_question(" ?!… ", 4_000)
    with pytest.raises(QuestionError, match="shorten"):
        check_question("а" * 50_000, 4_000)


@pytest.mark.parametrize("asked", ["по Таджикистану", "в Таджикистане", "Tajikistan"])
def test_a_country_is_looked_up_in_all_its_cases(asked: str) -> None:
    terms = {term.term for term in extended(f"{asked} 2024").terms}
    for form in ("Таджикистан", "Таджикистане", "Tajikistan"):
        (own,) = {term.term for term in ANALYZER.analyse(form, "ru") if term.kind == "word"}
        assert own in terms, form
