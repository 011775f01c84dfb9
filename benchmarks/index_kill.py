"""Kill a writer at random moments and see that nobody notices.

Each trial starts from a prepared index, runs one action (add, change, remove, rebuild, rollback,
gc, import) in a process of its own, kills it with SIGKILL after a random part of the time that the
action takes, and then demands: a reader opens a complete generation that is either the one before
or the one after; `verify` finds nothing; the same command, run again, ends in the same index as an
undisturbed run: equal ids, texts, and exact scores. Disk full and read-only folders likewise.

    python benchmarks/index_kill.py [--trials 60] [--seed 1] [--limit SECONDS]
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from corpus.errors import KordonError, StorageError
from index.chunking import ChunkOptions
from index.encoders.hashing import HashingEncoder
from index.options import IndexOptions
from index.store import IndexStore
from index.stores.exact import ExactStore

OPTIONS = IndexOptions(chunking=ChunkOptions(target=60, overlap=16))
OTHER = IndexOptions(chunking=ChunkOptions(target=90, overlap=0))
QUESTIONS = ("cash couriers at the border", "сообщения банков", "report of the officer")
Snapshot = dict[str, tuple[str, str, tuple[float, ...]]]


def write_documents(folder: Path, version: int) -> None:
    """Thirty documents; version 1 changes five, adds five and takes two away."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(35 if version else 30):
        edition = version if number % 7 == 0 else 0
        text = "\n\n".join(
            f"Report {number}.{edition} tells in part {part} of {number * part} cash couriers who "
            f"crossed the border at post {part}. Банки отправили {part * 3} сообщений в {number}."
            for part in range(1, 12)
        )
        (folder / f"report{number:02}.txt").write_text(text, "utf-8")
    if version:
        for number in (3, 4):
            (folder / f"report{number:02}.txt").unlink()


def act(name: str, home: Path, documents: Path) -> None:
    """One command of an administrator."""
    store = IndexStore(home)
    if name == "rollback":
        if store.generation() != 1:
            store.rollback(1)
        return
    if name == "gc":
        store.gc(now=True)
        return
    if name == "import":
        store.import_(documents.parent / "archive.tar")
        return
    with store.writer(HashingEncoder(), OTHER if name == "rebuild" else OPTIONS) as writer:
        if name == "rebuild":
            writer.rebuild()
        elif name == "remove":
            held = {record.path for record in _documents(store)}
            wanted = [f"report{number:02}.txt" for number in range(8)]
            if gone := [path for path in wanted if path in held]:
                writer.remove(gone)
        else:
            writer.add([documents], sync=True)


def _documents(store: IndexStore) -> tuple:  # type: ignore[type-arg]
    with store.open() as reader:
        return reader.documents()


def snapshot(home: Path) -> Snapshot | None:
    """Chunk id -> path, text, exact scores; None without an index. Everything is verified."""
    store = IndexStore(home)
    if store.generation() is None:
        return None
    with store.open() as reader:
        findings = reader.verify()
        assert not findings, findings
        rows = reader.dense.rows()
        exact = ExactStore(Path(), np.zeros(0, np.int64), np.zeros((0, 0), np.float32))
        exact.add(rows, reader.dense.vectors(rows))
        queries = HashingEncoder().encode_queries(QUESTIONS).vectors
        scores = np.stack([exact.scores(query, rows) for query in queries], axis=1)
        paths = {record.id: record.path for record in reader.documents()}
        return {
            chunk.id: (paths[chunk.document_id], chunk.text, tuple(score.round(5).tolist()))
            for chunk, score in zip(reader.chunks(rows), scores, strict=True)
        }


def child(name: str, home: Path, documents: Path, ready: Connection) -> None:
    """Announce that the work begins, do it, and leave without tidying up."""
    ready.send(True)
    act(name, home, documents)
    ready.send(True)
    os._exit(0)


