"""Figures belong to a year: one of another year is no answer. Shipped model, sample documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoders.onnx_encoder import OnnxEncoder
from index.search.searcher import Searcher
from index.store import IndexStore
from rag.answering.pipeline import Pipeline


@pytest.fixture(scope="module")
def pipeline(encoder: OnnxEncoder, samples_home: Path) -> Iterator[Pipeline]:
    with IndexStore(samples_home).open() as reader:
        yield Pipeline(Searcher(reader, encoder), reader)


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        (
            "How many container manifests did the profiling units examine in 2024?",
            "not about “2024”",
        ),
        ("Сколько сотрудников обучено программой КАЛКАН в 2025 году?", "не к «2025»"),
    ],
)
def test_a_figure_of_another_year_is_refused(
    pipeline: Pipeline, question: str, notice: str
) -> None:
    answer = pipeline.answer(question)
    assert not answer.answered and answer.confidence == 0
    assert notice in answer.notice and answer.related


def test_the_figure_of_the_year_is_given(pipeline: Pipeline) -> None:
    answer = pipeline.answer(
        "How many container manifests did the profiling units examine in 2023?"
    )
    assert answer.answered and "58,214" in answer.sentences[0].text
