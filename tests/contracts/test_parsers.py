"""What every parser of the table keeps, and any parser of somebody else's should."""

import unicodedata
from pathlib import Path

import pytest

from corpus.parsers.base import Line, Part, Row
from corpus.parsers.table import PARSERS, SUFFIXES, parser_of

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
ONE_OF_EACH = {
    name: next(
        file
        for file in sorted(SAMPLES.iterdir(), reverse=True)
        if SUFFIXES.get(file.suffix.lower()) == name
    )
    for name in PARSERS
}


def spans(item: Line | Part | Row) -> list[tuple[int, int]]:
    if isinstance(item, Line):
        return [(item.start, item.end)]
    if isinstance(item, Row):
        return [span for cell in item.cells for span in cell]
    return [piece for piece in item.pieces if not isinstance(piece, str)]


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_a_parser_gives_pages_of_raw_text_whose_items_stand_in_it(name):
    file = ONE_OF_EACH[name]
    parsed = parser_of(name)(file, file.read_bytes())
    assert parsed.format == name
    pages = tuple(parsed.pages)
    assert len(pages) == parsed.count > 0
    for page in pages:
        assert unicodedata.is_normalized("NFC", page.raw)
        assert bool(page.height) == parsed.paged
        for item in page.items:
            for start, end in spans(item):
                assert 0 <= start <= end <= len(page.raw)


def test_every_suffix_has_a_parser_and_every_parser_a_suffix():
    assert set(SUFFIXES.values()) == set(PARSERS)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)


def test_a_third_partys_parser_is_found_by_its_name():
    assert parser_of("corpus.parsers.text:parse") is parser_of("text")
