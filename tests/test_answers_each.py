"""A figure of each country, each component, ...: lists out of tables. Shipped model, samples."""

import re

import pytest

from index.analysis.places import table
from rag.answering.each_country import asks_for_each_country, for_country
from rag.answering.pipeline import Pipeline
from rag.types import Answer

TRAINED = {
    "Казахстан": "148",
    "Кыргызстан": "131",
    "Таджикистан": "97",
    "Туркменистан": "42",
    "Узбекистан": "169",
}


def marked(answer: Answer) -> list[str]:
    """The spans marked in the sentences, in their order."""
    return [one.text[one.answer[0] : one.answer[1]] for one in answer.sentences if one.answer]


@pytest.mark.parametrize(
    "question",
    [
        "How many officers were trained in each country?",
        "How many officers were trained in each country in 2024?",
        "Сколько сотрудников обучено в каждой стране?",
        "Сколько сотрудников обучено по странам?",
    ],
)
def test_each_country_has_its_row(samples_pipeline: Pipeline, question: str) -> None:
    answer = samples_pipeline.answer(question)
    assert answer.answered
    for sentence, (country, trained) in zip(answer.sentences, TRAINED.items(), strict=True):
        assert country in sentence.text and f": {trained} |" in sentence.text
    assert marked(answer) == list(TRAINED.values())


def test_the_cell_that_is_asked_for_is_marked(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer("Сколько женщин прошло обучение в каждой стране?")
    assert marked(answer) == ["47", "39", "18", "15", "45"]


@pytest.mark.parametrize(
    "question", ["What was the budget of each component?", "Каков бюджет каждого компонента?"]
)
def test_each_row_of_another_table(samples_pipeline: Pipeline, question: str) -> None:
    answer = samples_pipeline.answer(question)
    figures = [re.sub(r"\D", "", each) for each in marked(answer)]
    assert figures[:4] == ["1240000", "3365000", "2185000", "1110000"]
    assert "different values" not in answer.lead and "разные значения" not in answer.lead


@pytest.mark.parametrize(
    "question",
    [
        "How many dogs were bought for each country?",
        "Сколько автомобилей закуплено для каждой страны?",
        "What is the average wage in each country?",
        "Каково население каждой страны?",
        "Сколько сотрудников обучила каждая страна в 2021 году?",
    ],
)
def test_rows_about_something_else_are_no_answer(samples_pipeline: Pipeline, question: str) -> None:
    assert not samples_pipeline.answer(question).answered


@pytest.mark.parametrize(
    ("question", "country", "single"),
    [
        ("How many were trained in each country?", "KZ", "How many were trained in Kazakhstan?"),
        ("What was spent by country?", "RU", "What was spent in Russia?"),
        ("How many in each of the five countries?", "UZ", "How many in Uzbekistan?"),
        ("Сколько обучено в каждой стране?", "KZ", "Сколько обучено в Казахстане?"),
        ("Сколько обучено по странам?", "RU", "Сколько обучено в России?"),
        ("Каково население каждой страны?", "KZ", "Каково население Казахстана?"),
        ("Сколько выделено каждому государству?", "KZ", "Сколько выделено Казахстану?"),
        ("Сколько для каждого государства-участника?", "RU", "Сколько для России?"),
        ("How many were trained in each course?", "KZ", None),
    ],
)
def test_the_question_for_one_country(question: str, country: str, single: str | None) -> None:
    assert for_country(question, table()[country]) == single
    assert asks_for_each_country(question) == (single is not None)
