"""What an acronym stands for, where a text says so."""

import pytest

from rag.answering.acronyms import expansion_before, expansion_behind
from rag.answering.pipeline import Pipeline


@pytest.mark.parametrize(
    ("text", "name", "language", "words"),
    [
        ("many suspicious transaction reports (STRs) came", "STR", "en", "suspicious transaction"),
        ("The Financial Action Task Force (FATF) is", "FATF", "en", "Financial Action Task Force"),
        ("о подозрительных операциях", "СПО", "ru", None),
        ("сообщений о подозрительных операциях (СПО)", "СПО", "ru", "сообщений о подозрительных"),
        ("некоммерческие организации (НКО)", "НКО", "ru", "некоммерческие организации"),
        ("the Office (FATF) is", "FATF", "en", None),
    ],
)
def test_words_before_an_acronym(text: str, name: str, language: str, words: str | None) -> None:
    span = expansion_before(text, name, language)
    assert (span is None) == (words is None)
    if span is not None and words is not None:
        assert text[slice(*span)].startswith(words)


def test_words_behind_an_acronym() -> None:
    text = "ЕАГ – Евразийская группа по противодействию легализации"
    span = expansion_behind(text, "ЕАГ", "ru")
    assert span is not None and text[slice(*span)] == "Евразийская группа"
    assert expansion_behind("ЕАГ – это группа", "ЕАГ", "ru") is None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does STR stand for?", "suspicious transaction reports (STRs)"),
        ("What does FIU mean?", "financial intelligence units (FIUs)"),
        ("Что означает СПО?", "сообщение о подозрительной операции (СПО)"),
    ],
)
def test_what_an_acronym_stands_for_is_answered(
    samples_pipeline: Pipeline, question: str, said: str
) -> None:
    answer = samples_pipeline.answer(question)
    assert answer.answered and said in answer.sentences[0].text


def test_what_is_spelled_out_nowhere_is_refused(samples_pipeline: Pipeline) -> None:
    assert not samples_pipeline.answer("What does QALQAN stand for?").answered
