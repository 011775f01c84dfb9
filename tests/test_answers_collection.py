"""Questions about the collection, told from those to what its documents say."""

import json
import time
from datetime import date
from pathlib import Path

import pytest

from index.encoders.registry import open_encoder
from index.types import Filter
from rag.answering.catalogue.documents import fitting_documents
from rag.answering.catalogue.particulars import particulars
from rag.answering.catalogue.plain import asks_plainly, says_so
from rag.answering.catalogue.recognise import about_collection
from rag.answering.catalogue.request import read_request
from rag.answering.catalogue.times import times_of
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import Pipeline

DATA = Path(__file__).parents[1] / "eval" / "data"


@pytest.mark.parametrize(
    ("question", "topic", "after", "before", "sort", "newest"),
    [
        ("What do we have on Tajikistan after 2020?", "Tajikistan", "2021", "", "", False),
        ("Что у нас есть по Кыргызстану до 2019 года?", "Кыргызстану", "", "2018", "", False),
        ("Сколько документов ЕАГ?", "ЕАГ", "", "", "", False),
        ("latest newsletter", "", "", "", "newsletter", True),
        ("latest QALQAN newsletter", "QALQAN", "", "", "newsletter", True),
        ("какие отчёты есть у нас за 2024 год?", "", "2024", "2024", "report", False),
        ("List all newsletters", "", "", "", "newsletter", False),
    ],
)
def test_questions_about_the_collection(
    question: str, topic: str, after: str, before: str, sort: str, newest: bool
) -> None:
    assert asks_plainly(question)
    request = read_request(question)
    assert (request.topic, request.after, request.before) == (topic, after, before)
    assert (request.sort, request.most == 1) == (sort, newest)


@pytest.mark.parametrize(
    "question",
    [
        "How many documents did the evaluators study?",
        "Сколько документов изучила группа?",
        "Which documents must customers show?",
        "What is the latest FATF list of countries?",
        "How many reports lacked the grounds for suspicion?",
    ],
)
def test_questions_to_the_contents_are_left_alone(question: str) -> None:
    assert not asks_plainly(question)


@pytest.mark.parametrize(
    ("question", "topic", "after", "before"),
    [
        ("What do we have on Tajikistan between 2023 and 2024?", "Tajikistan", "2023", "2024"),
        ("Что у нас есть по Таджикистану с 2023 по 2024 год?", "Таджикистану", "2023", "2024"),
        ("Show me everything on Uzbekistan from 2024", "Uzbekistan", "2024", "2024"),
        ("Show me everything on Uzbekistan from 2024 on", "Uzbekistan", "2024", ""),
        ("Что есть по Узбекистану за 2024 год?", "Узбекистану", "2024", "2024"),
        ("What documents mention hawala?", "hawala", "", ""),
        ("В каких документах говорится о хавале?", "хавале", "", ""),
        ("Какие документы есть по Таджикистану?", "Таджикистану", "", ""),
        ("Есть ли у нас документы о НКО?", "НКО", "", ""),
        ("Is there a document about NPOs?", "NPOs", "", ""),
        ("How many documents are from the EAG?", "EAG", "", ""),
        ("Что нового о Туркменистане?", "Туркменистане", "", ""),
        ("Какие отчёты вышли после марта 2025 года?", "", "2025-04", ""),
        ("documents before 2024", "", "", "2023"),
        ("документы за март 2025", "", "2025-03", "2025-03"),
    ],
)
def test_topics_and_times(question: str, topic: str, after: str, before: str) -> None:
    assert asks_plainly(question)
    request = read_request(question)
    assert (request.topic, request.after, request.before) == (topic, after, before)


@pytest.mark.parametrize(
    ("question", "language", "kind", "sort"),
    [
        ("Сколько у нас документов на русском языке?", "ru", "", ""),
        ("How many documents do we have in English?", "en", "", ""),
        ("How many PDF files do we have?", "", "pdf", ""),
        ("Which laws do we have?", "", "", "law"),
        ("Покажи письма", "", "", "letter"),
    ],
)
def test_languages_formats_and_sorts(question: str, language: str, kind: str, sort: str) -> None:
    assert asks_plainly(question)
    request = read_request(question)
    languages = (language,) if language else ()
    assert (request.languages, request.format, request.sort) == (languages, kind, sort)


