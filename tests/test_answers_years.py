"""Figures belong to a year: one of another year is no answer. Shipped model, sample documents."""

import pytest

from index.analysis.analyzer import Analyzer
from index.search.question import understand
from rag.answering.concepts import concepts_of, is_of_an_act
from rag.answering.pipeline import Pipeline


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        (
            "How many container manifests did the profiling units examine in 2024?",
            "not about “2024”",
        ),
        ("Сколько сотрудников прошло обучение в КАЛКАН в 2022 году?", "не к «2022»"),
    ],
)
def test_a_figure_of_another_year_is_refused(
    samples_pipeline: Pipeline, question: str, notice: str
) -> None:
    answer = samples_pipeline.answer(question)
    assert not answer.answered and answer.confidence == 0
    assert notice in answer.notice and answer.related


@pytest.mark.parametrize(
    "question",
    [
        "Сколько сотрудников обучено программой КАЛКАН в 2026 году?",
        "Сколько сотрудников обучила программа КАЛКАН в 2022 году?",
    ],
)
def test_a_year_of_which_nothing_is_said_is_refused(
    samples_pipeline: Pipeline, question: str
) -> None:
    assert not samples_pipeline.answer(question).answered


def test_the_figure_of_the_year_is_given(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer(
        "How many container manifests did the profiling units examine in 2023?"
    )
    assert answer.answered and "58,214" in answer.sentences[0].text


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("What does Regulation (EU) 2024/1624 say of 2027?", {"2027"}),
        ("Что грозит по § 1957 раздела 18 в 2020 году?", {"2020"}),
        ("What did resolution 1988 (2011) ask for?", {"2011"}),
        ("Что в приказе № 1999 и Директиве 1267/1999?", set()),
        ("How many officers were trained in 2019/2020 and in 2021/22?", {"2019", "2020", "2021"}),
        ("How many prisons were visited in October 2013?", {"October 2013"}),
    ],
)
def test_the_number_of_an_act_is_no_year(question: str, years: set[str]) -> None:
    concepts = concepts_of(understand(question, Analyzer()), {})
    assert {concept.surface for concept in concepts if concept.is_year} == years


@pytest.mark.parametrize(
    ("text", "number", "act"),
    [
        ("Regulation (EU) 2016/1675 was amended in 2023.", "2016", True),
        ("Regulation (EU) 2016/1675 was amended in 2023.", "2023", False),
        ("Статья 1956 применяется с 2020 года.", "1956", True),
        ("In the season 2019/2020 there were five.", "2019", False),
        ("In the season 2019/2020 there were five.", "2020", False),
    ],
)
def test_nor_is_it_one_in_a_text(text: str, number: str, act: bool) -> None:
    start = text.index(number)
    assert is_of_an_act(text, start, start + len(number)) is act
