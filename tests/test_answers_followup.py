"""Follow-up questions: what they leave out is taken from the question before."""

import pytest

from rag.answering.followup import resolve


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (
            "How many took part in Kazakhstan?",
            "And in Tajikistan?",
            "How many took part in Tajikistan?",
        ),
        (
            "Сколько участников было в Казахстане?",
            "А в Таджикистане?",
            "Сколько участников было в Таджикистане?",
        ),
        ("Кого обучили в 2023 году?", "А в 2024 году?", "Кого обучили в 2024 году?"),
        ("Who leads the LEICA project?", "When did it start?", "When did it start (LEICA)?"),
        ("Who leads LEICA?", "What is hawala?", "What is hawala?"),
        (None, "And in Tajikistan?", "And in Tajikistan?"),
    ],
)
def test_follow_ups_take_over_what_they_leave_out(
    before: str | None, question: str, meant: str
) -> None:
    assert resolve(question, before) == meant


BUDGET = "What is the budget of QALQAN?"
TRAINED = "Сколько сотрудников обучено в Казахстане в 2024 году?"
HAWALA = "Что такое хавала?"
SIGNED = "When was the memorandum signed?"


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (SIGNED, "By whom?", "By whom was the memorandum signed?"),
        (SIGNED, "Where exactly?", "Where exactly was the memorandum signed?"),
        ("Когда был подписан меморандум?", "А где?", "где был подписан меморандум?"),
        ("Who leads QALQAN?", "Why?", "Why (QALQAN)?"),
        ("Tell me about the Darband laboratory", "Where?", "Where (Darband laboratory)?"),
    ],
)
def test_a_question_word_alone_takes_the_place_of_the_old_one(
    before: str, question: str, meant: str
) -> None:
    assert resolve(question, before) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (BUDGET, "And of PAMIR-LINK?", "What is the budget of PAMIR-LINK?"),
        ("Какой бюджет у КАЛКАН?", "А у ПАМИР-ЛИНК?", "Какой бюджет у ПАМИР-ЛИНК?"),
        ("Who is Marta Lindqvist?", "And Thomas Verhagen?", "Who is Thomas Verhagen?"),
        (TRAINED, "А женщин?", "Сколько женщин обучено в Казахстане в 2024 году?"),
        (TRAINED, "А в 2023 году?", "Сколько сотрудников обучено в Казахстане в 2023 году?"),
        (
            TRAINED,
            "А сколько в 2023 году?",
            "Сколько сотрудников обучено в Казахстане в 2023 году?",
        ),
        (
            TRAINED,
            "What about Kyrgyzstan?",
            "Сколько сотрудников обучено в Кыргызстане в 2024 году?",
        ),
        ("What happened in 2023?", "In 2024?", "What happened in 2024?"),
        ("О чём рекомендация 15?", "А 16?", "О чём рекомендация 16?"),
        ("What does Article 4 say?", "And Article 7?", "What does Article 7 say?"),
        ("What was done in 2024?", "and the year before?", "What was done in 2023?"),
        ("Какой порог у признака Т-03?", "Т-24?", "Какой порог у признака Т-24?"),
        ("Сколько обращений от банков?", "а от нотариусов", "Сколько обращений от нотариусов?"),
        ("Что запланировано на май 2025?", "а на июнь", "Что запланировано на июнь 2025?"),
        ("Какой порог?", "А в Узбекистане?", "Какой порог (в Узбекистане)?"),
    ],
)
def test_what_changes_is_exchanged(before: str, question: str, meant: str) -> None:
    assert resolve(question, before) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Кто руководит КАЛКАН?", "А кто её финансирует?", "Кто её финансирует (КАЛКАН)?"),
        ("Кто руководит КАЛКАН?", "А кто донор?", "Кто донор (КАЛКАН)?"),
        ("How much did it cost (Darband)?", "а кто её построил?", "Кто её построил (Darband)?"),
        ("What is hawala?", "Is it legal?", "Is it legal (hawala)?"),
        (HAWALA, "А это законно?", "Это законно (хавала)?"),
        (HAWALA, "Приведи пример", "Приведи пример (хавала)?"),
        ("Кто руководит КАЛКАН?", "Подробнее", "Подробнее (КАЛКАН)?"),
        ("Who leads LEICA?", "How many take part?", "How many take part (LEICA)?"),
        (SIGNED, "Where is it kept?", "Where is it kept (memorandum signed)?"),
    ],
)
def test_what_points_back_gets_its_topic(before: str, question: str, meant: str) -> None:
    assert resolve(question, before) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Is it forbidden to carry more than 10,000 dollars?",
        "Is there a fine for late declaration?",
        "How long does it take to declare cash?",
        "А что такое хавала?",
        "And what is hawala?",
        "Кто руководит ПАМИР-ЛИНК?",
        "Tell me about PAMIR-LINK",
        "And now something else: what did the auditors declare ineligible in the 2024 accounts?",
    ],
)
def test_what_stands_alone_is_left_alone(question: str) -> None:
    assert resolve(question, "Who leads QALQAN?") == question


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Who took part in Red Saffron?", "same for Winter Road", "Who took part in Winter Road?"),
        (
            "Сколько обучено в Казахстане?",
            "то же самое по Узбекистану",
            "Сколько обучено по Узбекистану?",
        ),
        ("How much cocaine was seized in 2024?", "heroin?", "How much heroin was seized in 2024?"),
        (
            "How many officers were trained?",
            "in almaty?",
            "How many officers were trained (in almaty)?",
        ),
        (
            "Что показало учение «Зимняя дорога»?",
            "а «Красный шафран»?",
            "Что показало учение «Красный шафран»?",
        ),
        (
            "What was the merit of Red Saffron?",
            "ok now the weakness pls",
            "What was the weakness of Red Saffron?",
        ),
        (
            "Когда прошёл семинар в Ашхабаде?",
            "сколько человек там было",
            "сколько человек там было (семинар в Ашхабаде)?",
        ),
        ("Who led the Osh seminar?", "when did it end", "when did it end (Osh seminar)?"),
        ("Что решил Руководящий комитет?", "кто возражал?", "кто возражал (Руководящий комитет)?"),
        (
            "Кому в Ташкенте передали рабочие станции?",
            "сколько они стоили",
            "сколько они стоили (Ташкенте передали рабочие станции)?",
        ),
    ],
)
def test_ways_of_going_on(before: str, question: str, meant: str) -> None:
    assert resolve(question, before) == meant


@pytest.mark.parametrize(
    "question",
    [
        "And what fee do hawala brokers charge?",
        "А какой штраф по модельному закону за недекларирование наличных?",
    ],
)
def test_a_whole_question_that_begins_with_and_stands_alone(question: str) -> None:
    assert resolve(question, "When was the Darband office opened?") == question
