"""Documents that give different values. Shipped model, sample documents."""

import pytest

from rag.answering.pipeline import Pipeline


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("Сколько сотрудников обучила программа КАЛКАН за 2024 год?", ["594", "587", "612"]),
    ],
)
def test_all_are_quoted_newest_first(
    samples_pipeline: Pipeline, question: str, values: list[str]
) -> None:
    answer = samples_pipeline.answer(question)
    said = [answer.lead.find(f" {value}") for value in values]
    assert min(said) >= 0 and said == sorted(said)
    assert len(answer.sentences) == len(values)


def test_a_figure_of_something_else_is_none(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer("What is the budget of the QALQAN programme?")
    assert "8,450,000" in answer.sentences[0].text and "3,702,450" not in answer.lead


def test_a_question_that_tells_of_which_edition_gets_one_value(samples_pipeline: Pipeline) -> None:
    asked = "Сколько человек обучено в 2024 году по уточнённому отчёту КАЛКАН?"
    answer = samples_pipeline.answer(asked)
    assert "587" in answer.sentences[0].text and "612" not in answer.lead
