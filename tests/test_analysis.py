"""Terms of the lexical index: what should meet meets, what should not does not."""

import pytest

from index.analysis.analyzer import Analyzer

SAME = [
    ("1 234,5", "1,234.5"),
    ("20 мая 2021", "20 May 2021"),
    ("20 мая 2021", "20.05.2021"),
    ("отчёта", "отчета"),
    ("подозрительных операций", "подозрительная операция"),
    ("suspicious transactions", "Suspicious transaction"),
    ("проект KGZ/K50", "KGZ/K50"),
    ("резолюция S/RES/2370 (2017)", "S/RES/2370"),
    ("финансово-экономический", "финансово экономический"),
]
DIFFERENT = [("1 234,5", "1,234.6"), ("20 мая 2021", "21 мая 2021"), ("KGZ/K50", "KGZ/K51")]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.mark.parametrize(("left", "right"), SAME)
def test_forms_of_one_thing_share_their_terms(analyzer: Analyzer, left: str, right: str) -> None:
    ours, theirs = _telling(analyzer.terms(left)), _telling(analyzer.terms(right))
    assert ours and theirs
    assert theirs <= ours or ours <= theirs


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_other_values_are_other_terms(analyzer: Analyzer, left: str, right: str) -> None:
    ours, theirs = set(analyzer.terms(left)), set(analyzer.terms(right))
    assert ours - theirs and theirs - ours


def test_terms_say_where_they_come_from(analyzer: Analyzer) -> None:
    text = "Статья 218 УК: 1 234,5 тыс. евро, Сыромолотов, anti-money-laundering."
    for term in analyzer.analyse(text, "ru"):
        assert 0 <= term.start < term.end <= len(text)
        if term.kind == "word":
            first = text[term.start : term.end].lower().replace("ё", "е")
            assert first.startswith(term.term[:3])


def _telling(terms: list[str]) -> set[str]:
    """Numbers, dates and codes where there are any, else the words."""
    values = {term for term in terms if term[0] in "#@="}
    return values or set(terms)
