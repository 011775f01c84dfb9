"""`kordon setup`, `kordon app` and `kordon doctor`."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from rag.cli_common import as_json, emit, emit_json, load_settings


@click.command()
@click.option("--from-hub", is_flag=True, help="Take the original weights from the model hub.")
def setup(from_hub: bool) -> None:
    """Prepare the embedding model; does nothing when it is ready."""
    from index.models.setup import prepare

    settings = load_settings()
    report = prepare(settings.models, from_hub=from_hub)
    size = f"{report.size_bytes / 1e6:.0f} MB"
    if report.written:
        emit(f"Prepared the embedding model in {report.folder} ({size}, from {report.source}).")
    else:
        emit(f"The embedding model in {report.folder} is ready ({size}); nothing to do.")


@click.command()
@click.option("--address", help="Where to listen; 127.0.0.1 unless set.")
@click.option("--port", type=click.IntRange(1, 65535), help="Which port; 8501 unless set.")
def app(address: str | None, port: int | None) -> None:
    """Start the interface in the browser; Ctrl-C stops it."""
    from corpus.errors import UsageError
    from rag.listening import CannotListen, try_to_listen

    settings = load_settings()
    place = (address or settings.app.address, port or settings.app.port)
    try:
        try_to_listen(*place)
    except CannotListen as error:
        raise UsageError(str(error)) from error
    arguments = streamlit_arguments(*place)
    sys.stdout.flush()
    # Readers share the cores; threads within one reader's small matrices only get in the way.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", *arguments])


def streamlit_arguments(address: str, port: int) -> list[str]:
    """What `python -m streamlit` is given: the entry script and its options.

    The options are those of the checkout's `.streamlit/config.toml`, which Streamlit itself would
    read only from the working folder, and those without which something could leave the machine.
    """
    options = {
        **_config(),
        "server.address": address,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
    }
    script = Path(__file__).parent / "ui" / "main.py"
    return ["run", str(script), *(f"--{name}={_plain(value)}" for name, value in options.items())]


def _config() -> dict[str, object]:
    """The checkout's Streamlit options by their dotted names; empty when installed without it."""
    import tomllib

    from rag.settings import checkout

    root = checkout()
    file = root / ".streamlit" / "config.toml" if root else None
    if file is None or not file.is_file():
        return {}
    return dict(_dotted(tomllib.loads(file.read_text("utf-8"))))


def _dotted(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@click.command()
@as_json
@click.pass_context
def doctor(context: click.Context, machine: bool) -> None:
    """Check the installation; one line per finding."""
    from rag.doctor import examine

    findings = list(examine())
    if machine:
        emit_json([{"state": f.state, "what": f.what, "text": f.text} for f in findings])
    else:
        for finding in findings:
            emit(f"{finding.state:4}  {finding.what}: {finding.text}")
    if any(finding.state == "fail" for finding in findings):
        context.exit(1)