class Scene:
    """Prepared states of an index, and what each action makes of them undisturbed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.old, self.new = root / "old" / "documents", root / "new" / "documents"
        live = root / "live" / "documents"
        write_documents(live, 0)
        states = {"empty": root / "states" / "empty"}
        states["empty"].mkdir(parents=True)
        one = states["one"] = root / "states" / "one"
        act("add", one, live)
        IndexStore(one).export(live.parent / "archive.tar")
        two = states["two"] = root / "states" / "two"
        shutil.copytree(one, two)
        write_documents(live, 1)
        act("add", two, live)
        self.live = live
        start = {"add": "empty", "change": "one", "remove": "one", "rebuild": "one",
                 "rollback": "two", "gc": "two", "import": "two"}  # fmt: skip
        self.start = {name: states[state] for name, state in start.items()}
        self.before: dict[str, Snapshot | None] = {}
        self.after: dict[str, Snapshot | None] = {}
        self.takes: dict[str, float] = {}
        for name in self.start:
            home = self.home(name, "undisturbed")
            self.before[name] = snapshot(home)
            began = time.monotonic()
            act(name, home, live)
            self.takes[name] = time.monotonic() - began
            self.after[name] = snapshot(home)

    def home(self, name: str, trial: str) -> Path:
        """A fresh copy of the state that an action starts from."""
        home = self.root / "trials" / f"{name}-{trial}"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.start[name], home)
        return home


def trial(scene: Scene, name: str, number: int, share: float) -> str:
    """Kill one run; returns where it was: "untouched", "building", "sealed", "switched", "done"."""
    home = scene.home(name, str(number))
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=child, args=(name, home, scene.live, theirs))
    process.start()
    ours.recv()
    finished = ours.poll(share * scene.takes[name] * 1.05)
    process.kill()
    process.join()
    place = "done" if finished else _place(scene, home, name)
    seen = snapshot(home)
    assert seen in (scene.before[name], scene.after[name]), f"{name}: neither before nor after"
    act(name, home, scene.live)
    assert snapshot(home) == scene.after[name], f"{name}: run again, it ends differently"
    left = [path.name for path in (home / "index" / "generations").glob(".*")]
    assert not left, left
    shutil.rmtree(home)
    return place


def _place(scene: Scene, home: Path, name: str) -> str:
    generations = home / "index" / "generations"
    if not generations.is_dir():
        return "untouched"
    was = IndexStore(scene.start[name])
    if IndexStore(home).generation() != was.generation():
        return "switched"
    building = list(generations.glob(".building-*"))
    if any((path / "manifest.json").exists() for path in building):
        return "sealed"
    if building:
        return "building"
    return "untouched" if IndexStore(home).layout.numbers() == was.layout.numbers() else "sealed"


def full_disk(scene: Scene, megabytes: int) -> str:
    """Run every action on a file system with too little room; needs the right to mount one."""
    place = scene.root / "small"
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return "skipped: no right to mount a tmpfs"
    refused = 0
    try:
        for name in ("add", "change", "rebuild", "import"):
            for spare in (40_000, 200_000, 500_000):
                refused += _one_full_disk(scene, name, place / f"{name}-{spare}", spare)
    finally:
        subprocess.run(["umount", str(place)], check=False)
    assert refused, "the disk was never full"
    return f"{refused} refusals, nothing lost"


def _one_full_disk(scene: Scene, name: str, home: Path, spare: int) -> bool:
    shutil.copytree(scene.start[name], home)
    filler = home.parent / "filler"
    free = shutil.disk_usage(home).free
    filler.write_bytes(b"\0" * max(0, free - spare))
    refused = False
    try:
        act(name, home, scene.live)
    except StorageError as error:
        refused = True
        assert "is full" in str(error) or "free some space" in str(error), error
        assert snapshot(home) == scene.before[name]
    filler.unlink()
    act(name, home, scene.live)
    assert snapshot(home) == scene.after[name]
    shutil.rmtree(home)
    return refused


def read_only(scene: Scene) -> str:
    """A folder mounted read-only is searched, and every change is refused in one sentence."""
    home = scene.home("change", "readonly")
    bind = ["mount", "--bind", str(home), str(home)]
    if subprocess.run(bind, capture_output=True, check=False).returncode:
        return "skipped: no right to mount"
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(home)], check=True)
        assert snapshot(home) == scene.before["change"]
        for name in ("change", "remove", "rebuild", "gc", "import"):
            try:
                act(name, home, scene.live)
            except StorageError as error:
                assert "not writable" in str(error), error
            else:
                raise AssertionError(f"{name} did not refuse a read-only folder")
        assert snapshot(home) == scene.before["change"]
    finally:
        subprocess.run(["umount", str(home)], check=False)
    return "read, never written"


def main(arguments: list[str] | None = None) -> int:
    """Run all trials that fit into the limit and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=540.0)
    parser.add_argument("--results", type=Path)
    given = parser.parse_args(arguments)
    multiprocessing.get_context("forkserver").set_forkserver_preload(["index_kill"])
    began = time.monotonic()
    moments = random.Random(given.seed)
    places: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory(prefix="kordon-kill-") as root:
        scene = Scene(Path(root))
        checks: dict[str, Callable[[], str]] = {
            "disk full": lambda: full_disk(scene, 24),
            "read-only": lambda: read_only(scene),
        }
        outcome = {name: check() for name, check in checks.items()}
        done = 0
        for number in range(given.trials):
            if time.monotonic() - began > given.limit:
                break
            name = list(scene.start)[number % len(scene.start)]
            place = trial(scene, name, number, moments.random())
            places.setdefault(name, Counter())[place] += 1
            done += 1
    result = {
        "trials": done,
        "asked": given.trials,
        "seed": given.seed,
        "killed at": {name: dict(counter) for name, counter in places.items()},
        **outcome,
        "seconds": round(time.monotonic() - began, 1),
    }
    text = json.dumps(result, indent=1)
    print(text)
    if given.results:
        given.results.write_text(text + "\n", "utf-8")
    return 0 if done == given.trials else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KordonError as error:
        sys.exit(f"an action failed: {error}")
