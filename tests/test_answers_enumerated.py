"""Lists as a whole: rows of tables and items with numbers or semicolons. Shipped model, samples."""

import pytest

from rag.answering.pipeline import Pipeline


def quoted(pipeline: Pipeline, question: str) -> list[str]:
    """The quotes of the answer."""
    return [sentence.text for sentence in pipeline.answer(question).sentences]


def test_rows_of_the_year_asked_of(samples_pipeline: Pipeline) -> None:
    rows = quoted(samples_pipeline, "Which border liaison offices opened in 2023 and when")
    opened = [row for row in rows if row.startswith("Office: ")]
    assert len(opened) == 4
    assert all("2023" in row for row in opened)


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("list the seven lessons of the joint exercises please", [f"{n}. " for n in range(1, 8)]),
        ("Какие недостатки нашли в учебном центре в Худжанде", [f"{n}. " for n in range(1, 5)]),
    ],
)
def test_items_with_numbers(samples_pipeline: Pipeline, question: str, items: list[str]) -> None:
    assert [quote[:3] for quote in quoted(samples_pipeline, question)] == items


def test_parts_that_end_in_a_semicolon_in_one_piece_with_their_lead(
    samples_pipeline: Pipeline,
) -> None:
    quotes = quoted(samples_pipeline, "Which warning signs of an abused charity are there?")
    (whole,) = (quote for quote in quotes if "unable to name a single project" in quote)
    assert whole.splitlines()[0].endswith(":")
    assert sum(line.endswith(";") for line in whole.splitlines()) == 3


def test_rows_of_a_table_without_names_of_cells(samples_pipeline: Pipeline) -> None:
    quotes = quoted(samples_pipeline, "Какие оценки поставлены программе по каждому критерию?")
    assert "Актуальность | 5,6" in quotes and "Устойчивость | 3,2" in quotes


@pytest.mark.parametrize(
    "question",
    [
        "Сколько участников планируется на каждом из основных мероприятий?",
        "budget for each of the main events in 2025",
    ],
)
def test_a_refused_list_is_asked_for_one_row(samples_pipeline: Pipeline, question: str) -> None:
    answer = samples_pipeline.answer(question)
    assert len(answer.sentences) == 7
    assert all("Мероприятие: " in sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(
    "question",
    [
        "How much rent does each border liaison office pay per month?",
        "Сколько судей приедет в Самарканд из каждой страны?",
        "number of notaries connected to electronic reporting, country by country",
        "какую оценку слушатели поставили каждому мероприятию 2025 года?",
    ],
)
def test_what_no_row_tells_is_refused(samples_pipeline: Pipeline, question: str) -> None:
    assert not samples_pipeline.answer(question).answered


def test_rows_that_do_not_tell_of_what_is_counted_are_no_list(samples_pipeline: Pipeline) -> None:
    quotes = quoted(samples_pipeline, "How many kg of drugs did each office seize in 2023?")
    assert not any(quote.startswith("Office: ") for quote in quotes)
