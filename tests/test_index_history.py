"""Generations kept, gone back to, cleared, moved, repaired and rebuilt."""

import io
import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import (
    IndexDamaged,
    IndexError_,
    IndexLocked,
    IndexMissing,
    KordonError,
    ModelError,
    UsageError,
)
from index.chunking import ChunkOptions
from index.encoders.base import EncoderCard
from index.encoders.hashing import HashingEncoder
from index.options import IndexOptions
from index.reader import Reader
from index.records import ChangeReport
from index.store import IndexStore, Writer
from index.watch import Watcher

OPTIONS = IndexOptions(chunking=ChunkOptions(target=40, overlap=10))


class OtherEncoder(HashingEncoder):
    @property
    def card(self) -> EncoderCard:
        return EncoderCard("other", "1", 128, 512)


def story(number: int, paragraphs: int = 5) -> str:
    return "\n\n".join(
        f"Story {number} tells in part {n} of a courier with {number * 7 + n} parcels. "
        f"The customs officer found them at border post {number + n} in the morning."
        for n in range(paragraphs)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = tmp_path / "documents"
    documents.mkdir()
    for number in range(3):
        (documents / f"doc{number}.txt").write_text(story(number), "utf-8")
    return documents


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Iterator[IndexStore]:
    """Three generations: three documents, four, then two."""
    store = IndexStore(tmp_path / "home")
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        writer.add([folder])
        (folder / "doc3.txt").write_text(story(3), "utf-8")
        writer.add([folder])
        writer.remove(["doc0.txt", "doc1.txt"])
    yield store


def names(store: IndexStore) -> set[str]:
    with store.open() as reader:
        assert reader.verify() == []
        return {record.path for record in reader.documents()}


def flip(path: Path, at: int | None = None) -> bytes:
    """Flip one bit; returns what was there. The file's other names see the same."""
    data = path.read_bytes()
    changed = bytearray(data)
    changed[len(data) // 2 if at is None else at] ^= 4
    path.write_bytes(changed)
    return data


def test_history_and_rollback(store: IndexStore, folder: Path) -> None:
    kept = store.history()
    assert [(one.number, one.live, one.documents) for one in kept] == [
        (1, False, 3), (2, False, 4), (3, True, 2)]  # fmt: skip
    assert store.rollback() == 2
    assert names(store) == {f"doc{n}.txt" for n in range(4)}
    assert store.rollback(1) == 1 and len(names(store)) == 3
    assert store.rollback(3) == 3 and names(store) == {"doc2.txt", "doc3.txt"}
    with pytest.raises(UsageError, match="live one already"):
        store.rollback(3)
    with pytest.raises(IndexMissing, match="kordon index history"):
        store.rollback(9)
    # The next change after going back builds on what is live, under a new number.
    store.rollback(1)
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        report = writer.add([folder])
    assert (report.added, report.unchanged, report.generation) == (1, 3, 4)
    actions = [(entry.action, entry.before, entry.after) for entry in store.journal()]
    assert actions == [
        ("add", None, 1), ("add", 1, 2), ("remove", 2, 3), ("rollback", 3, 2), ("rollback", 2, 1),
        ("rollback", 1, 3), ("rollback", 3, 1), ("add", 1, 4)]  # fmt: skip


def test_gc_now_leaves_no_trace_of_removed_documents(store: IndexStore, tmp_path: Path) -> None:
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        secret = tmp_path / "secret.txt"
        secret.write_text("Zanzibarium is the secret word of the zanzibarium report. " * 5)
        writer.add([secret])
        writer.remove(["secret.txt"])
    everything = b"".join(
        path.read_bytes() for path in store.layout.root.rglob("*") if path.is_file()
    )
    assert b"anzibarium" in everything
    done = store.gc(now=True)
    assert done.held == () and done.freed > 0 and done.generation is not None
    assert store.layout.numbers() == [done.generation]
    assert names(store) == {"doc2.txt", "doc3.txt"}
    for path in store.layout.root.rglob("*"):
        assert not path.is_file() or b"anzibarium" not in path.read_bytes(), path


def test_a_number_is_never_used_twice(store: IndexStore, folder: Path) -> None:
    """A reader that knows generation 2 must not take another one for it."""
    store.rollback(1)
    assert store.gc(now=True).removed == (2, 3)
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        assert writer.add([folder]).generation == 4


def test_gc_spares_what_is_read(store: IndexStore) -> None:
    reader = Reader(store.layout.folder(1))
    done = store.gc(now=True)
    assert done.held == (1,)
    assert reader.verify() == []
    reader.close()
    assert store.gc(now=True).removed == (1,)


def test_one_writer_at_a_time(store: IndexStore) -> None:
    with store.writer(HashingEncoder(), OPTIONS):
        with pytest.raises(IndexLocked, match=r"Process \d+ of .* has been changing the index"):
            store.writer(HashingEncoder(), OPTIONS).__enter__()
        with pytest.raises(IndexLocked):
            store.rollback(1)
    with store.writer(HashingEncoder(), OPTIONS):
        pass


def test_rebuild_with_other_chunking_and_other_model(store: IndexStore) -> None:
    options = IndexOptions(chunking=ChunkOptions(target=80, overlap=0))
    with store.open() as reader:
        before = len(reader.dense.rows())
        queries = HashingEncoder().encode_queries(["customs officer"])
    with store.writer(HashingEncoder(), options) as writer:
        assert writer.rebuild().generation == 4
    with store.open() as reader:
        assert reader.verify() == [] and reader.card.chunking.target == 80
        assert len(reader.dense.rows()) < before
        assert len(reader.dense.search(queries.vectors[0], 3, None)[0]) == 3
    with store.writer(OtherEncoder(), options) as writer:
        with pytest.raises(IndexError_, match="not good enough"):
            writer.rebuild(gate=lambda reader: "not good enough" if reader.documents() else "")
        assert store.generation() == 4
        assert writer.rebuild(gate=lambda reader: "").generation == 5
        assert writer.rebuild(reread=True).generation == 6
    with store.open() as reader:
        assert reader.card.encoder.name == "other" and reader.verify() == []
        for record in reader.documents():
            assert reader.source_path(record.id).is_file()


def test_an_empty_index_takes_new_settings(store: IndexStore, folder: Path) -> None:
    options = IndexOptions(chunking=ChunkOptions(target=80, overlap=0))
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        writer.remove(["doc2.txt", "doc3.txt"])
    with store.writer(HashingEncoder(), options) as writer:
        writer.rebuild()
        assert writer.add([folder]).added == 4


def test_a_rebuild_equals_a_fresh_index(store: IndexStore, folder: Path, tmp_path: Path) -> None:
    options = IndexOptions(chunking=ChunkOptions(target=60, overlap=20))
    with store.writer(HashingEncoder(), options) as writer:
        writer.rebuild(reread=True)
    for name in ("doc0.txt", "doc1.txt"):
        (folder / name).unlink()
    fresh = IndexStore(tmp_path / "fresh")
    with fresh.writer(HashingEncoder(), options) as writer:
        writer.add([folder])
    assert snapshot(store) == snapshot(fresh)


def snapshot(store: IndexStore) -> dict[str, tuple[str, str, bytes]]:
    """Chunk id -> path, text, vector."""
    with store.open() as reader:
        names = {record.id: record.path for record in reader.documents()}
        rows = reader.dense.rows()
        vectors = reader.dense.vectors(rows)
        return {
            chunk.id: (names[chunk.document_id], chunk.text, vector.tobytes())
            for chunk, vector in zip(reader.chunks(rows), vectors, strict=True)
        }


def test_every_flipped_bit_is_found_and_named(store: IndexStore) -> None:
    """In every file of a generation, at its beginning, middle and end."""
    live = store.layout.folder(3)
    for path in sorted(path for path in live.rglob("*") if path.is_file()):
        size = path.stat().st_size
        if path.name.endswith(".lock"):
            continue
        for at in sorted({0, size // 2, size - 1}):
            whole = flip(path, at)
            findings = store.verify()
            name = "manifest" if path.name == "manifest.json" else path.name
            assert any(name in finding for finding in findings), (path, at, findings)
            assert all(finding.endswith((".", "`.")) for finding in findings)
            path.write_bytes(whole)
    assert store.verify() == []


def test_readers_never_answer_from_damaged_files(store: IndexStore) -> None:
    """A flipped bit anywhere gives either the right answer or `IndexDamaged`."""
    query = HashingEncoder().encode_queries(["customs officer parcels"]).vectors[0]

    def answer() -> list[tuple[str, str, float]]:
        with store.open() as reader:
            rows, scores = reader.dense.search(query, 5, None)
            reader.terms.rows()
            return [
                (chunk.id, chunk.text, float(score))
                for chunk, score in zip(reader.chunks(rows), scores, strict=True)
            ]

    right = answer()
    for path in sorted(path for path in store.layout.folder(3).rglob("*") if path.is_file()):
        if path.name.endswith(".lock"):
            continue
        whole = flip(path)
        try:
            assert answer() == right, path
        except IndexDamaged as error:
            assert "`kordon index" in str(error)
        path.write_bytes(whole)


def test_missing_and_strange_files_are_named(store: IndexStore) -> None:
    live = store.layout.folder(3)
    (live / "vectors" / "stray.bin").write_bytes(b"x")
    (live / "documents" / "0123456789abcdef.text").write_bytes(b"x")
    victim = next((live / "documents").glob("*.pages"))
    victim.unlink()
    findings = " ".join(store.verify())
    for name in ("vectors/stray.bin", "0123456789abcdef.text", victim.name):
        assert name in findings
    (live / "manifest.json").unlink()
    assert "not there" in store.verify()[0]


def test_a_manifest_of_a_newer_version_is_refused(store: IndexStore) -> None:
    path = store.layout.folder(3) / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    data["format"] = 99
    path.write_text(json.dumps(data), "utf-8")
    assert "newer Kordon" in store.verify()[0]
    with pytest.raises(IndexDamaged, match="newer Kordon"):
        store.open()
    assert store.rollback() == 2


@pytest.mark.parametrize("text", ["", "x\n", "99\n", "\xff"])
def test_a_damaged_pointer_can_be_set_anew(store: IndexStore, text: str) -> None:
    store.layout.current.write_text(text, "latin-1")
    with pytest.raises(IndexError_):
        store.open()
    assert store.rollback(3) == 3
    assert names(store) == {"doc2.txt", "doc3.txt"}


@pytest.mark.parametrize(
    "pattern", ["vectors/*", "terms/*.term", "documents/*.text", "documents/*.pages", "originals/*"]
)
def test_repair(store: IndexStore, folder: Path, pattern: str) -> None:
    before = snapshot(store)
    path = next(store.layout.folder(3).glob(pattern))
    flip(path)
    assert store.verify()
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        report = writer.repair()
        assert (report.failed, report.generation) == ((), 4)
        assert writer.repair().generation == 4, "nothing left to repair"
    assert store.verify() == []
    assert snapshot(store) == before
    with store.open() as reader:
        for record in reader.documents():
            assert reader.source_path(record.id).read_bytes() == (folder / record.path).read_bytes()


def test_one_repair_mends_a_text_and_its_original(store: IndexStore, folder: Path) -> None:
    before, live = snapshot(store), store.layout.folder(3)
    for path in [*(live / "documents").glob("*.text"), *(live / "originals").iterdir()]:
        flip(path)
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        report = writer.repair()
    assert (report.failed, report.generation) == ((), 4)
    assert store.verify() == []
    assert snapshot(store) == before
    with store.open() as reader:
        for record in reader.documents():
            assert reader.source_path(record.id).read_bytes() == (folder / record.path).read_bytes()


def test_repair_says_what_is_lost(store: IndexStore, folder: Path) -> None:
    live = store.layout.folder(3)
    flip(next((live / "documents").glob("*.text")))
    for path in [*(live / "originals").iterdir()]:
        flip(path)
    for path in folder.iterdir():
        path.unlink()
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        report = writer.repair()
    assert len(report.failed) == 2
    assert store.verify() == [] and len(names(store)) == 1


def test_repair_asks_for_the_model_only_when_it_has_to_encode(store: IndexStore) -> None:
    live = store.layout.folder(3)
    flip(live / "terms" / "meta.json")
    with store.writer(None, OPTIONS) as writer:
        assert writer.repair().generation == 4
    assert store.verify() == []
    flip(store.layout.folder(4) / "vectors" / "rows.npy")
    for kept in store.layout.cache.iterdir():
        kept.unlink()
    with store.writer(None, OPTIONS) as writer, pytest.raises(ModelError, match="name an embedder"):
        writer.repair()
    # Vectors of another model must not be mixed in.
    with (
        store.writer(OtherEncoder(), OPTIONS) as writer,
        pytest.raises(IndexError_, match="model 'hashing' in the index, 'other' in the settings"),
    ):
        writer.repair()
    assert store.generation() == 4


def test_verify_names_the_file_behind_a_damaged_text(store: IndexStore) -> None:
    path = next((store.layout.folder(3) / "documents").glob("*.text"))
    flip(path)
    with store.open() as reader:
        known = {record.id: record.path for record in reader.documents()}
    assert store.verify() == [
        f"documents/{path.name} ({known[path.stem]}) is damaged: its checksum is not that of the "
        "catalogue."
    ]


def test_the_only_generation_cannot_be_left(tmp_path: Path, folder: Path) -> None:
    store = IndexStore(tmp_path / "one")
    with store.writer(HashingEncoder(), OPTIONS) as writer:
        writer.add([folder])
    with pytest.raises(IndexMissing, match="kordon index import.*add the documents again"):
        store.rollback()


def test_repair_leaves_a_damaged_catalogue_to_rollback(store: IndexStore) -> None:
    flip(store.layout.folder(3) / "catalogue.sqlite")
    with (
        store.writer(HashingEncoder(), OPTIONS) as writer,
        pytest.raises(IndexDamaged, match="kordon index rollback"),
    ):
        writer.repair()
    assert store.rollback() == 2


def test_export_and_import(store: IndexStore, tmp_path: Path) -> None:
    archive = tmp_path / "index.tar"
    size = store.export(archive)
    assert size == archive.stat().st_size
    with pytest.raises(UsageError, match="exists already"):
        store.export(archive)
    other = IndexStore(tmp_path / "elsewhere")
    assert other.import_(archive) == 1
    assert snapshot(other) == snapshot(store)
    assert other.import_(archive) == 2
    assert [entry.action for entry in other.journal()] == ["import", "import"]
    with pytest.raises(UsageError, match="does not exist"):
        other.import_(tmp_path / "nothing.tar")


def test_cut_and_changed_archives_are_refused(store: IndexStore, tmp_path: Path) -> None:
    archive = tmp_path / "index.tar"
    store.export(archive)
    whole = archive.read_bytes()
    other = IndexStore(tmp_path / "elsewhere")
    random = np.random.default_rng(1)
    used = len(whole.rstrip(b"\0"))  # tar ends in zeros that nobody needs
    for cut in [0, 1, 511, 512, 700, used - 1, *random.integers(0, used, 12).tolist()]:
        archive.write_bytes(whole[:cut])
        with pytest.raises(IndexDamaged, match=r"index\.tar"):
            other.import_(archive)
    for at in random.integers(0, used, 25).tolist():
        changed = bytearray(whole)
        changed[at] ^= 16
        archive.write_bytes(changed)
        try:
            other.import_(archive)
        except IndexDamaged as error:
            assert "index.tar" in str(error)
        else:  # padding between members, or a field of tar that nobody reads
            assert snapshot(other) == snapshot(store)
    assert other.generation() is None or snapshot(other) == snapshot(store)


def test_an_archive_cannot_write_elsewhere(store: IndexStore, tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar"
    store.export(archive)
    evil = tmp_path / "evil2.tar"
    with tarfile.open(archive) as old, tarfile.open(evil, "w") as new:
        for member in old.getmembers():
            new.addfile(member, old.extractfile(member))
        info = tarfile.TarInfo("../../outside.txt")
        info.size = 1
        new.addfile(info, io.BytesIO(b"x"))
    other = IndexStore(tmp_path / "a" / "b")
    with pytest.raises(IndexDamaged, match="does not belong"):
        other.import_(evil)
    assert not list(tmp_path.rglob("outside.txt"))


def test_watch(tmp_path: Path, folder: Path) -> None:
    store = IndexStore(tmp_path / "watched")
    told: list[ChangeReport | KordonError] = []

    def take_in(accept) -> ChangeReport:  # type: ignore[no-untyped-def]
        with store.writer(HashingEncoder(), OPTIONS) as writer:
            return writer.add([folder], sync=True, accept=accept)

    watcher = Watcher(folder, take_in, told.append, settle=0.0)
    assert watcher.look() and not watcher.look()
    assert len(names(store)) == 3
    watcher.settle = 3600.0
    (folder / "growing.txt").write_text("half of a")
    watcher.look()
    assert len(names(store)) == 3, "it may not be complete yet"
    watcher.settle = 0.0
    assert watcher.look() and "growing.txt" in names(store)
    (folder / "growing.txt").unlink()
    (folder / "doc0.txt").write_text(story(40))
    assert watcher.look()
    last = told[-1]
    assert isinstance(last, ChangeReport) and (last.changed, last.removed) == (1, 1)
    with store.writer(HashingEncoder(), OPTIONS):
        (folder / "late.txt").write_text(story(41))
        assert not watcher.look(), "locked: tried again at the next look"
    assert watcher.look() and "late.txt" in names(store)
    for path in folder.iterdir():
        path.unlink()
    watcher.look()
    assert isinstance(told[-1], UsageError) and len(names(store)) == 4
    stop = threading.Event()
    stop.set()
    watcher.run(stop)


def test_a_watch_tells_a_lasting_error_once(tmp_path: Path) -> None:
    told: list[ChangeReport | KordonError] = []
    answers: list[ChangeReport | KordonError] = [
        UsageError("one"), UsageError("one"), ChangeReport(added=1), UsageError("one")
    ]  # fmt: skip

    def take_in(accept) -> ChangeReport:  # type: ignore[no-untyped-def]
        answer = answers.pop(0)
        if isinstance(answer, KordonError):
            raise answer
        return answer

    watcher = Watcher(tmp_path, take_in, told.append, settle=0.0)
    assert [watcher.look() for _ in range(3)] == [False, False, True]
    (tmp_path / "new.txt").write_text("new")
    assert not watcher.look()
    assert [str(one) for one in told if isinstance(one, KordonError)] == ["one", "one"]


def test_interrupted_encoding_goes_on(tmp_path: Path, folder: Path) -> None:
    class Dying(HashingEncoder):
        calls = 0

        def encode_passages(self, texts, *, tokens=False):  # type: ignore[no-untyped-def]
            self.calls += 1
            if self.calls > 3:
                raise KeyboardInterrupt
            self.done = getattr(self, "done", 0) + len(texts)
            return super().encode_passages(texts, tokens=tokens)

    (folder / "long.txt").write_text(story(9, 300), "utf-8")
    store = IndexStore(tmp_path / "interrupted")
    dying = Dying()
    with pytest.raises(KeyboardInterrupt), store.writer(dying, OPTIONS) as writer:
        writer.add([folder])
    assert store.generation() is None
    counting = Dying()
    counting.calls = -10_000
    with store.writer(counting, OPTIONS) as writer:
        writer.add([folder])
    fresh = IndexStore(tmp_path / "undisturbed")
    with fresh.writer(HashingEncoder(), OPTIONS) as writer:
        writer.add([folder])
    assert snapshot(store) == snapshot(fresh)
    assert dying.done == 96 and counting.done == len(snapshot(store)) - 96


def test_writer_is_a_context_manager_only(store: IndexStore) -> None:
    writer = store.writer(HashingEncoder(), OPTIONS)
    assert isinstance(writer, Writer)
    with pytest.raises(IndexMissing):
        IndexStore(Path("/nonexistent-kordon")).rollback()
