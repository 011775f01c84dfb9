"""Adding, changing and removing documents, generation by generation, with the hashing encoder."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import IndexDamaged, IndexError_, IndexMissing, UsageError
from index.chunking import ChunkOptions
from index.encoders.base import EncoderCard
from index.encoders.hashing import HashingEncoder
from index.naming import telling_names
from index.options import IndexOptions
from index.reader import Reader
from index.store import IndexStore, Writer
from index.types import Encoded, Filter

TOPICS = ["border control", "cash couriers", "training of officers", "terrorist financing"]


class CountingEncoder(HashingEncoder):
    """Counts what it is asked to encode."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode_passages(self, texts, *, tokens=False) -> Encoded:  # type: ignore[no-untyped-def]
        self.seen += texts
        return super().encode_passages(texts, tokens=tokens)


def story(number: int, paragraphs: int = 6) -> str:
    return "\n\n".join(
        f"Document {number} tells in paragraph {n} about {TOPICS[(number + n) % 4]}. "
        f"It names {number * 10 + n} cases and the officer who wrote them down in 20{10 + n}."
        for n in range(paragraphs)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = tmp_path / "documents"
    (documents / "sub").mkdir(parents=True)
    for number in range(4):
        (documents / f"doc{number}.txt").write_text(story(number), "utf-8")
    (documents / "sub" / "отчёт.txt").write_text("Банки сообщили о 12 операциях. " * 9, "utf-8")
    return documents


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "home")


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def writer(store: IndexStore, encoder: CountingEncoder) -> Iterator[Writer]:
    options = IndexOptions(chunking=ChunkOptions(target=40, overlap=10), cache_bytes=0)
    with store.writer(encoder, options) as writer:
        yield writer


def contents(store: IndexStore) -> dict[str, set[str]]:
    """Path -> texts of its chunks, after checking all that a reader can check."""
    with store.open() as reader:
        assert reader.verify() == []
        found: dict[str, set[str]] = {record.path: set() for record in reader.documents()}
        names = {record.id: record.path for record in reader.documents()}
        rows = reader.dense.rows()
        assert reader.terms.rows().tolist() == rows.tolist()
        for chunk in reader.chunks(rows):
            assert chunk.text == reader.text(chunk.document_id)[chunk.start : chunk.end]
            found[names[chunk.document_id]].add(chunk.text)
        return found


def test_add_then_nothing_to_do(store: IndexStore, writer: Writer, folder: Path) -> None:
    with pytest.raises(IndexMissing):
        store.open()
    report = writer.add([folder])
    assert (report.added, report.failed, report.generation) == (5, (), 1)
    assert set(contents(store)) == {*(f"doc{n}.txt" for n in range(4)), "sub/отчёт.txt"}
    again = writer.add([folder])
    assert again.nothing_happened and again.unchanged == 5 and again.generation == 1
    # A file below a folder that is known is the same file, not a second document.
    part = writer.add([folder / "sub", folder / "doc1.txt"])
    assert part.nothing_happened and part.unchanged == 2


def test_only_what_changed_is_encoded(
    writer: Writer, store: IndexStore, folder: Path, encoder: CountingEncoder
) -> None:
    writer.add([folder])
    with store.open() as reader:
        rows = dict(zip((c.text for c in reader.chunks(reader.dense.rows())), reader.dense.rows(),
                        strict=True))  # fmt: skip
    encoder.seen.clear()
    path = folder / "doc2.txt"
    path.write_text(path.read_text("utf-8") + "\n\nA new last paragraph speaks of gold.", "utf-8")
    report = writer.add([folder])
    assert (report.added, report.changed, report.unchanged) == (0, 1, 4)
    assert 1 <= len(encoder.seen) <= 3 and "gold" in "".join(encoder.seen)
    assert any("gold" in text for text in contents(store)["doc2.txt"])
    with store.open() as reader:
        for chunk, row in zip(reader.chunks(reader.dense.rows()), reader.dense.rows(), strict=True):
            if chunk.text in rows and "doc2" not in chunk.document_id:
                assert rows[chunk.text] == row or encoder.seen.count(chunk.text)


