"""Filters come before scoring: what is found under one equals exact search over what it allows."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.analyzer import Analyzer
from index.encoders.hashing import HashingEncoder
from index.filtering import allows
from index.reader import Reader
from index.search.lexical import lexical_leg
from index.search.searcher import Searcher
from index.store import IndexStore
from index.types import Filter

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
QUESTIONS = ("How many officers were trained?", "Сколько сообщений о подозрительных операциях?")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    store = IndexStore(tmp_path_factory.mktemp("filters"))
    with store.writer(HashingEncoder()) as writer:
        writer.add([SAMPLES])
    return store.open()


def some(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(set(values))), max_size=2)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_filter_equals_exact_search(reader: Reader, data: st.DataObject) -> None:
    records = reader.documents()
    where = Filter(
        languages=data.draw(some(["en", "ru"])),
        documents=data.draw(some([record.id for record in records])),
        publishers=data.draw(some([record.publisher for record in records])),
        labels=data.draw(some([record.label for record in records])),
        formats=data.draw(some([record.format for record in records])),
        after=data.draw(st.sampled_from(["", "2023", "2024-06-01"])),
        before=data.draw(st.sampled_from(["", "2024", "2025-01-31"])),
    )
    question = data.draw(st.sampled_from(QUESTIONS))
    rows = np.asarray(reader.dense.rows())
    right = {record.id for record in records if allows(where, record)}
    inside = [
        row
        for row, chunk in zip(rows.tolist(), reader.chunks(rows), strict=True)
        if chunk.document_id in right and (not where.languages or chunk.language in where.languages)
    ]
    searcher = Searcher(reader, HashingEncoder())
    everything = searcher.find(question, 10_000, where=where)
    assert sorted(everything.rows.tolist()) == sorted(inside)
    few, more = (searcher.find(question, k, where=where).rows.tolist() for k in (5, 20))
    assert few == more[:5] and set(more) <= set(inside)
    allowed = reader.rows_of(where)
    vector = searcher.encode(question).vectors[0]
    exact = reader.dense.vectors(np.array(inside, np.int64)) @ vector
    best = reader.dense.search(vector, 10, allowed)[1]
    assert np.allclose(best, np.sort(exact)[::-1][:10], atol=1e-5)


def test_words_under_a_filter_equal_words_everywhere(reader: Reader) -> None:
    searcher = Searcher(reader, HashingEncoder())
    leg = lexical_leg(reader.terms, searcher.understand(QUESTIONS[0]), 100)
    rows, scores = reader.terms.search(leg.terms, 10_000, None)
    known = dict(zip(rows.tolist(), scores.tolist(), strict=True))
    allowed = np.asarray(reader.rows_of(Filter(languages=frozenset({"ru"}))))
    for row, score in zip(*reader.terms.search(leg.terms, 10_000, allowed), strict=True):
        assert known[int(row)] == pytest.approx(float(score), rel=1e-5)


def test_wordings_are_those_of_the_whole_analysis(reader: Reader) -> None:
    """The quick look for words finds what the analysis finds."""
    analyzer = Analyzer()
    for chunk in reader.chunks(np.asarray(reader.dense.rows())[:40]):
        whole: dict[str, str] = {}
        for term in analyzer.analyse(chunk.text, chunk.language):
            whole.setdefault(term.term, chunk.text[term.start : term.end])
        numbers = {term for term in whole if term[:1] in "#@="}
        assert analyzer.wordings(chunk.text, chunk.language, set(whole)) == whole
        for number in numbers:
            assert number in analyzer.wordings(chunk.text, chunk.language, {number}), number
        words = set(list(whole)[::3]) - numbers
        found = analyzer.wordings(chunk.text, chunk.language, words)
        assert set(found) <= words
        assert len(words) - len(found) <= 0.1 * len(words) + 1  # words inside dates and codes
