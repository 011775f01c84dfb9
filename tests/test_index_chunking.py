from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import PAGE_SEPARATOR, Block, BlockKind, Document, Page, Run
from index.chunking import ChunkOptions, chunk_document, context_lead
from index.encoders.base import Encoder, EncoderCard
from index.encoders.hashing import HashingEncoder
from index.sentences import sentence_spans
from index.types import Spans

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


class ShortEncoder(HashingEncoder):
    """Reads 64 tokens at most, so that limits are met by short texts."""

    @property
    def card(self) -> EncoderCard:
        return EncoderCard("short", "1", 128, 64, passage_prefix="passage: ")


Piece = tuple[BlockKind, str]


def make(pages: list[list[Piece]], language: str = "en") -> Document:
    """A document from (kind, text) blocks, page by page."""
    made, start = [], 0
    for number, pieces in enumerate(pages, 1):
        text, blocks = "", []
        for kind, piece in pieces:
            text += "\n\n" if text else ""
            level = 1 if kind == "heading" else 0
            blocks.append(Block(kind, len(text), len(text) + len(piece), level))
            text += piece
        runs = (Run(0, 0, len(text)),)
        made.append(
            Page("d" * 16, number, str(number), text, language, start, text, runs, tuple(blocks))
        )
        start += len(text) + len(PAGE_SEPARATOR)
    text = PAGE_SEPARATOR.join(page.text for page in made)
    return Document(
        "d" * 16, "/", "d.md", "markdown", "T", "", "", "public", language, True, text, tuple(made)
    )


def check(document: Document, encoder: Encoder, options: ChunkOptions) -> list[tuple[int, int]]:
    """The invariants that hold for every document; returns the spans."""
    chunks = chunk_document(document, encoder, options)
    covered = np.zeros(len(document.text), bool)
    numbers = {page.number for page in document.pages}
    for chunk in chunks:
        assert chunk.text == document.text[chunk.start : chunk.end]
        assert chunk.text.strip() == chunk.text != ""
        assert set(chunk.pages) <= numbers and chunk.pages
        first = next(page for page in document.pages if page.number == chunk.pages[0])
        assert first.start <= chunk.start < first.start + len(first.text)
        size = len(encoder.token_spans(encoder.card.passage_prefix + chunk.text))
        assert size + 2 <= encoder.card.max_tokens
        covered[chunk.start : chunk.end] = True
    lost = [char for char, kept in zip(document.text, covered, strict=True) if not kept]
    assert not "".join(lost).strip()
    spans = [(chunk.start, chunk.end) for chunk in chunks]
    assert spans == sorted(spans) and len({chunk.id for chunk in chunks}) == len(chunks)
    for (_, end), (start, later) in pairwise(spans):
        assert later > end and start <= end + len(document.text[end:start]) and start >= spans[0][0]
    return spans


words = st.sampled_from(
    [
        "banks",
        "report.",
        "Банки",
        "сообщают.",
        "No.",
        "5",
        "ст.",
        "и;",
        "(see",
        "x)",
        "!",
        "a,b",
        "…",
    ]
)
sentences = st.lists(words, min_size=1, max_size=90).map(" ".join)
kinds: st.SearchStrategy[BlockKind] = st.sampled_from(
    ["paragraph", "heading", "list_item", "table_row", "quote"]
)
pages = st.lists(st.lists(st.tuples(kinds, sentences), max_size=6), min_size=1, max_size=4)


@settings(max_examples=80, deadline=None)
@given(pages, st.integers(8, 60), st.integers(0, 20))
def test_invariants(blocks: list[list[Piece]], target: int, overlap: int) -> None:
    check(make(blocks), ShortEncoder(), ChunkOptions(target=target, overlap=overlap))


