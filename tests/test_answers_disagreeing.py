"""Documents that give different values. Shipped model, sample documents."""

import pytest

from rag.answering.candidates import Candidate
from rag.answering.choose import Choice, differing
from rag.answering.disagreement import Value, shown_values
from rag.answering.grouping import alone
from rag.answering.judge import Missing
from rag.answering.pipeline import Pipeline
from rag.answering.show import lead_and_notice


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


@pytest.mark.parametrize(
    "asked",
    [
        "Сколько сотрудников обучил КАЛКАН в 2023 году?",
        "How many officers did QALQAN train in 2023?",
    ],
)
def test_a_target_is_no_rival_of_what_was_reached(samples_pipeline: Pipeline, asked: str) -> None:
    answer = samples_pipeline.answer(asked)
    assert "341" in answer.sentences[0].text and "1,800" not in answer.lead


def test_a_question_that_tells_of_which_edition_gets_one_value(samples_pipeline: Pipeline) -> None:
    asked = "Сколько человек обучено в 2024 году по уточнённому отчёту КАЛКАН?"
    answer = samples_pipeline.answer(asked)
    assert "587" in answer.sentences[0].text and "612" not in answer.lead


def test_beside_a_caveat_the_best_quote_stays_first_and_both_are_said() -> None:
    old, new = (
        Value(Candidate(at, 0, 0, 3, count), count, ("", False), count, f"2025-0{at + 1}-01")
        for at, count in enumerate(("612", "594"))
    )
    best, other = alone(old.candidate), alone(new.candidate)
    assert differing((old, new), (best,), "answer") == ((new, old), (other, best))
    assert differing((old, new), (best,), "caveat") == ((new, old), (best, other))
    assert differing((old, new), (other,), "caveat") == ((new, old), (other, best))
    third = alone(Candidate(2, 0, 0, 3, "341"))
    assert differing((old, new), (third,), "caveat") == ((), (third,))
    assert differing((), (best,), "answer") == ((), (best,))
    choice = Choice("caveat", (), 0.2, Missing((), ()), None, (new, old))
    lead, notice = lead_and_notice(choice, 2, (), "en")
    assert lead.index("594") < lead.index("612") and "check the quotes" in notice


def test_a_value_is_said_once_in_whatever_words() -> None:
    values = [
        Value(Candidate(at, 0, 0, 3, shown), shown, ("EUR", False), key, "2024-07")
        for at, (shown, key) in enumerate((("EUR 186,500", 1), ("186 500 евро", 1), ("17 900", 2)))
    ]
    assert shown_values(values, "en") == "EUR 186,500 (July 2024), 17 900 (July 2024)"


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("How many criminal cases were opened?", ["139", "137"]),
        (
            "Сколько евро потрачено с начала программы по 31.12.2024?",
            ["3 698 120 евро", "EUR 3,702,450"],
        ),
        ("How many activities are there in the QALQAN plan for 2025?", ["26", "27"]),
    ],
)
def test_the_figures_that_answer_are_those_that_disagree(
    samples_pipeline: Pipeline, question: str, values: list[str]
) -> None:
    answer = samples_pipeline.answer(question)
    assert all(value in answer.lead for value in values), answer.lead
    marked = [one.text[slice(*one.answer)] for one in answer.sentences if one.answer]
    assert marked == values


def test_what_says_the_same_figure_too_does_not_disagree(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer(
        "Сколько материалов по СПО ушло из ПФР в правоохранительные органы?"
    )
    assert "48,730" not in answer.lead
    assert answer.sentences[0].answer is not None
    assert answer.sentences[0].text[slice(*answer.sentences[0].answer)] == "2,916"


@pytest.mark.parametrize(
    "question",
    [
        "How many terrorist financing cases were opened in 2024?",  # "fourteen" and "14"
        "Share of STRs arriving electronically in 2023?",  # 38 per cent is of 2022
        "Каков общий бюджет программы КАЛКАН?",  # "above EUR 10,000" is a limit
        "What share of STRs from banks was returned for correction in 2024?",  # "below 5 %" too
    ],
)
def test_what_speaks_of_something_else_does_not_disagree(
    samples_pipeline: Pipeline, question: str
) -> None:
    lead = samples_pipeline.answer(question).lead
    assert "different values" not in lead and "разные значения" not in lead
