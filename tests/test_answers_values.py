"""Dates, figures, places and offers are found where they stand, and compared by value."""

import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.places import places_of, table
from rag.answering.candidates import Candidate
from rag.answering.dates import find_dates, iso_in_words
from rag.answering.figures import find_figures
from rag.answering.offers import find_offers
from rag.answering.patterns import names_a_role
from rag.answering.pointed import Pointed, reading_of
from rag.answering.spans import answer_span, fitting_offers


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("on 20th May 2021", (2021, 5, 20)),
        ("this 16th day of May 2005", (2005, 5, 16)),
        ("May 20, 2021", (2021, 5, 20)),
        ("18/05/21", (2021, 5, 18)),
        ("24.10.2013", (2013, 10, 24)),
        ("2021-05-20", (2021, 5, 20)),
        ("20 мая 2021 года", (2021, 5, 20)),
        ("в мае 2021 г.", (2021, 5, 0)),
        ("с 24 октября", (0, 10, 24)),
        ("in 2013", (2013, 0, 0)),
    ],
)
def test_dates(text: str, parts: tuple[int, int, int]) -> None:
    (date,) = find_dates(text)
    assert (date.year, date.month, date.day) == parts


@pytest.mark.parametrize("text", ["may be", "№ 2013", "Article 19.2", "1 234,5"])
def test_no_dates(text: str) -> None:
    assert not find_dates(text)


def test_dates_agree_as_far_as_they_say() -> None:
    exact, month, other = (find_dates(t)[0] for t in ("20 May 2021", "мае 2021", "21 May 2021"))
    assert exact.agrees(month) and not exact.agrees(other)


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("1,234.5 people", "en", "1234.5", "people"),
        ("1 234,5 тенге", "ru", "1234.5", "KZT"),
        ("US$ 1.5 million", "en", "1500000", "USD"),
        ("5 млн долл. США", "ru", "5000000", "USD"),
        ("60 %", "en", "60", "%"),
        ("41,7 процента", "ru", "41.7", "%"),
        ("374kg", "en", "374", "kg"),
    ],
)
def test_figures(text: str, language: str, value: str, unit: str) -> None:
    (figure,) = find_figures(text, language)
    assert figure.value == Decimal(value) and figure.unit == unit


def test_another_digit_is_another_figure() -> None:
    assert find_figures("6 %", "en")[0].value != find_figures("5 %", "en")[0].value


@given(st.text(max_size=200), st.sampled_from(["en", "ru"]))
def test_everything_found_lies_inside_the_text(text: str, language: str) -> None:
    found = [
        *((d.start, d.end) for d in find_dates(text)),
        *((f.start, f.end) for f in find_figures(text, language)),
        *((o.start, o.end) for o in find_offers(text, language)),
    ]
    assert all(0 <= start < end <= len(text) for start, end in found)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("в Казахстане", "KZ"),
        ("из Казахстана", "KZ"),
        ("казахстанские банки", "KZ"),
        ("Tajik officers", "TJ"),
        ("кыргызской стороны", "KG"),
        ("in Dushanbe", "Dushanbe"),
        ("США", "US"),
        ("Российской Федерации", "RU"),
    ],
)
def test_places_in_their_forms(text: str, key: str) -> None:
    language = "ru" if any("а" <= c <= "я" for c in text.lower()) else "en"
    assert [mention.place.key for mention in places_of(text, language)] == [key]


def test_us_is_not_a_country_in_small_letters() -> None:
    assert not places_of("tell us more", "en")


def test_every_place_is_found_by_its_own_names() -> None:
    for place in table().values():
        for language, forms in (("en", place.english), ("ru", place.russian)):
            text = forms[0]
            assert places_of(text, language), text


def test_offers_by_kind() -> None:
    text = "Мемориандум подписал 20 мая 2021 года Иванов Пётр Сергеевич в Алматы за 3 000 евро."
    offers = {offer.kind: text[offer.start : offer.end] for offer in find_offers(text, "ru")}
    assert offers["date"] == "20 мая 2021 года"
    assert offers["person"] == "Иванов Пётр Сергеевич"
    assert offers["place"] == "Алматы"
    assert offers["money"] == "3 000 евро"


def test_the_number_of_a_paragraph_is_no_offer() -> None:
    assert all(offer.kind != "count" for offer in find_offers("1. Обучение сотрудников", "ru"))
    kinds = [offer.kind for offer in find_offers("1. Обучено 40 сотрудников", "ru")]
    assert kinds.count("count") == 1


