"""Fit the first joint reader, or with --again the second, and write its graph into `index/data`
(decisions 0506 and 0319).

    python -m rag.answering.fitting.reading MODELS DATA CACHE

MODELS as in `kordon setup`, DATA the folder with the public sets, CACHE for encodings. First on
the `public_tasks`, then on the `dev` questions over own documents (`gold.kept_back` ones left out)
with the same public questions between them; of both, near misses too. Needs torch, 14 GB of memory
and three hours of processor time; START goes on from an earlier graph, and may be kept in part (the
mean of old and new weights knows what both know: Wortsman et al. 2022).
"""

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import click
import torch

from index.encoders.joint_reader import AGAIN, FIRST, LowerLayers
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_session import open_session
from index.models.folder import read_folder
from index.models.joint_graph import write_joint_graph
from index.models.setup import NAME, read_card, read_peaks
from rag.answering.fitting.__main__ import domain
from rag.answering.fitting.gold import kept_back
from rag.answering.fitting.public import public_tasks
from rag.answering.fitting.reading_data import OwnDrill, Pair, PublicDrill, shuffled
from rag.answering.fitting.reading_graph import read_graph
from rag.answering.fitting.reading_model import Joint, loss_of
from rag.answering.fitting.tasks import Task
from rag.answering.ranker import load_ranker

_NEW = 5  # the head and the signs learn faster than layers that know something
_WARM = 100  # steps
_SAID = 100  # steps between reports
# How many questions of each kind of task: there are more of some than there is time for.
_SHARES = {
    "tydiqa": 0.2,
    "muserc": 0.3,
    "translated": 0.3,
    "rulebooks": 0.5,
    "invented": 0.8,
    "xquad": 0.25,
}
_DATA = Path(__file__).parents[3] / "index" / "data"


@dataclass(frozen=True, slots=True)
class Course:
    """How long to learn, how fast, and how many questions of each kind a step has; `steps` ends it
    sooner."""

    minutes: float
    rate: float
    public: int
    own: int
    steps: float = float("inf")

    def gone(self, seconds: float, step: int) -> float:
        """The part of the course that is over, from 0 to 1."""
        return max(seconds / (60 * max(self.minutes, 1e-9)), step / self.steps)


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("cache", type=click.Path(path_type=Path))
@click.option("--minutes", default=72.0, help="Time for the public questions.")
@click.option("--own-minutes", default=42.0, help="Time for the questions over own documents.")
@click.option("--start", type=click.Path(path_type=Path), help="A graph to go on from.")
@click.option("--keep", default=0.0, help="How much of START's weights to keep, from 0 to 1.")
@click.option("--again", is_flag=True, help="Fit the reader that reads the best again.")
@click.option("--target", type=click.Path(path_type=Path), help="Where to write the graph.")
def main(
    models: Path,
    data: Path,
    cache: Path,
    minutes: float,
    own_minutes: float,
    start: Path | None,
    keep: float,
    again: bool,
    target: Path | None,
) -> None:
    """Read the data, learn, write the graph."""
    encoder = OnnxEncoder(models / NAME, read_card(models))
    plan = AGAIN if again else FIRST
    session = open_session(models / NAME / plan.lower_graph, 2)
    lower = LowerLayers(encoder, session, told=plan.told)
    ranker = load_ranker(encoder.card.name, encoder.card.dimension)
    samples, gold = Path("corpus/samples"), Path("eval/data")
    public = PublicDrill(lower, _some(public_tasks(encoder, data, cache)), ranker)
    asked = domain(encoder, ranker, data, cache, gold, samples, lambda one: not kept_back(one))
    own = OwnDrill(lower, asked)
    shape, tensors = read_folder(models / NAME)
    torch.manual_seed(0)
    joint = Joint(shape, tensors, plan.lower)
    if start is not None:
        joint.load(read_graph(start))
    before = [one.detach().clone() for one in joint.parameters()]
    teach(joint, public, own, Course(minutes, 1.5e-4, 8, 0))
    teach(joint, public, own, Course(own_minutes, 9e-5, 4, 4))
    if start is not None:
        joint.go_back(before, keep)
    layers = replace(shape, layers=shape.layers - plan.lower)
    write_joint_graph(target or _DATA / plan.graph, layers, joint.tensors(), read_peaks(plan.lower))


def _some(tasks: Iterable[Task]) -> Iterator[Task]:
    """Of each task the part of its questions that `_SHARES` tells; not those of which only the
    passage that answers is known."""
    chance = random.Random(1)
    for task in tasks:
        share = _SHARES.get(task.name.split()[0], 0.0)
        if share:
            asked = [one for one in task.asked if chance.random() < share]
            misses = [one for one in task.misses if chance.random() < share]
            yield replace(task, asked=tuple(asked), misses=tuple(misses))


def teach(joint: Joint, public: PublicDrill, own: OwnDrill, course: Course) -> None:
    """Learn for the time of the course; the rate rises for some steps, then falls to nothing."""
    layers = list(joint.layers.parameters())
    known = set(map(id, layers))
    new = [one for one in joint.parameters() if id(one) not in known]
    optimiser = torch.optim.AdamW([{"params": layers}, {"params": new}], weight_decay=0.01)
    joint.train()
    steps = _steps(public, own, course, random.Random(0))
    started, total, step = time.monotonic(), 0.0, 0
    while (gone := course.gone(time.monotonic() - started, step)) < 1:
        rate = course.rate * min(1.0, (step + 1) / _WARM) * (1 - gone)
        for group, factor in zip(optimiser.param_groups, (1, _NEW), strict=True):
            group["lr"] = rate * factor
        total += _step(joint, next(steps), optimiser)
        step += 1
        if step % _SAID == 0:
            click.echo(f"{gone:.0%} step {step} loss {total / _SAID:.3f}", err=True)
            total = 0.0
    joint.eval()


def _step(joint: Joint, asked: list[list[Pair]], optimiser: torch.optim.Optimizer) -> float:
    # In half the time or less where the processor multiplies 16 bits (decision 0316).
    with torch.autocast("cpu", torch.bfloat16):
        scores = iter(joint([pair for pairs in asked for pair in pairs]))
    losses = [loss_of(list(islice(scores, len(pairs))), pairs) for pairs in asked]
    loss = torch.stack(losses).mean()
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(joint.parameters(), 1.0)
    optimiser.step()
    return float(loss.detach())


def _steps(
    public: PublicDrill, own: OwnDrill, course: Course, chance: random.Random
) -> Iterator[list[list[Pair]]]:
    """The windows of a few questions after another."""
    one, other = shuffled(len(public), chance), shuffled(len(own), chance)
    while True:
        pairs = [public.pairs(number, chance) for number in islice(one, course.public)]
        pairs += [own.pairs(number, chance) for number in islice(other, course.own)]
        yield [each for each in pairs if each]


if __name__ == "__main__":
    main()
