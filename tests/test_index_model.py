"""Random sequences of operations against a plain model of what must be searchable."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from index.chunking import ChunkOptions
from index.encoders.hashing import HashingEncoder
from index.options import IndexOptions
from index.store import IndexStore
from index.types import Filter

WORDS = ["amber", "beryl", "coral", "diamond", "emerald", "flint", "garnet", "jasper"]
NAMES = [f"file{number}.txt" for number in range(5)]
CHUNKINGS = (ChunkOptions(target=30, overlap=0), ChunkOptions(target=60, overlap=12))


def text(words: list[str]) -> str:
    return "\n\n".join(f"The {word} was seen at the border by the officer." for word in words)


class IndexMachine(RuleBasedStateMachine):
    """`model` maps paths to (text, label); `past` remembers the model of each generation."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="kordon-model-"))
        self.folder = self.root / "documents"
        self.folder.mkdir()
        self.store = IndexStore(self.root / "home")
        self.options = IndexOptions(chunking=CHUNKINGS[0], keep=3)
        self.model: dict[str, tuple[str, str]] = {}
        self.past: dict[int, tuple[dict[str, tuple[str, str]], IndexOptions]] = {}
        self.labels = ["public", "secret"]

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def remember(self) -> None:
        live = self.store.generation()
        if live is not None:
            self.past.setdefault(live, (dict(self.model), self.options))

    @rule(
        name=st.sampled_from(NAMES),
        words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
        secret=st.booleans(),
    )
    def add(self, name: str, words: list[str], secret: bool) -> None:
        label = self.labels[secret]
        content = f"File {name}.\n\n" + text(words)  # no two files are the same
        (self.folder / name).write_text(content)
        with self.store.writer(HashingEncoder(), self.options) as writer:
            report = writer.add([self.folder / name], label=label)
        assert not report.failed
        known = self.model.get(name)
        assert report.added == (known is None)
        assert report.changed == (known is not None and known != (content, label))
        self.model[name] = (content, label)
        self.remember()

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.model)))
        with self.store.writer(HashingEncoder(), self.options) as writer:
            assert writer.remove([name]).removed == 1
        del self.model[name]
        self.remember()

    @precondition(lambda self: self.store.generation() is not None)
    @rule(which=st.integers(0, 1))
    def rebuild(self, which: int) -> None:
        self.options = IndexOptions(chunking=CHUNKINGS[which], keep=3)
        with self.store.writer(HashingEncoder(), self.options) as writer:
            writer.rebuild()
        self.remember()

    @precondition(lambda self: len(self.store.layout.numbers()) > 1)
    @rule(data=st.data())
    def rollback(self, data: st.DataObject) -> None:
        live = self.store.generation()
        others = [number for number in self.store.layout.numbers() if number != live]
        number = data.draw(st.sampled_from(others))
        self.store.rollback(number)
        self.model, self.options = dict(self.past[number][0]), self.past[number][1]
        for name, (content, _) in self.model.items():
            (self.folder / name).write_text(content)

    @precondition(lambda self: self.store.generation() is not None)
    @rule()
    def gc(self) -> None:
        self.store.gc(now=True)
        assert self.store.layout.numbers() == [self.store.generation()]
        self.remember()

    @invariant()
    def reader_sees_the_model(self) -> None:
        if self.store.generation() is None:
            assert not self.model
            return
        with self.store.open() as reader:
            assert reader.verify() == []
            records = {record.path: record for record in reader.documents()}
            seen = {path: (reader.text(one.id).split(), one.label) for path, one in records.items()}
            assert seen == {
                path: (content.split(), label) for path, (content, label) in self.model.items()
            }
            rows = reader.dense.rows()
            chunks = reader.chunks(rows)
            for word in WORDS:
                held = {row for row, chunk in zip(rows.tolist(), chunks, strict=True)
                        if word in chunk.text}  # fmt: skip
                found, _ = reader.terms.search({word: 1.0}, 100, None)
                assert set(found.tolist()) == held
            self.check_clearance(reader, rows)

    def check_clearance(self, reader, rows) -> None:  # type: ignore[no-untyped-def]
        public = reader.rows_of(Filter(labels=frozenset({"public"})))
        expected = [chunk.label == "public" for chunk in reader.chunks(rows)]
        assert public.tolist() == rows[np.array(expected, bool)].tolist()
        query = HashingEncoder().encode_queries(["the emerald at the border"]).vectors[0]
        found, _ = reader.dense.search(query, 50, public)
        assert {chunk.label for chunk in reader.chunks(found)} <= {"public"}


IndexMachine.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=10,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would take minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestOperations = IndexMachine.TestCase