@pytest.mark.parametrize(
    ("text", "language", "whole"),
    [
        ("Удержали от 10 до 30 процентов дохода.", "ru", "10 до 30 процентов"),
        ("The fee lay between 0.8 and 3.5 per cent.", "en", "0.8 and 3.5 per cent"),
        ("A share of 12–15 % was kept.", "en", "12–15 %"),
        ("The plan has 7 parts and 30 per cent is done.", "en", "30 per cent"),
    ],
)
def test_a_range_is_offered_whole(text: str, language: str, whole: str) -> None:
    found = [text[o.start : o.end] for o in find_offers(text, language) if o.kind == "percent"]
    assert found == [whole]


def test_the_name_of_the_question_in_other_letters_is_not_its_answer() -> None:
    text = "Captain Nilufar Saidova has left the office to Rustam Holiqov."
    asked = "Кто сменил Нилуфар Саидову?"
    said = frozenset((text.index("Nilufar"), text.index("Saidova"), text.index("Captain")))
    offered = [text[o.start : o.end] for o in fitting_offers("person", text, "en", asked, said)]
    assert offered == ["Rustam Holiqov"]
    assert len(fitting_offers("person", text, "en", asked)) == 2


@pytest.mark.parametrize(
    ("iso", "english", "russian"),
    [
        ("2025", "2025", "2025 г."),
        ("2025-03", "March 2025", "март 2025 г."),
        ("2025-03-14", "14 March 2025", "14 марта 2025 г."),
        ("2025-13", "2025-13", "2025-13"),
        ("spring", "spring", "spring"),
        ("", "", ""),
    ],
)
def test_dates_of_documents_in_words(iso: str, english: str, russian: str) -> None:
    assert (iso_in_words(iso, "en"), iso_in_words(iso, "ru")) == (english, russian)


def test_a_role_or_a_subject_is_not_offered_as_who_did_it() -> None:
    text = "The LEICA Project Director met Mr. Sergei Teterukov, from the EAG, about AML, then CFT."
    offers = {(offer.kind, text[offer.start : offer.end]) for offer in find_offers(text, "en")}
    assert ("person", "Mr. Sergei Teterukov") in offers and ("body", "EAG") in offers
    named = {said for kind, said in offers if kind in ("person", "body")}
    assert not named & {"LEICA Project Director", "AML", "CFT"}


@pytest.mark.parametrize(
    ("question", "said", "marked"),
    [
        ("Who is the coordinator of Uzbekistan?", "Uzbekistan", "Jahongir Yusupov"),
        ("Who is the coordinator of Tajikistan?", "Tajikistan", "Zarina Rahimova"),
        ("Who are the coordinators?", "coordinators", None),
    ],
)
def test_the_name_beside_the_place_asked_about_is_marked(
    question: str, said: str, marked: str | None
) -> None:
    text = "The coordinators were Zarina Rahimova (Tajikistan) and Jahongir Yusupov (Uzbekistan)."
    places = np.array([word.span() for word in re.finditer(r"\w+", text)])
    candidate = Candidate(0, 0, 0, len(text), text)
    near = np.zeros(len(places), np.float32)
    span = answer_span(
        "person", candidate, "en", question, near, places, frozenset((text.index(said),))
    )
    assert (span and text[slice(*span)]) == marked


@pytest.mark.parametrize(
    ("question", "text", "language", "told"),
    [
        ("How many were trained in 2024?", "With 341 in 2023 and 594 in 2024.", "en", "594"),
        ("How many were trained in 2023?", "With 341 in 2023 and 594 in 2024.", "en", "341"),
        ("Сколько обучено в 2024 году?", "341 сотрудник в 2023 году, 594 в 2024.", "ru", "594"),
        (
            "Сколько обучено за 2024 год?",
            "With 341 officers trained in 2023, 594 then.",
            "en",
            "594",
        ),
        (
            "How many in 2023?",
            "612 officers were trained by QALQAN in 2024, 341 before.",
            "en",
            "341",
        ),
        ("How many were trained in 2022?", "It trained 341 in 2023.", "en", "341"),
        ("How many were trained?", "With 341 in 2023 and 594 in 2024.", "en", "341"),
    ],
)
def test_of_several_figures_that_of_the_year_asked_of_is_the_answer(
    question: str, text: str, language: str, told: str
) -> None:
    places = np.array([word.span() for word in re.finditer(r"\w+", text)])
    candidate = Candidate(0, 0, 0, len(text), text)
    near = np.zeros(len(places), np.float32)
    span = answer_span("count", candidate, language, question, near, places)
    assert span and text[slice(*span)].split()[0] == told


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("Rules are reviewed at least once every three years.", "en", "once every three years"),
        ("Inspections take place every two years.", "en", "every two years"),
        ("The list is updated twice a year.", "en", "twice a year"),
        ("Сведения обновляются не реже одного раза в год.", "ru", "одного раза в год"),
        ("Тестирование: не реже 1 (одного) раза в 3 (три) года.", "ru", "раза в 3 (три) года"),
        ("Отчёт представляется ежеквартально.", "ru", "ежеквартально"),
    ],
)
def test_how_often_is_offered_whole(text: str, language: str, told: str) -> None:
    found = [text[o.start : o.end] for o in find_offers(text, language) if o.kind == "frequency"]
    assert len(found) == 1 and found[0].endswith(told)
    assert not [o for o in find_offers("It was early in the year.", "en") if o.kind == "frequency"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("hours answer request", ["4 (four) hours"]),
        ("часов ответ запрос", ["4 (four) hours"]),
        ("days answer request", ["two days"]),
        ("long answer request", ["4 (four) hours", "two days"]),
        ("дней или часов", ["4 (four) hours", "two days"]),
    ],
)
def test_length_of_time_is_offered_in_the_unit_asked_for(asked: str, told: list[str]) -> None:
    text = "It answers within 4 (four) hours, and after two days at the latest."
    offers = fitting_offers("duration", text, "en", asked)
    assert [text[offer.start : offer.end] for offer in offers] == told


