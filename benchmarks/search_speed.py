"""`make bench-search`: what a user waits for, on an index of 10,000 chunks.

The chunks are sentences of the sample documents in random order; their vectors are random, since
speed does not depend on what they mean, while every question is encoded by the real model.

    python benchmarks/search_speed.py [--chunks 10000] [--questions 60]
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from report import keep, peak_memory_mb

from corpus.load import discover, load_document
from index.encoders.base import Encoder, EncoderCard, encode_questions
from index.encoders.registry import open_encoder
from index.models.setup import prepare
from index.sentences import sentence_spans
from index.store import IndexStore
from index.types import Encoded, Spans
from rag.assemble import Kordon, assemble
from rag.settings import load

ROOT = Path(__file__).parents[1]
READ = (0, 4, 6, 8)
QUESTIONS = (
    "Who signed the memorandum of understanding?",
    "Сколько сотрудников прошли обучение в 2024 году?",
    "What is the budget of the programme for border liaison offices?",
    "Какие признаки подозрительной операции указаны в правилах?",
    "When did the FATF adopt the mutual evaluation report?",
    "Кто руководит проектом в Таджикистане?",
)


class RandomPassages:
    """The real encoder for questions, random unit vectors for passages."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.random = np.random.default_rng(0)

    @property
    def card(self) -> EncoderCard:
        """The real encoder's card, so that the index opens with it."""
        return self.encoder.card

    def token_spans(self, text: str) -> Spans:
        """The real tokens."""
        return self.encoder.token_spans(text)

    def encode_passages(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """Random unit vectors, one per text and one per token."""
        vectors = self._unit(len(texts))
        if not tokens:
            return Encoded(vectors)
        spans = [self.token_spans(text) for text in texts]
        return Encoded(vectors, tuple(self._unit(len(rows)) for rows in spans), tuple(spans))

    def encode_queries(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """The real vectors."""
        return self.encoder.encode_queries(texts, tokens=tokens)

    def encode_questions(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        """The real vectors."""
        return encode_questions(self.encoder, texts, tokens=tokens)

    def _unit(self, count: int) -> np.ndarray:
        rows = self.random.normal(size=(count, self.card.dimension)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def write_texts(folder: Path, chunks: int) -> None:
    """Text files of shuffled sample sentences: about 12 chunks of each language in one file."""
    sentences: dict[str, list[str]] = {"en": [], "ru": []}
    for root, file in discover([ROOT / "corpus" / "samples"]):
        document = load_document(file, root=root)
        if document.language in sentences:
            spans = sentence_spans(document.text, document.language)
            sentences[document.language] += [document.text[a:b] for a, b in spans if b - a > 40]
    chance = random.Random(0)
    for number in range(chunks // 8):  # a text becomes 8 chunks and more
        pool = sentences["ru" if number % 2 else "en"]
        text = " ".join(chance.choice(pool) for _ in range(56))
        (folder / f"text_{number:05}.txt").write_text(text, encoding="utf-8")


def build(home: Path, encoder: Encoder, chunks: int) -> tuple[int, float]:
    """An index under `home`; the number of its chunks, and the seconds it took."""
    texts = home / "texts"
    texts.mkdir()
    write_texts(texts, chunks)
    started = time.perf_counter()
    with IndexStore(home).writer(RandomPassages(encoder), load().index) as writer:
        report = writer.add([texts])
    if report.failed:
        raise SystemExit(f"not indexed: {report.failed[:3]}")
    reader = IndexStore(home).open()
    count = len(reader.languages)
    reader.close()
    return count, time.perf_counter() - started


def command_seconds(arguments: list[str], repeats: int) -> tuple[float, int]:
    """Median seconds of a `kordon` process, and the peak memory of the largest in MB."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "rag.cli", *arguments], check=True, capture_output=True
        )
        times.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return statistics.median(times), peak


def warm_milliseconds(work: list) -> dict[str, float]:
    """Median and 95th percentile of calls in one process."""
    times = []
    for call in work:
        started = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return {
        "p50": round(statistics.median(times), 1),
        "p95": round(times[int(0.95 * (len(times) - 1))], 1),
    }


def reading(read: int) -> Kordon:
    """The same with so many quotes read."""
    settings = load()
    return assemble(replace(settings, answer=replace(settings.answer, read=read)))


def main() -> None:
    """Measure and keep benchmarks/results/search_speed.json."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=60)
    options = parser.parse_args()
    models = prepare(load().models).folder.parent
    with tempfile.TemporaryDirectory(prefix="kordon-bench-") as folder:
        home = Path(folder)
        (home / "models").symlink_to(models.resolve())
        os.environ["KORDON_HOME"] = str(home)
        count, seconds = build(home, open_encoder("default", models), options.chunks)
        help_seconds, _ = command_seconds(["--help"], 7)
        cold_seconds, cold_peak = command_seconds(["search", QUESTIONS[1], "--json"], 5)
        kordon = assemble(load())
        asked = [f"{text} {n}" for n in range(options.questions) for text in QUESTIONS[n % 6 :][:1]]
        for text in QUESTIONS:
            kordon.ask(text)
        figures = {
            "chunks": count,
            "index_seconds_without_encoding": round(seconds, 1),
            "help_seconds": round(help_seconds, 3),
            "cold_search_seconds": round(cold_seconds, 2),
            "cold_search_peak_mb": cold_peak,
            "warm_search_ms": warm_milliseconds([lambda q=q: kordon.search(q) for q in asked]),
            "peak_memory_mb": peak_memory_mb(),
            "warm_ask_ms_by_quotes_read": {
                str(read): warm_milliseconds([lambda q=q, own=own: own.ask(q) for q in asked])
                for read, own in ((read, reading(read)) for read in READ)
            },
        }
    keep("search_speed", figures)


if __name__ == "__main__":
    main()
