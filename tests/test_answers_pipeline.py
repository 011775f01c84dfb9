"""The way from a question to an answer over real samples, with the encoder without weights."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoders.hashing import HashingEncoder
from index.reader import Reader
from index.search.searcher import Searcher
from index.types import Filter
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import Pipeline
from rag.answering.verify import Quote, cite, problems

FILES = (
    "qalqan_newsletter_05_en.pdf",
    "qalqan_newsletter_05_ru.pdf",
    "progress_note_2024_en.md",
    "godovoy_otchet_2024_utochnennyy_ru.docx",
    "pamir_link_newsletter_07_en.eml",
    "uchebnyy_tsentr_khudzhand_ru.txt",
)


@pytest.fixture(scope="module")
def reader(indexed) -> Reader:
    return indexed(*FILES)


@pytest.fixture(scope="module")
def pipeline(reader: Reader) -> Pipeline:
    options = AnswerOptions(answerable_precision=0.0, precision=0.0)  # show whatever is best
    return Pipeline(Searcher(reader, HashingEncoder()), reader, options)


QUESTIONS = (
    "Who led QALQAN before Verhaegen?",
    "Сколько мест в общежитии учебного центра в Худжанде?",
    "What did the Darband laboratory cost?",
    "Кто руководит центром в Худжанде?",
    "When did the liaison officer in Ashgabat resign?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_everything_shown_stands_in_its_source(
    pipeline: Pipeline, reader: Reader, question: str
) -> None:
    answer = pipeline.answer(question)
    assert answer.answered and answer.sentences
    assert not list(problems(answer, reader))
    for citation in answer.citations:
        text = reader.text(citation.document_id)
        assert text[citation.start : citation.end] == citation.quote
        page = reader.pages(citation.document_id)[citation.page - 1]
        assert page.number == citation.page and page.label == citation.page_label
        assert page.start <= citation.start < page.start + len(page.text)


WORDS = (
    "Сколько who Худжанде 2024 QALQAN EUR when офицеров cash Tajikistan центр ФАТФ cost «Тюльпан»"
)


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=9))
def test_no_question_gets_a_quote_that_is_not_there(
    pipeline: Pipeline, reader: Reader, words: list[str]
) -> None:
    question = "which " + " ".join(words)
    assert not list(problems(pipeline.answer(question), reader))


def test_language_of_the_question_is_that_of_lead_and_notice(pipeline: Pipeline) -> None:
    assert pipeline.answer("Сколько сотрудников обучено?").language == "ru"
    assert any("а" <= c <= "я" for c in pipeline.answer("Сколько сотрудников обучено?").lead)
    assert pipeline.answer("How many officers were trained?").lead.isascii()


def test_a_refusal_says_so_and_shows_related_passages(reader: Reader) -> None:
    strict = AnswerOptions(answerable_precision=1.01, related=2)
    answer = Pipeline(Searcher(reader, HashingEncoder()), reader, strict).answer(
        "How many officers were trained in Turkmenbashi-Ville in 1871?"
    )
    assert not answer.answered and not answer.sentences and not answer.citations
    assert len(answer.related) == 2 and answer.lead
    assert "1871" in answer.notice


def test_nothing_to_search_is_a_refusal(pipeline: Pipeline) -> None:
    answer = pipeline.answer("Who led QALQAN?", where=Filter(labels=frozenset(("no such label",))))
    assert not answer.answered and not answer.related and answer.notice


def test_a_changed_quote_is_never_cited(reader: Reader) -> None:
    record = reader.documents()[0]
    text = reader.text(record.id)
    start = next(at for at, character in enumerate(text) if character.isalnum())
    quote = Quote("chunk", record.id, start, start + 40, text[start : start + 40])
    assert cite(reader, quote, "1") is not None
    for at in range(40):
        letter = "x" if quote.text[at] != "x" else "y"
        altered = quote.text[:at] + letter + quote.text[at + 1 :]
        assert cite(reader, replace(quote, text=altered), "1") is None
    assert cite(reader, replace(quote, start=start + 1, end=start + 41), "1") is None
    assert cite(reader, replace(quote, start=-1), "1") is None


def test_questions_about_the_collection_come_from_the_catalogue(
    pipeline: Pipeline, reader: Reader
) -> None:
    newest = pipeline.answer("latest newsletter")
    dates = {record.id: record.date for record in reader.documents()}
    letters = [
        record
        for record in reader.documents()
        if "newsletter" in f"{record.title} {record.path}".lower()
    ]
    assert newest.answerer == "catalogue" and len(newest.citations) == 1
    assert dates[newest.citations[0].document_id] == max(record.date for record in letters)
    every = pipeline.answer("Что у нас есть по Таджикистану?")
    assert every.answered and not list(problems(every, reader))
    shown = [dates[citation.document_id] for citation in every.citations]
    assert shown == sorted(shown, reverse=True)
    none = pipeline.answer("What do we have on Tajikistan after 2050?")
    assert not none.answered


def test_the_catalogue_keeps_to_the_filter(pipeline: Pipeline, reader: Reader) -> None:
    only = reader.documents()[0].id
    answer = pipeline.answer("List all documents", where=Filter(documents=frozenset((only,))))
    assert {citation.document_id for citation in answer.citations} == {only}


def test_a_follow_up_is_shown_as_it_was_understood(pipeline: Pipeline) -> None:
    answer = pipeline.answer("А в 2023 году?", before="Сколько сотрудников обучено в 2024 году?")
    assert "в 2023 году" in answer.notice and answer.question == "А в 2023 году?"