def test_countries_bodies_and_subjects_are_no_persons() -> None:
    text = (
        "It brought together Azerbaijan, the Russian Federation and the Aga Khan Development "
        "Network on Research and Data Analysis; Mr. Kairat Example opened it."
    )
    persons = [text[o.start : o.end] for o in find_offers(text, "en") if o.kind == "person"]
    assert len(persons) == 1 and "Kairat Example" in persons[0]
    money = "The event was sponsored by the Government of Sweden."
    assert ("body", "Government of Sweden") in {
        (o.kind, money[o.start : o.end]) for o in find_offers(money, "en")
    }


@pytest.mark.parametrize(
    ("text", "language", "law"),
    [
        ("It applies under the Banking Act.", "en", "Banking Act"),
        ("Recommendations 37 to 40 apply.", "en", "Recommendations 37"),
        ("Directive (EU) 2015/849 was repealed.", "en", "Directive (EU) 2015/849"),
        ("Согласно 15 рекомендации ФАТФ", "ru", "15 рекомендации"),
        ("по правилам Закона Республики «О банках»", "ru", "Закона Республики «О банках»"),
    ],
)
def test_a_law_is_found_by_number_and_by_name(text: str, language: str, law: str) -> None:
    offers = [
        text[each.start : each.end] for each in find_offers(text, language) if each.kind == "law"
    ]
    assert law in offers


def test_a_role_may_be_who_is_asked_for() -> None:
    assert names_a_role("the compliance officer reports to the board")
    assert names_a_role("передаётся в уполномоченный орган")
    assert not names_a_role("The rules took effect in spring.")
    assert not names_a_role("Правила вступили в силу весной.")


def test_a_row_gives_the_cell_that_is_asked_for() -> None:
    text = "Component: A Law | Budget, EUR: 1,240,000 | Spent, EUR: 498,200 | Rate, %: 40.2"
    row = Candidate(0, 0, 0, len(text), text)
    near, spans = np.zeros(1, np.float32), np.array([[0, len(text)]], np.int32)
    for cell, wanted in (("Budget", "1,240,000"), ("Spent", "498,200"), ("Rate", "40.2")):
        said = frozenset({text.index(cell)})
        span = answer_span("money", row, "en", f"{cell} of component A?", near, spans, said)
        assert span is not None and text[slice(*span)] == wanted


def test_who_somebody_is_is_nobody_else_s_name() -> None:
    text = "Classes were given by Ann Example, a former prosecutor."
    one = Candidate(0, 0, 0, len(text), text)
    near, spans = np.zeros(1, np.float32), np.array([[0, len(text)]], np.int32)
    assert answer_span("person", one, "en", "Who is Marta Lindqvist?", near, spans) is None
    assert answer_span("person", one, "en", "Who gave classes?", near, spans) is not None


@pytest.mark.parametrize("text", ["It was Letter No. 4 of them.", "See Annex II Part B there."])
def test_what_is_numbered_is_no_person(text: str) -> None:
    assert not [one for one in find_offers(text, "en") if one.kind == "person"]


def test_what_the_reader_points_at_is_marked() -> None:
    text = "Women were 28.1 per cent, below the 30 per cent promised."
    one = Candidate(0, 0, 0, len(text), text)
    near, spans = np.zeros(1, np.float32), np.array([[0, len(text)]], np.int32)
    places = np.array([[11, 15], [36, 38]], np.int32)
    for odds, wanted in (((4.0, -2.0), "28.1 per cent"), ((-2.0, 4.0), "30 per cent")):
        pointed = Pointed(0, np.array(odds, np.float32), places)
        span = answer_span("percent", one, "en", "How many?", near, spans, frozenset(), pointed)
        assert span is not None and text[slice(*span)] == wanted
    assert reading_of((pointed,), 0, 0, 5) is None
    assert reading_of((pointed,), 1, 11, 15) is None
    assert reading_of((pointed,), 0, 11, 15) is pointed
