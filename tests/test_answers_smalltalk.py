"""What is no question: greetings, thanks, calls for help."""

import pytest

from rag.answering.pipeline import Pipeline
from rag.answering.smalltalk import is_small_talk


@pytest.mark.parametrize(
    "text",
    [
        "Hello", "hi there!", "Good morning, Kordon", "Thank you very much, bye", "ok thanks",
        "What can you do?", "Hello! What can you do for me?", "help", "Привет", "Добрый день!",
        "Здравствуйте, что вы умеете?", "Спасибо большое", "О чём тебя можно спросить?",
    ],
)  # fmt: skip
def test_small_talk_is_known(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hello, what is hawala?", "Thank you note of Captain Saidova", "Who are you investigating?",
        "Привет, что такое хавала?", "Что ты знаешь о хавале?", "help desk telephone number",
        "Спасибо, а сколько их было?", "test results of the laboratory",
    ],
)  # fmt: skip
def test_questions_are_none(text: str) -> None:
    assert not is_small_talk(text)


@pytest.mark.parametrize(("text", "word"), [("Hello", "22"), ("Что ты умеешь?", "цитатами")])
def test_it_is_told_what_kordon_does(samples_pipeline: Pipeline, text: str, word: str) -> None:
    answer = samples_pipeline.answer(text)
    assert not answer.answered and not answer.related
    assert word in answer.lead
    assert len(samples_pipeline.reader.documents()) == 22
