"""Puts the demo's real answers and the benchmarks' figures into README.md.

make readme
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"


def demo() -> str:
    """What `make demo` prints, as a block of code."""
    command = [sys.executable, str(ROOT / "tools" / "demo.py")]
    output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return "\n" + "\n".join(f"    {line}".rstrip() for line in output.strip().splitlines()) + "\n"


def figures() -> str:
    """The speed table, from benchmarks/results."""
    encoder = json.loads((RESULTS / "encoder.json").read_text("utf-8"))
    search = json.loads((RESULTS / "search_speed.json").read_text("utf-8"))
    lost = ", ".join(f"{pair} {v:+.4f}" for pair, v in encoder.get("ndcg_lost", {}).items())
    speeds = encoder["chunks_per_second"]
    rows = [
        (
            "encoding, chunks per second",
            f"{speeds['ours']} (torch in the same run {speeds['torch']}:"
            f" {encoder['times_torch_wall']} times)",
        ),
        ("nDCG@10 lost on XQuAD by the run-time form", lost or "see decision 0002"),
        ("`kordon --help`", f"{search['help_seconds']} s"),
        ("`kordon search` from a cold start", f"{search['cold_search_seconds']} s"),
        (f"search, warm, {search['chunks']:,} chunks", _times(search["warm_search_ms"])),
        *(
            (f"ask, warm, {search['chunks']:,} chunks, {read} quotes read", _times(times))
            for read, times in search["warm_ask_ms_by_quotes_read"].items()
        ),
        ("peak memory of a cold search", f"{search['cold_search_peak_mb']} MB"),
    ]
    lines = [
        f"{encoder['cpu']}, {encoder['cores']} cores, by `make bench`:",
        "",
        "| what | result |",
    ]
    return "\n" + "\n".join([*lines, "|---|---|", *(f"| {a} | {b} |" for a, b in rows)]) + "\n"


def retrieval() -> str:
    """Search beside its legs and rank fusion, from benchmarks/results/retrieval.json."""
    rows = json.loads((RESULTS / "retrieval.json").read_text("utf-8"))["rows"]
    systems = ("dense", "words", "rrf", "kordon", "held-out")
    lines = [
        "One index of both languages, by `make bench-retrieval`; held-out: articles and documents"
        " on which no weight was fitted.",
        "",
        "| data, question-text | vectors | BM25 | rank fusion | Kordon | held-out |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        cells = [f"{row[system]:.3f}" if system in row else "" for system in systems]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n" + "\n".join(lines) + "\n"


def _times(figures: dict[str, float]) -> str:
    return f"median {figures['p50']} ms, p95 {figures['p95']} ms"


def main() -> None:
    """Replace what stands between the markers."""
    path = ROOT / "README.md"
    text = path.read_text("utf-8")
    parts = (("demo", demo()), ("figures", figures()), ("retrieval", retrieval()))
    for name, content in parts:
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        text = re.sub(pattern, lambda m, c=content: f"{m[1]}{c}\n{m[2]}", text, flags=re.S)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
