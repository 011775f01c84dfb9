"""A reader process asks questions while a writer switches generations under it.

Every generation holds one edition of every document, and every passage says which. Asked for: no
error; all passages of an answer of one edition, the one of the generation that the answer names;
no single latency above three times the median of the p99 of the windows between two switches.

    python benchmarks/index_switches.py [--questions 1000] [--switches 20] [--embedder hashing]
"""

import argparse
import json
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

QUESTIONS = (
    "How many couriers crossed the border at post 3?",
    "Сколько сообщений отправили банки?",
    "Which report tells of couriers?",
    "reports of the officer at post 7",
)


def write_documents(folder: Path, edition: int, count: int = 40) -> None:
    """All documents in one edition."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        text = "\n\n".join(
            f"Report {number} in edition{edition} tells in part {part} of {number * part} couriers "
            f"who crossed the border at post {part}. Банки отправили {part * 3} сообщений."
            for part in range(1, 9)
        )
        (folder / f"report{number:02}.txt").write_text(text, "utf-8")


def reader(home: Path, embedder: str, wanted: int, stop: Event, results: Connection) -> None:
    """Ask until told to stop, at least `wanted` questions; send (start, seconds, generation)."""
    from rag.assemble import assemble
    from rag.settings import load

    kordon = assemble(load({"KORDON_HOME": str(home), "KORDON_EMBEDDER": embedder}))
    kordon.search(QUESTIONS[0])
    results.send("ready")
    asked: list[tuple[float, float, int]] = []
    faults: list[str] = []
    while len(asked) < wanted or not stop.is_set():
        question = QUESTIONS[len(asked) % len(QUESTIONS)]
        began = time.monotonic()
        with kordon.view() as view:
            hits = view.search(question, 10)
            number = view.generation
        asked.append((began, time.monotonic() - began, number))
        editions = {int(one) for hit in hits for one in re.findall(r"edition(\d+)", hit.chunk.text)}
        if editions != {number}:
            faults.append(f"generation {number} answered with editions {sorted(editions)}")
        time.sleep(0.002)
    results.send((asked, faults))


def main(arguments: list[str] | None = None) -> int:
    """Run reader and writer and print what the reader saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--switches", type=int, default=20)
    parser.add_argument("--embedder", default="hashing")
    parser.add_argument("--results", type=Path)
    given = parser.parse_args(arguments)
    root = Path(tempfile.mkdtemp(prefix="kordon-switches-"))
    home, folder = root / "home", root / "documents"
    environment = {"KORDON_HOME": str(home), "KORDON_EMBEDDER": given.embedder}
    from corpus.progress import Silent
    from rag.assemble import assemble
    from rag.settings import load

    kordon = assemble(load(environment))

    def switch(edition: int) -> float:
        write_documents(folder, edition)
        with kordon.writer(Silent()) as writer:
            assert writer.add([folder]).generation == edition
        return time.monotonic()

    switch(1)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    stop = context.Event()
    process = context.Process(
        target=reader, args=(home, given.embedder, given.questions, stop, theirs)
    )
    process.start()
    assert ours.recv() == "ready"
    moments = [switch(edition) for edition in range(2, given.switches + 2)]
    stop.set()
    asked, faults = ours.recv()
    process.join()
    shutil.rmtree(root)
    result = _judged(asked, faults, moments)
    text = json.dumps(result, indent=1)
    print(text)
    if given.results:
        given.results.write_text(text + "\n", "utf-8")
    return 0 if result["ok"] else 1


def _judged(
    asked: list[tuple[float, float, int]], faults: list[str], moments: list[float]
) -> dict[str, object]:
    seconds = np.array([one[1] for one in asked])
    windows = np.searchsorted(moments, [one[0] for one in asked])
    p99 = [float(np.percentile(seconds[windows == number], 99)) for number in set(windows.tolist())]
    seen = [one[2] for one in asked]
    lags = []
    for number, moment in enumerate(moments, 2):
        first = next((began for began, _, live in asked if live >= number), None)
        if first is not None:
            lags.append(max(0.0, first - moment))
    allowed = 3 * float(np.median(p99))
    return {
        "questions": len(asked),
        "switches": len(moments),
        "generations seen": len(set(seen)),
        "faults": faults[:5],
        "latency ms": {
            "median": round(1000 * float(np.median(seconds)), 1),
            "p99": round(1000 * float(np.percentile(seconds, 99)), 1),
            "worst": round(1000 * float(seconds.max()), 1),
            "allowed": round(1000 * allowed, 1),
        },
        "moved to a new generation after ms": round(1000 * max(lags, default=0.0), 1),
        "in order": seen == sorted(seen),
        "ok": not faults and seen == sorted(seen) and float(seconds.max()) <= allowed,
    }


if __name__ == "__main__":
    sys.exit(main())