def test_no_question_of_the_data_sets_is_one_about_the_collection() -> None:
    asked = [
        json.loads(line)["question"]
        for name in ("gold", "choosing", "fitting", "unseen_samples", "natural_questions")
        for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(asked) > 30_000
    assert [question for question in asked if asks_plainly(question)] == []


@pytest.mark.parametrize(
    ("question", "oldest", "most"),
    [
        ("what's the newest document in here", False, 1),
        ("Give me the three latest documents on border liaison offices", False, 3),
        ("Дай последние два выпуска рассылки", False, 2),
        ("Какие у нас самые новые документы?", False, 0),
        ("what is the oldest document you know of", True, 1),
        ("какой самый старый документ про пограничные офисы связи", True, 1),
        ("Please list all the documents by date, oldest first", True, 0),
    ],
)
def test_the_newest_and_the_oldest(question: str, oldest: bool, most: int) -> None:
    assert asks_plainly(question)
    request = read_request(question)
    assert (request.oldest, request.most) == (oldest, most)


@pytest.mark.parametrize(
    ("text", "rest", "after", "before"),
    [
        ("after 14 May 2024", "", "2024-05-15", ""),
        ("до 1 марта 2025 года", "", "", "2025-02-28"),
        ("since January 2024", "", "2024-01", ""),
        ("before January 2024", "", "", "2023-12"),
        ("on cash 2019-2021", "on cash", "2019", "2021"),
        ("с июня по декабрь 2024", "", "2024-06", "2024-12"),
        ("from March 2024 to May 2025", "", "2024-03", "2025-05"),
        ("newer than May 2025", "", "2025-06", ""),
        ("с янв 2024 по фев 2024", "", "2024-01", "2024-02"),
        ("after 29 February 2023", "", "2023-02-29", ""),
        ("on cash", "on cash", "", ""),
    ],
)
def test_limits_of_time(text: str, rest: str, after: str, before: str) -> None:
    told = times_of(text)
    assert (told[0].strip(), *told[1:]) == (rest, after, before)


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("What do we have on Turkmenistan?", "Что у нас есть по Туркменистану?"),
        ("Which documents mention Tajikistan?", "В каких документах говорится о Таджикистане?"),
        ("What do we have about hawala?", "Что у нас есть о хавале?"),
    ],
)
def test_both_languages_find_the_same_documents(
    samples_pipeline: Pipeline, english: str, russian: str
) -> None:
    one, other = samples_pipeline.answer(english), samples_pipeline.answer(russian)
    assert one.answerer == other.answerer == "catalogue"
    assert [each.document_id for each in one.citations] == [
        each.document_id for each in other.citations
    ]


def test_languages_are_those_of_the_documents(samples_pipeline: Pipeline) -> None:
    request = read_request("Сколько у нас документов на русском языке?")
    found = fitting_documents(request, samples_pipeline.searcher, Filter())
    records = samples_pipeline.reader.documents()
    assert {one.id for one in found} == {one.id for one in records if one.language == "ru"}


def test_what_is_not_said_to_be_ours_may_stand_in_the_texts(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer("Which reports were published in 2013?")
    assert answer.answerer == "extractive"
    assert samples_pipeline.answer("What do we have from 2013?").answerer == "catalogue"


def test_documents_from_somebody_are_not_those_that_mention_them(
    samples_pipeline: Pipeline,
) -> None:
    made = samples_pipeline.answer("What documents do we have from PAMIR-LINK?")
    about = samples_pipeline.answer("What documents do we have about PAMIR-LINK?")
    names = {one.id: one.path for one in samples_pipeline.reader.documents()}
    assert all("pamir_link" in names[one.document_id] for one in made.citations)
    assert len(about.citations) > len(made.citations) >= 2


def test_a_document_may_say_what_it_is_in_its_opening(samples_pipeline: Pipeline) -> None:
    records = samples_pipeline.reader.documents()
    minutes = [one for one in records if "протокол" in one.title.lower()]
    request = read_request("Покажи протоколы")
    found = fitting_documents(request, samples_pipeline.searcher, Filter())
    assert {one.id for one in found} == {one.id for one in minutes}


@pytest.mark.parametrize(
    "question",
    [
        f"ПЕРЕЧИСЛИТЕ {'А' * 1_900}, ДОКУМЕНТЫ",
        f"show {'A' * 1_900}! documents",
        f"Сколько документов А{' линии' * 300} !x",
    ],
)
def test_a_long_question_is_read_at_once(question: str) -> None:
    begun = time.perf_counter()
    asks_plainly(question)
    says_so(question)
    read_request(question)
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    "question",
    [
        "Could you check whether we hold the minutes of the fourth meeting?",
        "Do the holdings include an annual report for 2022?",
        "which ones are in russian",
        "Имеется ли в фонде что-либо на таджикском языке?",
        "за какие годы подборка",
        "Просьба перечислить документы о подготовке кадров.",
    ],
)
def test_freely_worded_questions_are_known(samples_pipeline: Pipeline, question: str) -> None:
    assert not asks_plainly(question)
    assert about_collection(question, samples_pipeline.searcher.encoder) in ("yes", "probably")


@pytest.mark.parametrize(
    "question",
    [
        "Каков бюджет каждого компонента?",
        "Which documents must a courier carry?",
        "Какие документы надо приложить к сообщению?",
        "What languages does the hotline speak?",
        "When is the next issue of the newsletter due?",
    ],
)
def test_questions_to_the_contents_with_such_words_are_not(
    samples_pipeline: Pipeline, question: str
) -> None:
    assert about_collection(question, samples_pipeline.searcher.encoder) != "yes"
    assert samples_pipeline.answer(question).answerer == "extractive"