def test_a_renamed_file_is_no_new_document(
    writer: Writer, store: IndexStore, folder: Path, encoder: CountingEncoder
) -> None:
    writer.add([folder], label="internal")
    encoder.seen.clear()
    (folder / "doc0.txt").rename(folder / "sub" / "renamed.txt")
    report = writer.add([folder])
    assert (report.added, report.changed, report.moved, report.removed) == (0, 0, 1, 0)
    assert encoder.seen == []
    assert "doc0.txt" not in contents(store) and "sub/renamed.txt" in contents(store)
    with store.open() as reader:
        assert {record.label for record in reader.documents()} == {"internal"}


def test_touching_a_file_changes_nothing(writer: Writer, folder: Path) -> None:
    writer.add([folder])
    os.utime(folder / "doc0.txt")
    assert writer.add([folder]).nothing_happened


def test_same_size_and_time_but_other_content(
    writer: Writer, store: IndexStore, folder: Path
) -> None:
    """A file that was young when it was read is read again, however its time looks."""
    writer.add([folder])
    path = folder / "doc1.txt"
    state = path.stat()
    path.write_text(path.read_text("utf-8").replace("officer", "manager"), "utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert writer.add([folder]).changed == 1
    assert any("manager" in text for text in contents(store)["doc1.txt"])


def test_copies_are_one_document(writer: Writer, store: IndexStore, folder: Path) -> None:
    (folder / "copy.txt").write_bytes((folder / "doc3.txt").read_bytes())
    report = writer.add([folder])
    assert (report.added, report.moved, report.duplicates) == (5, 0, 1)
    assert not report.nothing_happened
    with store.open() as reader:
        record = next(one for one in reader.documents() if one.also)
        assert {record.path, *record.also} == {"copy.txt", "doc3.txt"}
        other = record.also[0]
    assert writer.remove([record.path]).removed == 0
    assert other in contents(store)
    assert writer.remove([other]).removed == 1
    assert other not in contents(store)


def test_a_deleted_copy_is_not_cited_any_more(
    writer: Writer, store: IndexStore, folder: Path
) -> None:
    (folder / "copy.txt").write_bytes((folder / "doc3.txt").read_bytes())
    writer.add([folder])
    (folder / "copy.txt").unlink()
    report = writer.add([folder])
    assert (report.added, report.removed, report.moved) == (0, 0, 1)
    assert "doc3.txt" in contents(store)
    with store.open() as reader:
        assert not any(record.also for record in reader.documents())
    assert writer.add([folder]).nothing_happened
    # Content that has no other place stays until it is removed or followed.
    (folder / "doc0.txt").unlink()
    assert writer.add([folder]).nothing_happened
    assert "doc0.txt" in contents(store)


def test_a_renamed_copy_is_moved(writer: Writer, store: IndexStore, folder: Path) -> None:
    (folder / "copy.txt").write_bytes((folder / "doc3.txt").read_bytes())
    writer.add([folder])
    (folder / "copy.txt").rename(folder / "again.txt")
    report = writer.add([folder])
    assert (report.moved, report.duplicates) == (1, 0)
    with store.open() as reader:
        record = next(one for one in reader.documents() if one.also)
        assert {record.path, *record.also} == {"again.txt", "doc3.txt"}


def test_paths_through_a_loop_give_way_to_real_ones(
    writer: Writer, store: IndexStore, folder: Path
) -> None:
    (folder / "sub" / "up").symlink_to("..")
    looped = [folder / "sub" / "up" / "sub" / "up" / f"doc{n}.txt" for n in range(4)]
    writer.add(looped, label="internal")  # as an index made by an older Kordon
    with store.open() as reader:
        assert {Path(one.root).name for one in reader.documents()} == {"up"}
    report = writer.add([folder])
    assert (report.added, report.moved, report.duplicates) == (1, 4, 0)
    with store.open() as reader:
        assert {Path(one.root) for one in reader.documents()} == {folder}
        assert not any(one.also for one in reader.documents())
        assert sorted(one.label for one in reader.documents()) == ["internal"] * 4 + ["public"]
    assert writer.add([folder]).nothing_happened


@pytest.mark.parametrize("sync", [False, True])
def test_a_folder_that_cannot_be_read_loses_nothing(
    writer: Writer, store: IndexStore, folder: Path, monkeypatch: pytest.MonkeyPatch, sync: bool
) -> None:
    writer.add([folder])
    listed = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        if path.name == "sub":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    def exists(path: Path) -> bool:
        if "sub" in path.parts:
            raise PermissionError(13, "Permission denied")
        return path.is_file() or path.is_dir()

    monkeypatch.setattr(Path, "iterdir", iterdir)
    monkeypatch.setattr(Path, "exists", exists)
    (folder / "new.txt").write_text(story(7), "utf-8")
    report = writer.add([folder], sync=sync)
    assert (report.added, report.removed) == (1, 0)
    assert report.failed == (
        ("sub", "sub cannot be read (Permission denied); check its rights."),
    )  # fmt: skip
    assert "sub/отчёт.txt" in contents(store)
    with pytest.raises(UsageError, match="cannot be read"):
        writer.add([folder / "sub"])


def test_entries_that_fit_no_file_are_told(writer: Writer, folder: Path) -> None:
    (folder / "documents.toml").write_text(
        'label = "restricted"\n["DOC0.TXT"]\nlabel = "restricted"\n'
        '[doc1.txt]\nlabel = "restricted"\n["doc2.tx"]\ntitle = "T"\n'
    )
    (folder / "sub" / "documents.toml").write_text("not TOML at all")
    report = writer.add([folder / "doc3.txt", folder])
    assert report.added == 4 and len(report.notes) == 4
    assert 'documents.toml: "label" is no part of an entry' in report.notes[0]
    assert 'did you mean ["doc0.txt"]?' in report.notes[1]
    assert 'did you mean ["doc2.txt"]?' in report.notes[2]
    assert "is not valid TOML" in report.notes[3]
    ((path, reason),) = report.failed
    assert path == "doc1.txt" and reason.endswith('has no quotes; write ["doc1.txt"].')


def test_a_copy_with_another_label_is_refused(writer: Writer, folder: Path) -> None:
    writer.add([folder])
    copy = folder.parent / "copy.txt"
    copy.write_bytes((folder / "doc3.txt").read_bytes())
    report = writer.add([copy], label="secret")
    assert report.nothing_happened and "same file as doc3.txt" in report.failed[0][1]


def test_broken_files_are_reported_and_the_others_indexed(
    writer: Writer, store: IndexStore, folder: Path
) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of use")
    (folder / "empty.txt").write_bytes(b"")
    report = writer.add([folder])
    assert report.added == 5
    assert sorted(path for path, _ in report.failed) == ["broken.pdf", "empty.txt"]
    (folder / "doc0.txt").write_bytes(b"")
    report = writer.add([folder])
    assert report.nothing_happened and len(report.failed) == 3
    assert "doc0.txt" in contents(store), "what was indexed is not lost"


def test_remove_by_id_path_and_folder(writer: Writer, store: IndexStore, folder: Path) -> None:
    writer.add([folder])
    with store.open() as reader:
        ids = {record.path: record.id for record in reader.documents()}
    assert writer.remove([ids["doc0.txt"], "doc1.txt"]).removed == 2
    assert writer.remove([folder / "sub"]).removed == 1
    assert set(contents(store)) == {"doc2.txt", "doc3.txt"}
    with pytest.raises(UsageError, match=r"no document 'doc1\.txt'"):
        writer.remove(["doc2.txt", "doc1.txt"])
    assert set(contents(store)) == {"doc2.txt", "doc3.txt"}
    live = store.layout.folder(store.generation() or 0)
    left = [path.name for sub in ("documents", "originals") for path in (live / sub).iterdir()]
    assert not any(ids["doc0.txt"] in name for name in left)
    writer.remove(["doc2.txt", "doc3.txt"])
    assert contents(store) == {}


def test_names_tell_every_file_from_all_others() -> None:
    places = [("/x/one", "r.txt"), ("/x/two", "r.txt"), ("/y", "one/r.txt"), ("/y", "alone.txt")]
    assert list(telling_names(places).values()) == [
        "x/one/r.txt",
        "two/r.txt",
        "y/one/r.txt",
        "alone.txt",
    ]
    deep = [("/x/2023/docs", "r.txt"), ("/x/2024/docs", "r.txt"), ("/", "r.txt")]
    assert list(telling_names(deep).values()) == ["2023/docs/r.txt", "2024/docs/r.txt", "/r.txt"]


def test_overrides_and_labels_change_without_encoding(
    writer: Writer, store: IndexStore, folder: Path, encoder: CountingEncoder
) -> None:
    writer.add([folder])
    encoder.seen.clear()
    (folder / "documents.toml").write_text(
        '["doc0.txt"]\ntitle = "Gold"\ndate = "2021-05"\npublisher = "UNODC"\nlabel = "secret"\n'
    )
    report = writer.add([folder])
    assert (report.changed, report.unchanged) == (1, 4) and encoder.seen == []
    with store.open() as reader:
        record = next(one for one in reader.documents() if one.path == "doc0.txt")
        assert (record.title, record.date, record.label) == ("Gold", "2021-05", "secret")
        rows = reader.rows_of(Filter(labels=frozenset({"public"})))
        assert rows is not None
        assert {chunk.label for chunk in reader.chunks(rows)} == {"public"}
        assert not {chunk.document_id for chunk in reader.chunks(rows)} & {record.id}
    # Adding again without a label keeps it; naming one changes it.
    assert writer.add([folder]).nothing_happened
    assert writer.add([folder], label="internal").changed == 5
    assert writer.add([folder]).nothing_happened


def test_filters(writer: Writer, store: IndexStore, folder: Path) -> None:
    (folder / "documents.toml").write_text(
        '["doc0.txt"]\ndate = 2021-05-20\npublisher = "A"\n'
        '["doc1.txt"]\ndate = "2022"\npublisher = "B"\n["doc2.txt"]\ndate = "2023-01"\n'
    )
    writer.add([folder])
    with store.open() as reader:
        names = {record.id: record.path[:4] for record in reader.documents()}

        def of(**limits: object) -> set[str]:
            rows = reader.rows_of(Filter(**limits))  # type: ignore[arg-type]
            assert rows is not None and rows.tolist() == sorted(rows.tolist())
            return {names[chunk.document_id] for chunk in reader.chunks(rows)}

        assert reader.rows_of(Filter()) is None
        assert of(publishers=frozenset({"A", "B"})) == {"doc0", "doc1"}
        assert of(languages=frozenset({"ru"})) == {"sub/"}
        assert of(after="2022-06") == {"doc1", "doc2"}
        assert of(before="2022") == {"doc0", "doc1"}
        assert of(after="2021-05-20", before="2021-05-20") == {"doc0"}
        assert of(documents=frozenset({"unknown"})) == set()
        assert of(formats=frozenset({"pdf"})) == set()
        languages = reader.languages
        for row in reader.dense.rows():
            assert languages[row] == reader.chunks([row])[0].language


def test_sync_follows_a_folder(writer: Writer, store: IndexStore, folder: Path) -> None:
    writer.add([folder])
    (folder / "doc0.txt").unlink()
    (folder / "doc1.txt").rename(folder / "new.txt")
    assert writer.add([folder]).removed == 0
    report = writer.add([folder], sync=True)
    assert (report.removed, report.moved) == (1, 0)
    assert set(contents(store)) == {"new.txt", "doc2.txt", "doc3.txt", "sub/отчёт.txt"}


def test_other_settings_are_refused_with_the_remedy(
    writer: Writer, store: IndexStore, folder: Path
) -> None:
    class Other(HashingEncoder):
        @property
        def card(self) -> EncoderCard:
            return EncoderCard("other", "2", 128, 512)

    writer.add([folder])
    layout, options = store.layout, IndexOptions(chunking=ChunkOptions(target=40, overlap=10))
    with pytest.raises(IndexError_, match=r"model 'hashing'.*'other'.*kordon index rebuild"):
        Writer(layout, Other(), options).add([folder])
    with pytest.raises(IndexError_, match=r"chunking .*target 40.*target 180"):
        Writer(layout, HashingEncoder()).add([folder])
    with store.open() as reader:
        reader.expect(HashingEncoder().card)
        with pytest.raises(IndexError_, match=r"revision '1'.*revision|model 'hashing'"):
            reader.expect(Other().card)


def test_thousand_unchanged_documents_take_under_two_seconds(
    store: IndexStore, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    old = time.time() - 3600
    for number in range(1000):
        path = many / f"{number}.txt"
        path.write_text(f"Document number {number} is about border control in the north.")
        os.utime(path, (old, old))
    with store.writer(HashingEncoder()) as writer:
        assert writer.add([many]).added == 1000
        started = time.monotonic()
        report = writer.add([many])
        assert report.unchanged == 1000
        assert time.monotonic() - started < 2


def test_journal_tells_every_change(writer: Writer, store: IndexStore, folder: Path) -> None:
    writer.add([folder])
    writer.add([folder])
    writer.remove(["doc1.txt"])
    lines = [json.loads(line) for line in store.layout.journal.read_text("utf-8").splitlines()]
    told = [(line["action"], line["before"], line["after"], line["counts"]) for line in lines]
    assert [entry[:3] for entry in told] == [("add", None, 1), ("remove", 1, 2)]
    assert told[0][3]["added"] == 5 and told[1][3]["removed"] == 1
    assert all(line["user"] and line["pid"] == os.getpid() for line in lines)


def test_readers_keep_their_generation(writer: Writer, store: IndexStore, folder: Path) -> None:
    writer.add([folder])
    with store.open() as old:
        for round_ in range(6):
            (folder / "doc0.txt").write_text(story(10 + round_), "utf-8")
            writer.add([folder])
        assert old.generation == 1 and store.generation() == 7
        assert old.verify() == []
        assert any("Document 0 " in chunk.text for chunk in old.chunks(old.dense.rows()))
        assert store.layout.numbers() == [1, 5, 6, 7], "held, and the last three"
    writer.add([folder], label="internal")
    assert store.layout.numbers() == [6, 7, 8]


def test_originals_and_pages_come_back(writer: Writer, store: IndexStore, folder: Path) -> None:
    writer.add([folder])
    with store.open() as reader:
        for record in reader.documents():
            assert reader.source_path(record.id).read_bytes() == (folder / record.path).read_bytes()
            pages = reader.pages(record.id)
            text = reader.text(record.id)
            assert [page.number for page in pages] == list(range(1, record.pages + 1))
            for page in pages:
                assert text[page.start : page.start + len(page.text)] == page.text
                for run in page.runs:
                    clean = page.text[run.clean : run.clean + run.length]
                    assert clean == page.raw[run.raw : run.raw + run.length]
        with pytest.raises(UsageError, match="no document 'x'"):
            reader.document("x")
        with pytest.raises(IndexDamaged, match="not in its"):
            reader.chunks(np.array([99_999]))


def test_a_reader_serves_many_threads(writer: Writer, store: IndexStore, folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    writer.add([folder])
    with store.open() as reader:
        query = HashingEncoder().encode_queries(["cash couriers"]).vectors[0]

        def ask(_: int) -> list[str]:
            rows, _scores = reader.dense.search(query, 5, None)
            return [chunk.id for chunk in reader.chunks(rows)]

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(64)))
        assert all(answer == answers[0] for answer in answers)


def test_reader_refuses_a_damaged_catalogue(
    writer: Writer, store: IndexStore, folder: Path
) -> None:
    writer.add([folder])
    path = store.layout.folder(1) / "catalogue.sqlite"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 8
    path.write_bytes(data)
    with pytest.raises(IndexDamaged, match=r"catalogue\.sqlite of generation 1"):
        Reader(store.layout.folder(1))
