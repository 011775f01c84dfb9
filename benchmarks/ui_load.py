"""Twenty users at once: how long an answer takes through the real interface, and whose it is.

Every user is a session of its own over Streamlit's websocket, as a browser opens it: it loads the
page, types a question into the chat box and waits until the page is complete. In a burst all ask in
the same moment, the worst that can happen; in the steady part each asks again after a pause. No
session may ever see the question of another one.

    python benchmarks/ui_load.py [--users 20] [--rounds 4] [--home FOLDER] [--language en]

Without `--home` the sample documents are indexed first, with the model of the usual home.
"""

import argparse
import asyncio
import html
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from report import keep
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from rag.cli_tools import streamlit_arguments
from rag.settings import home_folder

ROOT = Path(__file__).parents[1]
TARGET_S = 2.0
PATIENCE_S = 120.0
FINISHED = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_SUCCESSFULLY")


@dataclass(slots=True)
class User:
    """One session. `seen` is all HTML that the page showed since the last question."""

    socket: ClientConnection
    language: str
    box: str = ""
    seen: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def open(self) -> float:
        """Load the page; seconds until it is complete."""
        begun = time.perf_counter()
        await self._run(BackMsg())
        await self._finished()
        return time.perf_counter() - begun

    async def ask(self, question: str) -> float:
        """Ask in the chat box; seconds until the page is complete."""
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add()
        state.id = self.box
        state.chat_input_value.data = question
        self.seen.clear()
        self.asked.append(question)
        begun = time.perf_counter()
        await self._run(message)
        await self._finished()
        return time.perf_counter() - begun

    async def _run(self, message: BackMsg) -> None:
        message.rerun_script.query_string = f"lang={self.language}"
        await self.socket.send(message.SerializeToString())

    async def _finished(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = ForwardMsg.FromString(await self.socket.recv())
                kind = message.WhichOneof("type")
                if kind == "script_finished" and message.script_finished == FINISHED:
                    return
                if kind == "delta":
                    self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        which = element.WhichOneof("type")
        if which == "chat_input":
            self.box = element.chat_input.id
        elif which == "html":
            self.seen.append(element.html.body)
        elif which == "markdown":
            self.seen.append(element.markdown.body)

    def shows(self, question: str) -> bool:
        """Whether the page showed this question."""
        wanted = html.escape(question, quote=True)
        return any(f">{wanted}<" in part for part in self.seen)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """The app over a home; yields host and port, and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", *streamlit_arguments("127.0.0.1", port)],
        env={"OMP_NUM_THREADS": "1", **os.environ, "KORDON_HOME": str(home)},  # as `kordon app`
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit("The app ended at once; try `kordon app` to see why.")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield f"127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


def sample_home(folder: Path) -> Path:
    """A home with the sample documents indexed by the model of the usual home."""
    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(home_folder() / "models")
    subprocess.run(
        [sys.executable, "-m", "rag.cli", "index", "add", str(ROOT / "corpus/samples"), "-q"],
        env={**os.environ, "KORDON_HOME": str(home)},
        check=True,
        cwd=ROOT,
    )
    return home


def questions(count: int) -> list[str]:
    """Different questions of the gold set, in a fixed random order."""
    rows = (ROOT / "eval/data/gold.jsonl").read_text("utf-8").splitlines()
    texts = sorted({json.loads(row)["question"] for row in rows if row.strip()})
    random.Random(0).shuffle(texts)
    return [texts[at % len(texts)] for at in range(count)]


def cpu_seconds(process: int) -> float:
    """User and system time of a process so far: what a busy machine does not blur."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def load(address: str, process: int, options: argparse.Namespace) -> dict[str, object]:
    """All rounds over one running app."""
    sockets = [
        await connect(
            f"ws://{address}/_stcore/stream",
            origin=f"http://{address}",
            subprotocols=["streamlit"],
            max_size=None,
        )
        for _ in range(options.users)
    ]
    users = [User(one, options.language) for one in sockets]
    # The first page and the first answer load the model.
    await users[0].open()
    await users[0].ask("What is this programme about?")
    await _quiet(process)
    opened = await asyncio.gather(*(user.open() for user in users))
    texts = iter(questions(options.users * options.rounds * 2))
    burst: list[float] = []
    steady: list[float] = []
    foreign = missing = 0
    spent = cpu_seconds(process)
    for _ in range(options.rounds):
        own = [next(texts) for _ in users]
        burst += await asyncio.gather(
            *(user.ask(text) for user, text in zip(users, own, strict=True))
        )
        wrong = _crossed(users, own)
        foreign, missing = foreign + wrong[0], missing + wrong[1]
    for _ in range(options.rounds):
        own = [next(texts) for _ in users]
        steady += await asyncio.gather(
            *(_later(user, text, options.pause) for user, text in zip(users, own, strict=True))
        )
        wrong = _crossed(users, own)
        foreign, missing = foreign + wrong[0], missing + wrong[1]
    spent = cpu_seconds(process) - spent
    for one in sockets:
        await one.close()
    return {
        "users": options.users,
        "questions": len(burst) + len(steady),
        "cpu_ms_per_answer": round(1000 * spent / (len(burst) + len(steady)), 1),
        "page_s": spread(opened),
        "burst_s": spread(burst),
        "steady_s": spread(steady),
        "steady_pause_s": options.pause,
        "target_p95_s": TARGET_S,
        "seen_questions_of_others": foreign,
        "own_question_not_shown": missing,
    }


async def _quiet(process: int) -> None:
    """Wait until the server has done what it does in the background after its start."""
    for _ in range(90):
        before = cpu_seconds(process)
        await asyncio.sleep(1)
        if cpu_seconds(process) - before < 0.05:
            return


async def _later(user: User, text: str, pause: float) -> float:
    await asyncio.sleep(random.uniform(0, 2 * pause))
    return await user.ask(text)


def _crossed(users: Sequence[User], own: Sequence[str]) -> tuple[int, int]:
    """How many questions of others were seen, and how many users do not see their own."""
    foreign = sum(
        user.shows(text)
        for user, mine in zip(users, own, strict=True)
        for text in own
        if text != mine and text not in user.asked
    )
    missing = sum(not user.shows(mine) for user, mine in zip(users, own, strict=True))
    return foreign, missing


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and longest."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {
        "median": round(statistics.median(ordered), 3),
        "p95": round(p95, 3),
        "longest": round(ordered[-1], 3),
    }


def main() -> None:
    """Read the options, run, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--pause", type=float, default=5.0)
    parser.add_argument("--language", choices=["en", "ru"], default="en")
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kordon-load-"))
    try:
        home = options.home or sample_home(folder)
        with served(home) as (address, process):
            figures = asyncio.run(load(address, process, options))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    keep("ui_load", figures)
    if figures["seen_questions_of_others"] or figures["own_question_not_shown"]:
        raise SystemExit("A session saw another one's question, or did not see its own.")


if __name__ == "__main__":
    main()
