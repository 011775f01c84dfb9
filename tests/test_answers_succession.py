"""Who holds an office now, where a newer document tells of a change. Shipped model, samples."""

import pytest

from rag.answering.pipeline import Pipeline


@pytest.mark.parametrize(
    "question",
    [
        "Who is the head of the Chashma border liaison office?",
        "Кто возглавляет пограничный офис связи «Чашма»?",
    ],
)
def test_the_newer_document_comes_first(samples_pipeline: Pipeline, question: str) -> None:
    answer = samples_pipeline.answer(question)
    newer, older = answer.sentences
    assert newer.answer is not None
    assert newer.text[slice(*newer.answer)] == "Captain Rustam Holiqov"
    assert newer.text.startswith("Captain Nilufar Saidova has left the Chashma office")
    assert "head of the Chashma office since March 2023" in older.text
    assert "newer document" in answer.lead or "Более новый документ" in answer.lead


def test_whoever_took_over_may_tell_it(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer("Who is the Team Leader of QALQAN?")
    assert answer.sentences[0].text.startswith("On 1 May 2024 I took over the leadership of QALQAN")
    assert answer.sentences[0].answer is None  # he does not say his name


@pytest.mark.parametrize(
    "question",
    [
        "Who headed the Chashma office in 2023?",
        "Who is the key expert for training?",
        "Кто в КАЛКАН отвечает за риск текучести кадров в ПФР?",
        "Кто национальный координатор в Туркменистане?",
        "When was the Chashma office opened?",
    ],
)
def test_nothing_changed(samples_pipeline: Pipeline, question: str) -> None:
    lead = samples_pipeline.answer(question).lead
    assert "newer document" not in lead and "Более новый" not in lead
