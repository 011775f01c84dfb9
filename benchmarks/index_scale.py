"""How the index behaves at a size where nothing fits by chance.

Documents of a thousand chunks each with generated text. Vectors of 384 dimensions: with `--around`
each is near the vector of a real passage of another index (cosine about .94); without, in clumps
around random centres, as far apart as those of multilingual-e5-small are (cosine of two texts about
.8). Terms of the generated text. No token vectors. Everything else is the product's own: catalogue,
stores, proof, switch, reader. Printed: seconds and bytes to build, seconds to reopen, p50 and p95
of dense, lexical and hybrid search with and without a filter that leaves one in a hundred chunks,
and recall@10 of the dense store against exact search.

    python benchmarks/index_scale.py [--chunks 1000000] [--searches 100] [--home FOLDER]
        [--around FOLDER ...]
"""

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np
from index_scale_world import DIMENSION, World, real_vectors

from corpus.types import Block, Document, Page
from index.building import Build, now
from index.card import FORMAT, IndexCard, PartCard
from index.catalogue import FileSums
from index.catalogue_edit import NewChunk
from index.chunking import ChunkOptions
from index.derive import chunk_digest
from index.encoders.base import EncoderCard
from index.generations import Layout
from index.lazy import matching
from index.records import Source
from index.store import IndexStore
from index.stores.base import Rows
from index.stores.table import store_class
from index.types import Filter, Vectors

PER_DOCUMENT = 1_000


class Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of a block to its step."""
        began = time.monotonic()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.monotonic() - began, 1)


def fill(home: Path, world: World, chunks: int, clock: Clock) -> None:
    """Build generation 1 with `chunks` chunks."""
    layout = Layout(home)
    layout.root.mkdir(parents=True, exist_ok=True)
    specs = {"vectors": "faiss", "terms": "tantivy"}
    parts = tuple(
        PartCard(kind, name, store_class(kind, name).revision) for kind, name in specs.items()
    )
    card = IndexCard(FORMAT, EncoderCard("synthetic", "1", DIMENSION, 512), ChunkOptions(), parts)
    build = Build(layout, None, card, matching(None, card.encoder))
    stores = {
        kind: store_class(kind, name).open(build.folder / kind, writable=True)
        for kind, name in specs.items()
    }
    for number in range(chunks // PER_DOCUMENT):
        sentences = world.sentences(PER_DOCUMENT)
        with clock.step("catalogue and texts"):
            rows = _put(build, number, sentences)
        with clock.step("vectors"):
            stores["vectors"].add(rows, world.vectors(PER_DOCUMENT))  # type: ignore[attr-defined]
        with clock.step("terms"):
            languages = ["en" if number % 2 else "ru"] * PER_DOCUMENT
            stores["terms"].add(rows, sentences, languages)  # type: ignore[attr-defined]
    for kind, store in stores.items():
        with clock.step(kind):
            store.save()
            store.close()
    with clock.step("proof and switch"):
        build.publish(build.seal("scale run"))


def _put(build: Build, number: int, sentences: list[str]) -> Rows:
    """One document with its chunks, straight into the catalogue."""
    text = "\n".join(sentences)
    name, language = f"{number:016x}", "en" if number % 2 else "ru"
    page = Page(name, 1, "1", text, language, 0, "", (), (Block("paragraph", 0, len(text)),))
    publisher = f"Publisher {number % 100}"
    document = Document(
        name, "/", f"{number}.txt", "text", f"Document {number}", "2024", publisher,
        "public", language, True, text, (page,),
    )  # fmt: skip
    source = Source("/", document.path, name, len(text), 1, name, "public", "")
    sums = build.files.store(document)
    entry = FileSums(name, sums[0], sums[1], "")
    place = build.editor.put_document(document, entry, size=len(text), added=now(), forced="")
    build.editor.put_source(source)
    found, start = [], 0
    for sentence in sentences:
        end = start + len(sentence)
        found.append(NewChunk(start, end, 1, 1, "", language, chunk_digest(sentence, "", language)))
        start = end + 1
    return build.editor.put_chunks(place, found, {})


def timed(action: Callable[[int], object], searches: int) -> dict[str, float]:
    """p50 and p95 in milliseconds."""
    spent = []
    for number in range(searches):
        began = time.perf_counter()
        action(number)
        spent.append(1000 * (time.perf_counter() - began))
    return {"p50": round(float(np.percentile(spent, 50)), 2),
            "p95": round(float(np.percentile(spent, 95)), 2)}  # fmt: skip


def search(home: Path, world: World, searches: int) -> dict[str, object]:
    """Reopen the index and search it."""
    began = time.monotonic()
    reader = IndexStore(home).open()
    dense, terms = reader.dense, reader.terms
    query = world.vectors(1)[0]
    dense.search(query, 10, None)
    terms.search({"bababa": 1.0}, 10, None)
    reopened = time.monotonic() - began
    began = time.monotonic()
    one_percent = Filter(publishers=frozenset({"Publisher 7"}))
    allowed = reader.rows_of(one_percent)
    first_filter = time.monotonic() - began
    assert allowed is not None
    queries = world.vectors(searches)
    asked = [
        dict.fromkeys(world.random.choice(world.words, 6, p=world.share).tolist(), 1.0)
        for _ in range(searches)
    ]

    def hybrid(number: int, rows: Rows | None) -> None:
        found = np.union1d(
            dense.search(queries[number], 100, rows)[0], terms.search(asked[number], 100, rows)[0]
        )
        reader.chunks(found[:10])

    hits: dict[str, list[float]] = {"all": [], "filtered": []}
    for query in queries[:50]:
        for name, rows in (("all", None), ("filtered", allowed)):
            every = dense.rows() if rows is None else rows
            truth = _exact(dense, query, every)
            got = set(dense.search(query, 10, rows)[0].tolist())
            hits[name].append(len(truth & got) / len(truth))
    result: dict[str, object] = {
        "vectors": dense.summary,
        "reopened in s": round(reopened, 2),
        "first filter in s": round(first_filter, 2),
        "recall@10": {name: round(float(np.mean(one)), 4) for name, one in hits.items()},
    }
    for name, rows in (("all", None), ("filtered", allowed)):
        result[f"ms, {name}"] = {
            "dense": timed(lambda n, r=rows: dense.search(queries[n], 10, r), searches),
            "lexical": timed(lambda n, r=rows: terms.search(asked[n], 10, r), searches),
            "hybrid with texts": timed(lambda n, r=rows: hybrid(n, r), searches),
            "filter": timed(lambda _: reader.rows_of(one_percent), 10),
        }  # fmt: skip
    result["load average while searching"] = round(os.getloadavg()[0], 1)
    reader.close()
    return result


def _exact(dense: object, query: Vectors, rows: Rows) -> set[int]:
    best: list[tuple[float, int]] = []
    for at in range(0, len(rows), 100_000):
        block = rows[at : at + 100_000]
        scores = dense.scores(query, block)  # type: ignore[attr-defined]
        top = np.argsort(-scores)[:10]
        best += zip(scores[top].tolist(), block[top].tolist(), strict=True)
    return {row for _, row in sorted(best, reverse=True)[:10]}


def _built(home: Path, world: World, chunks: int) -> dict[str, object]:
    """Build the index; how long it took and how large it is."""
    clock = Clock()
    fill(home, world, chunks, clock)
    live = home / "index" / "generations" / "000001"
    sizes = {
        path.name: round(
            sum(one.stat().st_size for one in [path, *path.rglob("*")] if one.is_file()) / 1e6, 1
        )
        for path in sorted(live.iterdir())
    }
    return {
        "chunks": chunks,
        "vectors around": f"{len(world.centres)} {world.kind}",
        "threads": os.environ["OMP_NUM_THREADS"],
        "build s": clock.seconds,
        "peak MB while building": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "disk MB": sizes,
    }


def main(arguments: list[str] | None = None) -> int:
    """Build, search, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=1_000_000, help="100000 or more")
    parser.add_argument("--searches", type=int, default=100)
    parser.add_argument("--home", type=Path, help="built here, kept, and only searched if there")
    parser.add_argument("--around", type=Path, nargs="+", help="homes of indexes of real passages")
    parser.add_argument("--results", type=Path)
    given = parser.parse_args(arguments)
    home = given.home or Path(tempfile.mkdtemp(prefix="kordon-scale-"))
    world = World(1, real_vectors(given.around) if given.around else None)
    built = home / "built.json"
    try:
        if not built.is_file():
            home.mkdir(parents=True, exist_ok=True)
            built.write_text(
                json.dumps(_built(home, world, given.chunks)),
                "utf-8",
            )
        result = {**json.loads(built.read_text("utf-8")), **search(home, world, given.searches)}
    finally:
        if given.home is None:
            shutil.rmtree(home)
    text = json.dumps(result, indent=1)
    print(text)
    if given.results:
        given.results.write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
