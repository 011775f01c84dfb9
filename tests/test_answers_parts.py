"""Several questions in one message. Shipped model, sample documents."""

import pytest

from rag.answering.followup import resolve
from rag.answering.parts import parts_of
from rag.answering.pipeline import Pipeline


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("What is hawala? And which countries use it?", 2),
        ("How many participants were there in Almaty? And in Osh?", 2),
        ("Кто возглавляет офис «Чашма»? И сколько там сотрудников?", 2),
        ("We write a report. How many officers were trained in 2024? By whom? And in 2023?", 3),
        ("How many officers were trained in 2024?", 1),
        ("Have the machines been delivered yet? If yes, on what date?", 1),
        ("Сколько обучено?? Спасибо!", 1),
        ("Really? How many officers were trained?", 1),
    ],
)
def test_questions_of_a_message(message: str, count: int) -> None:
    parts = parts_of(message)
    assert len(parts) == count and " ".join(parts) == message


def test_each_is_answered_after_the_one_before(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer("How many participants were there in Almaty? And in Osh?")
    texts = [sentence.text for sentence in answer.sentences]
    assert "Participants: 34" in texts[0] and "Место: Ош | Участники: 20" in texts[-1]
    assert answer.lead.startswith("2 questions") and "in Osh?" in answer.notice
    markers = [citation.marker for citation in answer.citations]
    assert markers == [str(at) for at in range(1, len(markers) + 1)]
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        assert sentence.markers == (citation.marker,) and sentence.text == citation.quote


def test_what_got_no_answer_is_named(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer(
        "Какой критерий получил самую низкую оценку? Каково население Марса?"
    )
    assert "Устойчивость" in answer.sentences[0].text
    assert "«Каково население Марса?»" in answer.notice


def test_all_refused_is_a_refusal(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer("What is the colour of the moon? Who is the king of France?")
    assert not answer.answered and not answer.sentences and answer.related


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (
            "Which exercise lasted the longest?",
            "And the shortest?",
            "Which exercise lasted the shortest?",
        ),
        (
            "Which office has the most officers?",
            "the fewest",
            "Which office has the fewest officers?",
        ),
        (
            "В какой стране больше всего женщин?",
            "А меньше всего?",
            "В какой стране меньше всего женщин?",
        ),
        (
            "what documents do we have about hawala?",
            "how many of them are in Russian?",
            "how many of them are in Russian (documents do we have about hawala)?",
        ),
    ],
)
def test_the_other_end_and_those_listed(before: str, question: str, meant: str) -> None:
    assert resolve(question, before) == meant