def test_another_encoder_has_the_rules_alone(tmp_path: Path) -> None:
    other = open_encoder("hashing", tmp_path)
    assert about_collection("What do we have on Tajikistan?", other) == "yes"
    assert about_collection("latest newsletter", other) == "if it fits"
    assert about_collection("Do the holdings include an annual report?", other) == "no"


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("In which languages are the documents?", "Languages: "),
        ("Какие форматы у файлов в базе?", "Форматы: "),
        ("Who publishes the documents you have?", "Published by: "),
        ("За какие годы имеются материалы?", "Годы: "),
        ("What kinds of documents do you have?", "By title: "),
    ],
)
def test_what_the_documents_are_like(samples_pipeline: Pipeline, question: str, lead: str) -> None:
    answer = samples_pipeline.answer(question)
    assert answer.answerer == "catalogue" and answer.lead.startswith(lead)


def test_languages_are_counted(samples_pipeline: Pipeline) -> None:
    lead = samples_pipeline.answer("What languages are your documents in?").lead
    records = samples_pipeline.reader.documents()
    for code, name in (("ru", "Russian"), ("en", "English")):
        assert f"{name} ({sum(one.language == code for one in records)})" in lead


@pytest.mark.parametrize(
    ("question", "topic", "hints"),
    [
        (
            "Before the meeting, could you check what we hold on non-profit organisations?",
            "non-profit organisations",
            "meeting check",
        ),
        ("Hello! Is there a carrier's leaflet among your files?", "", "carrier's leaflet"),
        ("Good day. An audit is on Monday. List all documents about hawala please.", "hawala", ""),
        ("памятка для перевозчиков есть у вас?", "", "памятка перевозчиков"),
    ],
)
def test_what_is_picked_out_of_a_free_question(question: str, topic: str, hints: str) -> None:
    request = read_request(question)
    assert (request.topic, request.hints) == (topic, hints)


def test_other_words_count_where_a_title_has_them(samples_pipeline: Pipeline) -> None:
    answer = samples_pipeline.answer(
        "Прошу сообщить, имеется ли у вас справка о поездке в Худжанд."
    )
    (citation,) = answer.citations
    assert "Худжанд" in citation.title
    everything = samples_pipeline.answer("could you list the cookery pamphlets you have")
    assert "cookery" in everything.notice


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("in the first half of 2024", "2024-01", "2024-06"),
        ("за второе полугодие 2024 года", "2024-07", "2024-12"),
        ("первым кварталом 2025 года", "2025-01", "2025-03"),
        ("in the summer of 2024", "2024-06", "2024-08"),
        ("between 1 October 2024 and 31 December 2024", "2024-10-01", "2024-12-31"),
        ("декабрём 2024 года", "2024-12", "2024-12"),
        ("from the 1990s", "1990", "1999"),
        ("from 2023", "2023", "2023"),
        ("from 2023 onwards", "2023", ""),
        ("более раннее, чем 2023 год", "", "2022"),
        ("this year", str(date.today().year), str(date.today().year)),
        ("в прошлом году", str(date.today().year - 1), str(date.today().year - 1)),
    ],
)
def test_more_limits_of_time(text: str, after: str, before: str) -> None:
    assert times_of(text)[1:] == (after, before)


@pytest.mark.parametrize(
    ("question", "all_of_them", "cut"),
    [
        (
            "Which documents do you have?",
            "Documents that fit, newest first: {count}.",
            " Listed here: 3.",
        ),
        (
            "Какие у вас есть документы?",
            "Подходящих документов: {count}, сначала новые.",
            " Из них показано: 3.",
        ),
    ],
)
def test_a_list_that_is_cut_says_so(
    samples_pipeline: Pipeline, question: str, all_of_them: str, cut: str
) -> None:
    count = len(samples_pipeline.reader.documents())
    searcher = samples_pipeline.searcher
    for most, more in ((count, ""), (3, cut)):
        options = AnswerOptions(documents=most)
        answer = Pipeline(searcher, samples_pipeline.reader, options).answer(question)
        assert answer.lead == all_of_them.format(count=count) + more
        assert len(answer.sentences) == most


def test_what_no_text_tells_of_a_document_is_told_by_the_catalogue(
    samples_pipeline: Pipeline,
) -> None:
    answer = samples_pipeline.answer("What is the date of the mid-term evaluation report?")
    assert answer.answerer == "catalogue" and "28 February 2025" in answer.lead
    assert len(answer.citations) == 1


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who published the mid-term evaluation?", "Меридиан Консалтинг"),
        ("Кто автор модельного закона?", "Рабочая группа программы КАЛКАН"),
        ("Когда вышла пятая редакция рекомендаций по подготовке СПО?", None),
        ("Who published the Koran?", None),
        ("When was the Osh office opened?", None),
    ],
)
def test_date_and_publisher_of_what_is_named(
    samples_pipeline: Pipeline, question: str, told: str | None
) -> None:
    found = particulars(question, question, "en", samples_pipeline.searcher, Filter())
    assert (told is None) == (found is None)
    assert found is None or told in found.lead
