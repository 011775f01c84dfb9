"""What a whole document is about counts on every page of it (`index.search.subjects`)."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.encoders.hashing import HashingEncoder
from index.reader import Reader
from index.search.searcher import Searcher
from index.search.settings import SearchSettings
from index.search.subjects import Subjects
from index.store import IndexStore

COUNTRIES = {"kz_law": ("Kazakhstan", "five"), "no_law": ("Norway", "nine")}
SECTIONS = 12


def law(country: str, days: str) -> str:
    """A law that names its country in its title and its first section only."""
    sections = [
        f"## Section {number}\n\nThe authority of part {number} keeps its register for the "
        f"customs posts, the ports and the dry ports of region {number}. "
        + "It is open to the posts on working days. "
        * 20
        for number in range(1, SECTIONS + 1)
    ]
    sections[0] += f" This is the law of {country}."
    sections[8] += f"\n\nThe officer returns the cash declaration within {days} days."
    return f"# Law of {country} on the control of cash\n\n" + "\n\n".join(sections)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("laws")
    for name, (country, days) in COUNTRIES.items():
        (folder / f"{name}.md").write_text(law(country, days), encoding="utf-8")
    store = IndexStore(tmp_path_factory.mktemp("home"))
    with store.writer(HashingEncoder()) as writer:
        writer.add([folder])
    with store.open() as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("Within how many days does the officer return the cash declaration in Norway?", "nine"),
        ("Within how many days is the declaration returned in Kazakhstan by the officer?", "five"),
        ("How soon does a Kazakh officer return the cash declaration?", "five"),
        ("Does the officer return the cash declaration within days in Норвегия?", "nine"),
    ],
)
def test_page_that_does_not_repeat_the_country_is_found_first(
    reader: Reader, question: str, days: str
) -> None:
    best = Searcher(reader, HashingEncoder()).search(question, 1)[0]
    assert f"within {days} days" in best.chunk.text
    (subject,) = [each for each in best.evidence if each.leg == "subject"]
    assert subject.rank == 1 and subject.score > 0 and subject.terms


def test_it_is_the_documents_that_decide_and_not_luck(reader: Reader) -> None:
    questions = (
        "Within how many days is the declaration returned in Kazakhstan by the officer?",
        "Within how many days is the declaration returned in Norway by the officer?",
    )
    blind = Searcher(reader, HashingEncoder(), SearchSettings(subject_weight=0.0))
    seen = Searcher(reader, HashingEncoder())

    def told(searcher: Searcher) -> list[str]:
        found = [searcher.search(each, 20) for each in questions]
        return [next(h.chunk.text for h in hits if "within" in h.chunk.text) for hits in found]

    assert told(blind)[0] == told(blind)[1]  # the pages are alike but for the number
    assert "within five" in told(seen)[0] and "within nine" in told(seen)[1]


def test_question_that_names_nothing_and_fits_no_title_prefers_no_document(reader: Reader) -> None:
    searcher = Searcher(reader, HashingEncoder())
    query = searcher.understand("When is the register open?")
    subjects = Subjects(query, reader, reader.columns.rows)
    assert not subjects.about.any() and subjects.evidence(0) == ()
    names = searcher.understand("What is open in Kazakhstan?")
    both = Subjects(names, reader, reader.columns.rows)
    assert 0 < both.about.max() <= 1.5 and both.about.dtype == np.float32
    shares = both.spread["Kazakhstan"]
    paths = {record.id: Path(record.path).stem for record in reader.documents()}
    assert {paths[key] for key, share in shares.items() if share} == {"kz_law"}
