"""A local model file behind an OpenAI-compatible address, with settings that are safe.

xllamacpp (llama.cpp) as it comes lets every web page talk to it, asks for no key, shows a chat page
and keeps 8 GiB of old prompts; none of that here. Threads wait instead of spinning, since a
spinning one starves whatever shares its core.
"""

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ModelError, UsageError

if TYPE_CHECKING:
    from xllamacpp import CommonParams, Server

HOST = "127.0.0.1"
_MAGIC = b"GGUF"
_ROOM = 1.15  # of the file's size that must be free in memory, its context aside


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """`context` tokens for each of `parallel` questions at a time; `threads` 0 takes all but one
    of the cores; `cache` MiB of earlier prompts kept; `port` 0 takes any free one."""

    port: int = 8080
    context: int = 4096
    parallel: int = 1
    threads: int = 0
    cache: int = 256


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens; it ends with its process or when `server` is let go."""

    server: "Server"
    base_url: str
    model: str


def serve(file: Path, key: str, options: ServeOptions | None = None) -> Running:
    """Start the server in this process.

    Raises `UsageError` for a file that is no GGUF or a port that is taken, and `ModelError` when
    xllamacpp is missing, memory is short or the file does not load.
    """
    options = options or ServeOptions()
    _examine(file, options.port)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read when the library is loaded
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelError("xllamacpp is not installed; type: pip install 'kordon[llm]'") from error
    name = file.stem
    params = _params(file, name, key, options)
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError(f"{file} does not load ({error}); choose another GGUF file.") from error
    return Running(server, f"{server.listening_address}/v1", name)


def new_key() -> str:
    """A key that nobody guesses."""
    return secrets.token_urlsafe(24)


def _params(file: Path, name: str, key: str, options: ServeOptions) -> "CommonParams":
    from xllamacpp import CommonParams

    params = CommonParams()
    params.model.path = str(file)
    params.model_alias = {name}
    params.hostnames = [HOST]
    params.port = options.port
    params.api_keys = [key]
    params.cors_origins = ""
    params.cors_methods = ""
    params.cors_headers = ""
    params.cors_credentials = False
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_props = False
    params.endpoint_metrics = False
    params.offline = True
    params.n_ctx = options.context * options.parallel
    params.n_parallel = options.parallel
    params.cache_ram_mib = options.cache
    params.no_extra_bufts = True
    params.n_gpu_layers = 0
    params.verbosity = 0
    threads = options.threads or max(1, (os.cpu_count() or 2) - 1)
    for pool in (params.cpuparams, params.cpuparams_batch):
        pool.n_threads = threads
        pool.poll = 0
    return params


def _examine(file: Path, port: int) -> None:
    try:
        with file.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    if magic != _MAGIC:
        raise UsageError(f"{file} is no GGUF file; give a model in llama.cpp's format.")
    free = _free_memory()
    if free and file.stat().st_size * _ROOM > free:
        raise ModelError(
            f"{file} needs {file.stat().st_size * _ROOM / 1024**3:.1f} GiB of memory and "
            f"{free / 1024**3:.1f} GiB are free; choose a smaller model."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise UsageError(f"Port {port} is taken; choose another with --port.") from error


def _free_memory() -> int:
    """Bytes available to new programs; 0 where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith("MemAvailable:")), "")
    return int(found.split()[1]) * 1024 if found else 0
