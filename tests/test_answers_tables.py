"""Rows that only a comparison tells: the longest, more than a figure, two side by side."""

from decimal import Decimal

import pytest

from rag.answering.pipeline import Pipeline
from rag.answering.tables.asked import wanted_of
from rag.types import Answer


def marked(answer: Answer) -> list[str]:
    """The spans marked in the sentences, in their order."""
    return [one.text[one.answer[0] : one.answer[1]] for one in answer.sentences if one.answer]


@pytest.mark.parametrize(
    ("question", "want", "sort"),
    [
        ("Which exercise lasted the longest?", "most", "duration"),
        ("Какое учение было самым коротким?", "least", "duration"),
        ("Which office opened last?", "most", "date"),
        ("Какой офис открылся раньше всех?", "least", "date"),
        ("Which component is the cheapest?", "least", "money"),
        ("Где больше всего участников?", "most", None),
        ("В какой стране наименьшее число женщин?", "least", None),
        ("Was Winter Road longer than Silent Pass?", "beside", "duration"),
        ("Где обучили больше: в Казахстане или в Узбекистане?", "beside", None),
    ],
)
def test_what_is_to_be_compared(question: str, want: str, sort: str | None) -> None:
    wanted = wanted_of(question)
    assert wanted is not None and (wanted.want, wanted.sort) == (want, sort)


@pytest.mark.parametrize(
    ("question", "want", "limit", "itself"),
    [
        ("Which offices have more than 12 officers?", "above", 12, False),
        ("Which offices have at least 12 officers?", "above", 12, True),
        ("В каких странах обучено не более 97 человек?", "below", 97, True),
        ("Which events cost under EUR 40,000?", "below", 40000, False),
    ],
)
def test_limits(question: str, want: str, limit: int, itself: bool) -> None:
    wanted = wanted_of(question)
    assert wanted is not None
    assert (wanted.want, wanted.limit, wanted.itself) == (want, Decimal(limit), itself)


@pytest.mark.parametrize(
    "question", ["Who leads the FIU?", "Сколько стоит проект?", "What happened last year?"]
)
def test_other_questions_compare_nothing(question: str) -> None:
    assert wanted_of(question) is None


@pytest.mark.parametrize(
    ("question", "row", "answer"),
    [
        ("Which exercise lasted the longest?", "83 hours", "Winter Road"),
        ("Какое учение было самым долгим?", "83 hours", "Winter Road"),
        ("Какое учение было самое короткое?", "7 hours", "Red Saffron"),  # found without it
        ("Which office opened last?", "29 Sep 2023", "Garagum"),
        ("Какой критерий получил самую низкую оценку?", "3,2", "Устойчивость"),
        ("Which of the border liaison offices has the most officers?", ": 24", "Darband"),
        ("Какое мероприятие самое дешёвое по смете?", "31 200", "Курс по безопасному"),
    ],
)
def test_the_greatest_or_least_row(
    samples_pipeline: Pipeline, question: str, row: str, answer: str
) -> None:
    given = samples_pipeline.answer(question)
    assert row in given.sentences[0].text and marked(given)[0].startswith(answer)
    assert any(word in given.lead for word in (" of ", " из "))


def test_a_sentence_that_says_it_stands_before_the_row(samples_pipeline: Pipeline) -> None:
    given = samples_pipeline.answer("В какой стране обучено больше всего сотрудников?")
    sentence, row = (one.text for one in given.sentences)
    assert "Наибольшее число обученных приходится на Узбекистан" in sentence
    assert row.startswith("Страна: Узбекистан | Обучено, чел.: 169")


def test_all_rows_beyond_a_figure(samples_pipeline: Pipeline) -> None:
    given = samples_pipeline.answer("Which countries trained fewer than 100 officers?")
    assert marked(given) == ["Таджикистан", "Туркменистан"]
    given = samples_pipeline.answer("Какие критерии промежуточной оценки получили меньше 4 баллов?")
    assert marked(given) == ["Эффективность затрат", "Воздействие", "Устойчивость"]


@pytest.mark.parametrize(
    ("question", "amounts"),
    [
        ("Was Winter Road longer than Silent Pass?", ["61 hours", "83 hours"]),
        ("Где обучили больше: в Казахстане или в Узбекистане?", ["148", "169"]),
        ("who has the bigger staff, Chashma or Kok-Zhar", ["11", "14"]),
    ],
)
def test_rows_side_by_side(samples_pipeline: Pipeline, question: str, amounts: list[str]) -> None:
    assert marked(samples_pipeline.answer(question)) == amounts


@pytest.mark.parametrize(
    "question",
    [
        "Which office seized the most cash?",
        "Who has the highest budget?",
        "Which officer made the largest seizure in 2024?",
        "Какой офис самый дорогой?",
    ],
)
def test_what_no_column_tells_is_refused(samples_pipeline: Pipeline, question: str) -> None:
    assert not samples_pipeline.answer(question).answered


def test_amounts_in_different_units_are_not_compared(samples_pipeline: Pipeline) -> None:
    given = samples_pipeline.answer("Which find had the largest quantity?")
    assert not given.lead.startswith("The highest")
