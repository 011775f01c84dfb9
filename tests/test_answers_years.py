"""Figures belong to a year: one of another year is no answer. Shipped model, sample documents."""

import pytest

from index.analysis.analyzer import Analyzer
from index.search.question import understand
from rag.answering.concepts import concepts_of
from rag.answering.pipeline import Pipeline


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        (
            "How many container manifests did the profiling units examine in 2024?",
            "not about “2024”",
        ),
        ("Сколько сотрудников обучено программой КАЛКАН в 2026 году?", "не к «2026»"),
    ],
)
def test_a_figure_of_another_year_is_refused(
    samples_pipeline: Pipeline, question: str, notice: str
) -> None:
    answer = samples_pipeline.answer(question)
    assert not answer.answered and answer.confidence == 0
    assert notice in answer.notice and answer.related


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
        ("How many prisons were visited in October 2013?", {"October 2013"}),
    ],
)
def test_the_number_of_an_act_is_no_year(question: str, years: set[str]) -> None:
    concepts = concepts_of(understand(question, Analyzer()), {})
    assert {concept.surface for concept in concepts if concept.is_year} == years