def test_no_sentence_is_cut_that_fits() -> None:
    text = " ".join(f"The bank number {n} reported its clients in May." for n in range(60))
    document = make([[("paragraph", text)]])
    spans = check(document, HashingEncoder(), ChunkOptions(target=50, overlap=12))
    starts = {start for start, _ in sentence_spans(text, "en")}
    ends = {end for _, end in sentence_spans(text, "en")}
    assert all(start in starts and end in ends for start, end in spans)
    assert len(spans) > 8
    sizes = [len(HashingEncoder().token_spans(text[start:end])) for start, end in spans]
    assert max(sizes) <= 75 and min(sizes[:-1]) >= 30
    # Neighbours share their edge sentence, and no more than the overlap allows.
    shared = [len(text[later:end].split()) for (_, end), (later, _) in pairwise(spans)]
    assert all(0 < count <= 12 for count in shared)


def test_headings_begin_chunks_and_are_their_path() -> None:
    body = " ".join(f"Rule {n} says that banks keep records of it." for n in range(12))
    document = make(
        [
            [
                ("heading", "Part one"),
                ("paragraph", body),
                ("heading", "Part two"),
                ("paragraph", body),
            ]
        ]
    )
    chunks = chunk_document(document, HashingEncoder(), ChunkOptions(target=60, overlap=20))
    opening = [chunk for chunk in chunks if chunk.text.startswith("Part")]
    assert [chunk.heading for chunk in opening] == ["Part one", "Part two"]
    for chunk in chunks:
        assert not ("Part two" in chunk.text and chunk.heading == "Part one")
    second = next(chunk for chunk in chunks if chunk.heading == "Part two" and chunk not in opening)
    assert context_lead(second.text, second.heading, "Law", "title") == "Law > Part two\n"
    assert context_lead(opening[1].text, "Part two", "", "heading") == ""


def test_table_rows_stay_whole_and_are_not_repeated() -> None:
    rows: list[Piece] = [
        ("table_row", f"Bank {n}. | {n} reports. | EUR {n}.000") for n in range(40)
    ]
    document = make([rows])
    chunks = chunk_document(document, HashingEncoder(), ChunkOptions(target=40, overlap=20))
    together = "\n\n".join(chunk.text for chunk in chunks)
    assert together == "\n\n".join(text for _, text in rows)


def test_a_sentence_longer_than_the_model_reads_is_cut_at_its_joints() -> None:
    text = "; ".join(f"the part number {n} of this very long sentence" for n in range(40)) + "."
    document = make([[("paragraph", text)]])
    chunks = chunk_document(document, ShortEncoder(), ChunkOptions(target=30, overlap=0))
    assert len(chunks) > 3
    assert all(chunk.text.endswith((";", ".")) for chunk in chunks)


def test_language_of_chunks_is_their_own() -> None:
    russian = "Банки обязаны сообщать о подозрительных операциях в подразделение разведки. " * 6
    english = (
        "Banks have to report suspicious transactions to the intelligence unit of the state. " * 6
    )
    document = make([[("paragraph", english)], [("paragraph", russian)]])
    chunks = chunk_document(document, HashingEncoder(), ChunkOptions(target=60, overlap=0))
    assert {chunk.language for chunk in chunks} == {"en", "ru"}
    forced = chunk_document(document, HashingEncoder(), ChunkOptions(60, 0), language="kk")
    assert {chunk.language for chunk in forced} == {"kk"}


def test_nothing_gives_nothing() -> None:
    assert chunk_document(make([[]]), HashingEncoder()) == []


@pytest.mark.shared
def test_real_documents_keep_the_invariants() -> None:
    files = [*sorted((SHARED / "seeds").glob("*.txt")), *sorted((SHARED / "ctaml").glob("un*.md"))]
    if not files:
        pytest.skip("needs ../shared/data")
    for file in files:
        pieces = [piece for piece in file.read_text("utf-8").split("\n\n") if piece.strip()]
        document = make([[("paragraph", piece) for piece in pieces]])
        check(document, HashingEncoder(), ChunkOptions())


def test_token_spans_are_offsets() -> None:
    spans: Spans = HashingEncoder().token_spans("Банк, bank")
    assert spans.tolist() == [[0, 4], [4, 5], [6, 10]]
