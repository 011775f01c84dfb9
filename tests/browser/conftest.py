"""A real Chromium and the interface in a process of its own, for the tests of the pages."""

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from pages import PROGRAMME, opened

# Streamlit says so itself, in every application.
NOISE = re.compile(r"Unrecognized feature|iframe which has both allow-scripts")
# An address of a page opened directly: Streamlit first asks whether it is served below that path.
PROBES = re.compile(r"/_stcore/(health|host-config)$")


@pytest.fixture
def visit(browser) -> Callable[..., AbstractContextManager[object]]:
    """`with visit(address, **options) as reader`: a reader with a browser of his own; a console
    error, a dialog or a request to another host fails the test."""

    @contextmanager
    def reader_at(address: str, **options: object) -> Iterator[object]:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, **options)
        wrong: list[str] = []
        here = (address, address.replace("http", "ws"), "data:", "blob:")
        context.on("console", lambda m: is_wrong(m) and wrong.append(f"{m.text} {m.location}"))
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        context.on("request", lambda r: r.url.startswith(here) or wrong.append(r.url))
        yield context
        context.close()
        assert wrong == []

    return reader_at


def is_wrong(message) -> bool:
    """Whether a console message is an error that is not known."""
    if message.type != "error" or NOISE.search(message.text):
        return False
    return not PROBES.search(message.location.get("url", ""))


@pytest.fixture(scope="module")
def interface(shell) -> Callable[..., AbstractContextManager[str]]:
    """`with interface(KORDON_HOME=...) as address`: the interface in a process of its own."""
    from rag.cli_tools import streamlit_arguments

    @contextmanager
    def running(**variables: str) -> Iterator[str]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", *streamlit_arguments("127.0.0.1", port)],
            env=shell.environment(**variables),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)

    return running


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the interface ended at once"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the interface did not start within 30 s")


@pytest.fixture(scope="module")
def running(shell, model_home, interface) -> Iterator[str]:
    """The interface with the real model over three small documents and a PDF file."""
    real = {"KORDON_HOME": str(model_home), "KORDON_EMBEDDER": "default"}
    done = shell("index", "add", shell.documents, PROGRAMME, **real)
    assert done.returncode == 0, done.stderr
    with interface(**real) as address:
        yield address


@pytest.fixture
def visitor(visit, running: str) -> Iterator[object]:
    with visit(running, timezone_id="Asia/Dushanbe") as reader:
        yield reader


@pytest.fixture
def page(visitor, running: str) -> object:
    return opened(visitor, f"{running}/?lang=ru", "Вопрос к документам")
