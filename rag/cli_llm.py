"""`kordon llm`: a local language model, and documents that try to speak to one."""

import os
import signal
import threading
from pathlib import Path

import click

from rag.cli_common import as_json, complain, emit, emit_json, open_kordon

_SHOWN = 160  # characters of a passage


@click.group()
def llm() -> None:
    """Language models: serve one on this machine, find documents that try to instruct one."""


@llm.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option(
    "--context",
    type=click.IntRange(512, 131072),
    default=4096,
    show_default=True,
    help="Tokens of prompt and answer, for each question at a time.",
)
@click.option(
    "--parallel",
    type=click.IntRange(1, 16),
    default=1,
    show_default=True,
    help="Questions at a time.",
)
@click.option(
    "--threads",
    type=click.IntRange(0, 256),
    default=0,
    help="Cores to use; all but one unless set.",
)
def serve(file: Path, port: int, context: int, parallel: int, threads: int) -> None:
    """Serve the GGUF model FILE on 127.0.0.1 until Ctrl-C, and print the settings to use."""
    from rag.generation.options import KEY
    from rag.generation.serve import ServeOptions, new_key
    from rag.generation.serve import serve as start

    given = os.environ.get(KEY, "")
    key = given or new_key()
    options = ServeOptions(port, context, parallel, threads)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    complain(f"Loading {file.name} ...")
    running = start(file, key, options)
    emit('In kordon.toml:\n\nanswerer = "openai-compatible"\n')
    emit(f'[llm]\nbase_url = "{running.base_url}"\nmodel = "{running.model}"\n')
    if not given:
        emit(f"In the environment:\n\nexport {KEY}={key}")
    complain("Ctrl-C stops the server.")
    try:
        while not stopped.wait(3600):
            continue
    finally:
        # The library's own end waits for its last request; whoever stops it does not.
        os._exit(130 if not stopped.is_set() else 0)


@llm.command()
@as_json
def suspects(machine: bool) -> None:
    """List passages that speak to a language model; they are never given to one."""
    from rag.generation.suspects import find

    with open_kordon().reader() as reader:
        found = list(find(reader))
    if machine:
        emit_json(
            [
                {
                    "document": each.path,
                    "page": each.page,
                    "start": each.start,
                    "end": each.end,
                    "kinds": list(each.kinds),
                    "text": each.text,
                }
                for each in found
            ]
        )
        return
    for each in found:
        text = " ".join(each.text.split())[:_SHOWN]
        emit(f"{each.path}, page {each.page}: {', '.join(each.kinds)}\n   {text}")
    if not found:
        emit("No passage speaks to a language model.")
