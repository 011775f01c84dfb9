"""Articles asked for by their number. Shipped model, samples."""

import pytest

from rag.answering.pipeline import Pipeline


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("What does article 7 say?", "1. Недекларирование или недостоверное"),
        ("Что сказано в статье 9?", "Уполномоченный орган предоставляет"),
        ("О чём статья 3 модельного закона?", "1. Письменному декларированию"),
        ("Что сказано в статье 7 о штрафах?", "1. Недекларирование или недостоверное"),
    ],
)
def test_the_text_behind_its_heading_is_quoted(
    samples_pipeline: Pipeline, question: str, opening: str
) -> None:
    answer = samples_pipeline.answer(question)
    assert answer.sentences[0].text.startswith(opening)
    assert "Статья" not in answer.sentences[0].text


@pytest.mark.parametrize(
    "question",
    [
        "What does article 45 say?",
        "What does Article 7 of the Vienna Convention say?",
        "What does article 7 say about drones?",
        "What is the fee for a licence under article 7?",
        "Что сказано в статье 9 о ценах на бензин?",
    ],
)
def test_what_no_such_article_says_is_refused(samples_pipeline: Pipeline, question: str) -> None:
    assert not samples_pipeline.answer(question).answered
