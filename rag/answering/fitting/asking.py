"""Fit the question layers and write `index/data/question_layers.npz` (decision 0309).

    python -m rag.answering.fitting.asking MODELS DATA CACHE

MODELS as in `kordon setup`, DATA the folder with the public sets, CACHE for encodings. On the `dev`
questions over own documents (`gold.kept_back` ones left out), and between them on the
`public_tasks`. The passages stay as they are encoded. Needs torch and an hour of two cores; run
`rag.answering.fitting.reading` and `rag.answering.fitting` afterwards.
"""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
import torch

from index.encoders.joint_reader import LowerLayers
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_session import open_session
from index.models.folder import read_folder
from index.models.onnx_graph import write_graph
from index.models.setup import NAME, read_card
from index.search.searcher import Searcher
from index.search.settings import SearchSettings
from rag.answering.fitting.__main__ import own_indexes
from rag.answering.fitting.asking_data import Lesson, own_lessons, public_lessons
from rag.answering.fitting.asking_model import Asker, loss_of
from rag.answering.fitting.gold import kept_back
from rag.answering.fitting.public import public_tasks

FROZEN = 6  # layers below those that are fitted
_RANK = 16
_RATE = 1e-3
_WARM = 30  # steps
_BATCH = 16
_SAID = 50
# Part of the way back to the published weights knows as much of own documents and forgets less of
# others (WiSE-FT, Wortsman et al. 2022).
_KEPT = 0.8
_STEPS = {"tydiqa": 6, "muserc": 3, "xquad": 5}  # every so many questions are taken, else all
_TARGET = Path(__file__).parents[3] / "index" / "data" / "question_layers.npz"


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("cache", type=click.Path(path_type=Path))
@click.option("--rounds", default=3, help="How often each question is asked.")
@click.option("--rate", default=_RATE, help="Of learning, at its highest.")
@click.option("--start", type=click.Path(path_type=Path), help="Layers to go on from.")
@click.option("--start-kept", default=_KEPT, help="How much of what was learned START keeps.")
@click.option("--target", type=click.Path(path_type=Path), default=_TARGET)
def main(
    models: Path,
    data: Path,
    cache: Path,
    rounds: int,
    rate: float,
    start: Path | None,
    start_kept: float,
    target: Path,
) -> None:
    """Read the data, learn, write the layers."""
    encoder = OnnxEncoder(models / NAME, read_card(models))
    shape, tensors = read_folder(models / NAME)
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "lower.onnx"
        write_graph(graph, replace(shape, layers=FROZEN), tensors)
        lower = LowerLayers(encoder, open_session(graph, 2))
        lessons = list(_lessons(encoder, lower, data, cache))
    click.echo(f"{len(lessons)} questions", err=True)
    torch.manual_seed(0)
    asker = Asker(shape, tensors, FROZEN, _RANK)
    if start is not None:
        with np.load(start, allow_pickle=False) as written:
            asker.load(dict(written), start_kept)
    teach(asker, lessons, rounds, rate)
    kept = {"in": 1.0, "out": _KEPT}
    factors = {
        name: (kept[name.rpartition(".")[2]] * own).astype(np.float16)
        for name, own in asker.factors().items()
    }
    np.savez_compressed(target, allow_pickle=False, **factors)


def _lessons(encoder: OnnxEncoder, lower: LowerLayers, data: Path, cache: Path) -> Iterator[Lesson]:
    plain = SearchSettings(fitted_questions=False)
    gold, samples = Path("eval/data"), Path("corpus/samples")
    for reader, questions in own_indexes(encoder, data, cache, gold, samples):
        taught = [one for one in questions if not kept_back(one)]
        yield from own_lessons(Searcher(reader, encoder, plain), taught, lower)
    for task in public_tasks(encoder, data, cache, "query"):
        yield from public_lessons(task, lower, _STEPS.get(task.name.split()[0], 1))


def teach(asker: Asker, lessons: list[Lesson], rounds: int, rate: float = _RATE) -> None:
    """The rate rises for some steps, then falls."""
    optimiser = torch.optim.AdamW(
        [one for one in asker.parameters() if one.requires_grad], weight_decay=0.0
    )
    steps = rounds * len(lessons) // _BATCH
    chance, order, total = random.Random(0), list[Lesson](), 0.0
    for step in range(steps):
        if len(order) < _BATCH:
            order = chance.sample(lessons, len(lessons))
        batch, order = order[:_BATCH], order[_BATCH:]
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / _WARM) * max(0.05, 1 - step / steps)
        states = asker([lesson.states for lesson in batch])
        loss = torch.stack([loss_of(*pair) for pair in zip(states, batch, strict=True)]).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(asker.parameters(), 1.0)
        optimiser.step()
        total += float(loss.detach())
        if (step + 1) % _SAID == 0:
            click.echo(f"step {step + 1} of {steps} loss {total / _SAID:.3f}", err=True)
            total = 0.0


if __name__ == "__main__":
    main()
