"""Passages in the order of their best sentences. Shipped model, sample documents."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoders.hashing import HashingEncoder
from index.search.found import Found, rescored
from index.search.searcher import Searcher
from index.search.settings import SearchSettings
from index.stores.base import Scores
from index.types import Hit, LegName
from rag.answering.by_sentence import BySentence, by_sentence
from rag.answering.fitting.gold import holds, read_gold
from rag.answering.pipeline import Pipeline
from rag.ui.i18n import Translator
from rag.ui.search_reasons import reasons

GOLD = Path(__file__).parents[1] / "eval" / "data" / "gold.jsonl"


class Last:
    """Prefers what was last; says nothing else."""

    leg: LegName = "sentence"

    def __init__(self, depth: int) -> None:
        self.depth = depth

    def scores(self, found: Found) -> tuple[Scores, Scores]:
        own = np.arange(len(found.hits), dtype=np.float32)
        return own, -own


@pytest.fixture(scope="module")
def searcher(samples_pipeline: Pipeline) -> Searcher:
    return samples_pipeline.searcher


@pytest.fixture(scope="module")
def order(searcher: Searcher) -> BySentence:
    made = by_sentence(searcher)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What is the fine for not declaring cash?", "влечёт штраф"),
        ("Какой штраф за недекларирование наличных?", "влечёт штраф"),
    ],
)
def test_the_passage_with_the_sentence_asked_for_is_first(
    searcher: Searcher, order: BySentence, question: str, said: str
) -> None:
    assert said in searcher.find(question, 10, rescorer=order).hits[0].chunk.text


def test_more_passages_with_the_answer_are_first(searcher: Searcher, order: BySentence) -> None:
    plain, ordered = [], []
    for gold in (one for one in read_gold(GOLD, "dev") if one.answers):

        def right(hits: Sequence[Hit], gold: object = gold) -> bool:
            name = Path(searcher.reader.document(hits[0].chunk.document_id).path).name
            return holds(gold, name, hits[0].chunk.text)  # type: ignore[arg-type]

        plain.append(right(searcher.search(gold.question, 1)))
        ordered.append(right(searcher.find(gold.question, 1, rescorer=order).hits))
    assert len(plain) > 50
    assert sum(ordered) >= sum(plain) + 3


def test_what_each_hit_says_fits_its_place(searcher: Searcher, order: BySentence) -> None:
    hits = searcher.find("Кто обучает пограничников?", 40, rescorer=order).hits
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    own = [hit.evidence[-1] for hit in hits[: order.depth]]
    assert {one.leg for one in own} == {"sentence"}
    assert [one.score for one in sorted(own, key=lambda one: one.rank)] == sorted(
        (one.score for one in own), reverse=True
    )
    assert all(hit.evidence[-1].leg != "sentence" for hit in hits[order.depth :])


def test_few_hits_come_from_the_whole_depth(searcher: Searcher, order: BySentence) -> None:
    question = "What is the fine for not declaring cash?"
    many = searcher.find(question, 24, rescorer=order).hits
    few = searcher.find(question, 3, rescorer=order).hits
    assert [hit.chunk.id for hit in few] == [hit.chunk.id for hit in many[:3]]
    assert not searcher.find(question, 0, rescorer=order).hits


def test_it_can_be_switched_off_and_needs_what_it_was_fitted_to(searcher: Searcher) -> None:
    off = Searcher(searcher.reader, searcher.encoder, SearchSettings(by_sentence=0))
    assert by_sentence(off) is None
    assert by_sentence(Searcher(searcher.reader, HashingEncoder())) is None
    assert (
        by_sentence(Searcher(searcher.reader, searcher.encoder, SearchSettings(late=False))) is None
    )


def test_hits_that_are_not_scored_stay_behind(searcher: Searcher) -> None:
    found = searcher.find("hawala", 6)
    again = rescored(found, Last(4))
    ids = [hit.chunk.id for hit in found.hits]
    assert [hit.chunk.id for hit in again.hits] == [*reversed(ids[:4]), *ids[4:]]
    assert again.rows.tolist() == [*reversed(found.rows.tolist()[:4]), *found.rows.tolist()[4:]]
    assert [hit.rank for hit in again.hits] == [1, 2, 3, 4, 5, 6]
    scores = [hit.score for hit in again.hits]
    assert scores == sorted(scores, reverse=True)
    assert [hit.evidence[-1].rank for hit in again.hits[:4]] == [4, 3, 2, 1]
    assert rescored(found.first(0), Last(4)).hits == ()


def test_the_page_says_so(searcher: Searcher, order: BySentence) -> None:
    best = searcher.find("What is the fine for not declaring cash?", 5, rescorer=order).hits[0]
    assert any("its best sentence: no. 1" in one for one in reasons(best, Translator("en")))
    assert any("по лучшему предложению — 1" in one for one in reasons(best, Translator("ru")))
