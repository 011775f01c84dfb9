"""Hits that say the same are marked: near-duplicates and parallel versions, nothing else."""

from pathlib import Path

import numpy as np
import pytest

from index.encoders.base import Encoder
from index.encoders.registry import open_encoder
from index.reader import Reader
from index.search.searcher import Searcher
from index.search.twins import grouped, versions
from index.store import IndexStore
from index.types import Filter

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
COPY = """# Border liaison

The Qalqan programme opened a border liaison office in Osh in May 2022 and another one in Batken
in the autumn of the same year. Both offices are staffed by two officers of each service, who
exchange information on vehicles and cargo every morning and report to the coordination board.
"""


@pytest.fixture(scope="module")
def encoder(model_home: Path) -> Encoder:
    return open_encoder("default", model_home / "models")


@pytest.fixture(scope="module")
def reader(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A parallel pair, two reports that differ in their figures, and a copy with a new title."""
    folder = tmp_path_factory.mktemp("twins")
    chosen = ("qalqan_newsletter_05_en.pdf", "qalqan_newsletter_05_ru.pdf")
    chosen += ("godovoy_otchet_2024_utochnennyy_ru.docx", "qalqan_annual_report_2024_final_en.pdf")
    paths = [SAMPLES / name for name in (*chosen, "pamir_link_bulletin_03_en.pdf")]
    (folder / "one.md").write_text(COPY, "utf-8")
    (folder / "two.md").write_text(
        COPY.replace("# Border liaison", "# A note, sent again"), "utf-8"
    )
    store = IndexStore(folder / "home")
    with store.writer(encoder) as writer:
        assert not writer.add([*paths, folder / "one.md", folder / "two.md"]).failed
    return store.open()


def test_parallel_passages_are_marked_and_grouped(reader: Reader, encoder: Encoder) -> None:
    searcher = Searcher(reader, encoder)
    paths = {record.id: record.path for record in reader.documents()}
    pair = {one.id for one in reader.documents() if "newsletter_05" in one.path}
    seen = 0
    for chunk in reader.chunks(np.asarray(reader.rows_of(Filter(documents=frozenset(pair))))):
        hits = searcher.search(chunk.text[:300], 8)
        for first, others in grouped(hits):
            for other in others:
                both = {paths[first.chunk.document_id], paths[other.chunk.document_id]}
                assert "newsletter_05" in " ".join(both), both
                assert first.chunk.language != other.chunk.language and first.rank < other.rank
                seen += 1
    assert seen >= 8
    assert {first.rank for first, _ in grouped(hits)} | {
        other.rank for _, others in grouped(hits) for other in others
    } == {hit.rank for hit in hits}


def test_a_copy_is_a_near_duplicate(reader: Reader, encoder: Encoder) -> None:
    hits = Searcher(reader, encoder).search("Where was a border liaison office opened in 2022?", 5)
    copies = [hit for hit in hits if "every morning and report" in hit.chunk.text]
    assert len(copies) == 2
    assert copies[1].same_as == copies[0].rank and copies[0].same_as is None


def test_reports_that_differ_in_figures_are_not_twins(reader: Reader, encoder: Encoder) -> None:
    paths = {record.id: record.path for record in reader.documents()}
    hits = Searcher(reader, encoder).search("annual report 2024: officers trained, budget", 12)
    reports = [hit for hit in hits if "2024" in paths[hit.chunk.document_id]]
    assert len({hit.chunk.document_id for hit in reports}) == 2
    assert all(hit.same_as is None for hit in reports)


def test_versions_need_likeness_and_order() -> None:
    chance = np.random.default_rng(0)
    one = chance.normal(size=(12, 64)).astype(np.float32)
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    near = one + 0.1 * chance.normal(size=one.shape).astype(np.float32)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    assert versions(one, near)
    assert not versions(one, near[chance.permutation(12)])
    assert not versions(one, chance.normal(size=(12, 64)).astype(np.float32) / 8)
    assert not versions(one, one[:0])
