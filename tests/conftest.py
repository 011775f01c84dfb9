"""Tests see neither the network nor the user's settings, and share one indexed home."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ("127.0.0.1", "::1", "localhost")
_made: list[Path] = []


def pytest_configure() -> None:
    """Forget the user's settings before anything is imported that reads them."""
    for name in [name for name in os.environ if name.startswith(("KORDON_", "STREAMLIT_"))]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="kordon-tests-"))
    _made.append(home)
    os.environ.update(KORDON_HOME=str(home), HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1")


def pytest_unconfigure() -> None:
    for folder in _made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to anything but this machine fail the test that tries them."""
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOCAL:  # type: ignore[index]
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    def guarded_lookup(host: object, *rest: object, **more: object) -> object:
        if host not in (*LOCAL, None, ""):
            raise AssertionError(f"a test tried to look up {host}")
        return lookup(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder with the shipped model, prepared as `kordon setup` does."""
    from index.models.setup import prepare  # not before `pytest_configure`

    return prepare(ROOT / "var" / "models").folder.parent


@pytest.fixture(scope="session")
def encoder(models: Path) -> object:
    """The shipped model with its default graphs."""
    from index.encoders.onnx_encoder import OnnxEncoder
    from index.models.setup import NAME, read_card

    return OnnxEncoder(models / NAME, read_card(models))


@pytest.fixture(scope="session")
def samples_home(encoder: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample documents, indexed with the shipped model."""
    from index.store import IndexStore

    home = tmp_path_factory.mktemp("samples")
    with IndexStore(home).writer(encoder) as writer:  # type: ignore[arg-type]
        writer.add([ROOT / "corpus" / "samples"])
    return home


@dataclass(frozen=True)
class Shell:
    """The real command, in a process of its own, on a home of its own."""

    home: Path
    documents: Path

    def environment(self, **variables: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KORDON_")}
        ours = {
            "KORDON_HOME": str(self.home),
            "KORDON_EMBEDDER": "hashing",
            "OMP_NUM_THREADS": "1",
        }
        return {**kept, **ours, **variables}

    def __call__(
        self, *arguments: str | Path, stdin: bytes | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "rag.cli", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            timeout=120,
            env=self.environment(**variables),
            cwd=self.home.parent,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def json(self, *arguments: str | Path) -> object:
        done = self(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


ENGLISH = """# Quarterly newsletter of the Harbour Programme

## Training

In March 2023 the Harbour Programme trained 148 border officers in Bishkek and Osh.
The courses dealt with document fraud and the profiling of travellers.

## Equipment

The programme handed over twelve document readers to the border service on 14 April 2023.
The readers cost USD 96,400 and were paid for by the European Union.
"""

RUSSIAN = """Отчёт о финансовой разведке

В 2022 году подразделение финансовой разведки получило 3 412 сообщений о подозрительных операциях.
Из них 287 были переданы в правоохранительные органы.

Банки направили 91 процент всех сообщений, нотариусы — менее одного процента.
"""

HOSTILE = """<html><head><title>Notes &lt;b&gt;bold&lt;/b&gt;</title></head><body><article>
<h1>Notes of the customs laboratory</h1>
<p>The laboratory in Tashkent tested &lt;script&gt;alert(1)&lt;/script&gt; samples of
**acetone** in 2021 and found [no traces](http://example.org) of precursors.</p>
<p>The laboratory employs nine chemists and two drivers, and works in two shifts a day.</p>
</article></body></html>
"""


def write_documents(folder: Path) -> Path:
    """Three small documents: English Markdown, Russian windows-1251, HTML with markup in it."""
    (folder / "вложения").mkdir(parents=True)
    (folder / "newsletter.md").write_text(ENGLISH, "utf-8")
    (folder / "вложения" / "отчёт.txt").write_bytes(RUSSIAN.encode("windows-1251"))
    (folder / "notes.html").write_text(HOSTILE, "utf-8")
    return folder


@pytest.fixture(scope="session")
def samples_pipeline(encoder: object, samples_home: Path) -> Iterator[object]:
    """Answers over the sample documents, with the default options."""
    from index.search.searcher import Searcher
    from index.store import IndexStore
    from rag.answering.pipeline import Pipeline

    with IndexStore(samples_home).open() as reader:
        yield Pipeline(Searcher(reader, encoder), reader)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A home in which three small documents are indexed; tests only read it."""
    folder = tmp_path_factory.mktemp("kordon")
    shell = Shell(folder / "home", write_documents(folder / "documents"))
    done = shell("index", "add", shell.documents)
    assert done.returncode == 0, done.stderr
    return shell


@pytest.fixture
def fresh(tmp_path: Path) -> Shell:
    """An empty home, and the three documents beside it."""
    return Shell(tmp_path / "home", write_documents(tmp_path / "documents"))


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the real embedding model: the checkout's prepared one if there is one."""
    from index.models.setup import NAME, damage, prepare

    home = tmp_path_factory.mktemp("model-home")
    ready = ROOT / "var" / "models"
    if (ready / NAME).is_dir() and not damage(ready / NAME):
        (home / "models").symlink_to(ready)
    else:
        prepare(home / "models")
    return home


CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A real Chromium, for tests marked `browser`."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.is_file():
        pytest.skip("apt-get install chromium")
    os.environ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., object]]:
    """`indexed("a.pdf", "b.md")`: a reader of these samples, by the encoder without weights."""
    from index.encoders.hashing import HashingEncoder
    from index.store import IndexStore

    samples = Path(__file__).resolve().parents[1] / "corpus" / "samples"
    with ExitStack() as stack:

        def of(*names: str) -> object:
            store = IndexStore(tmp_path_factory.mktemp("home"))
            with store.writer(HashingEncoder()) as writer:
                writer.add([samples / name for name in names])
            return stack.enter_context(store.open())

        yield of
