"""Reading aids for quotes in the other language, and follow-up questions down to the command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.followup import resolve
from rag.answering.gloss import glosses
from rag.batch import read_line

SPACE = "\u00a0"


def meanings(text: str, language: str, reader: str) -> dict[str, str]:
    return {text[one.start : one.end]: one.meaning for one in glosses(text, language, reader)}


def test_an_english_quote_for_a_russian_reader() -> None:
    text = "On 20th May 2021 the Kyrgyz Republic paid USD 14.3 million and EUR 186,500 to FATF."
    assert meanings(text, "en", "ru") == {
        "20th May 2021": "20 мая 2021 г.",
        "Kyrgyz Republic": "Кыргызстан",
        "USD 14.3 million": "14,3 млн долл. США",
        "EUR 186,500": f"186{SPACE}500 евро",
        "FATF": "ФАТФ",
    }


def test_a_russian_quote_for_an_english_reader() -> None:
    text = "В мае 2021 года Казахстан выделил 24,4 млрд тенге и передал 48 730 сообщений в ПФР."
    found = meanings(text, "ru", "en")
    assert found["мае 2021 года"] == "May 2021" and found["Казахстан"] == "Kazakhstan"
    assert found["24,4 млрд тенге"] == "KZT 24.4 billion" and found["48 730"] == "48,730"
    assert found["ПФР"] == "FIU"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_is_glossed_in_the_readers_own_language(language: str) -> None:
    assert glosses("20 May 2021, 20 мая 2021 года, FATF, ФАТФ", language, language) == ()


PIECES = (
    *("20 May 2021", "в мае 2021 г.", "EUR 186,500", "186 500 евро", "FATF", "ПФР"),
    *("Tajikistan", "Казахстане", "48,730", "и", "the", "№ 14", "5 %"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["en", "ru"]))
def test_glosses_stand_in_order_and_apart(pieces: list[str], language: str) -> None:
    text = " ".join(pieces)
    found = glosses(text, language, "ru" if language == "en" else "en")
    ends = [0, *(one.end for one in found)]
    assert all(
        end <= one.start < one.end <= len(text) for end, one in zip(ends, found, strict=False)
    )
    assert all(one.meaning for one in found) and len(found) <= 8


def test_a_line_of_a_batch_may_name_the_question_before() -> None:
    line = read_line(3, b'{"id": 1, "question": "And in 2023?", "before": "How many in 2024?"}')
    assert line.before == "How many in 2024?" and not line.error
    assert read_line(3, b'{"question": "And?"}').before is None
    assert "before" in read_line(3, b'{"question": "And?", "before": 5}').error


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        (
            "And in Tashkent?",
            "How many women took part in the Ashgabat event?",
            "How many women took part in the Tashkent event?",
        ),
        (
            "And in Tajikistan?",
            "How many officers were trained in Kazakhstan?",
            "How many officers were trained in Tajikistan?",
        ),
        (
            "А с Таджикистаном?",
            "Сколько участников было на семинаре с Казахстаном?",
            "Сколько участников было на семинаре с Таджикистаном?",
        ),
    ],
)
def test_a_place_is_exchanged_with_or_without_its_preposition(
    question: str, before: str, meant: str
) -> None:
    assert resolve(question, before) == meant
