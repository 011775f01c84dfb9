"""Makes both weights files again. With fewer questions, when it was last run as a whole, it took
half an hour once the texts were encoded."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click
import numpy as np

from index.encoders.base import Encoder
from index.encoders.joint_reader import joint_reader_of
from index.encoders.registry import open_encoder
from index.reader import Reader
from index.search.searcher import Searcher
from index.store import IndexStore
from rag.answering.features import NAMES
from rag.answering.fitting.gold import AskedGold, GoldQuestion, asked_of, kept_back, read_gold
from rag.answering.fitting.judging import Source, Trial, trial_of, trials
from rag.answering.fitting.learn import examples, learn
from rag.answering.fitting.linear import Rated, fit_ranker
from rag.answering.fitting.tasks import muserc, tydiqa, xquad
from rag.answering.fitting.texts import question_means
from rag.answering.fitting.weights import calibration_data, ranker_data, write
from rag.answering.ranker import Ranker, Row, parse_ranker

_TARGET = Path(__file__).parents[2] / "data"
_GOLD_WEIGHT = 3.0  # of a question over documents like the product's own against one over XQuAD
_STEP = 4  # every fourth question of XQuAD: the six pairs of languages ask the same ones
_PAIRS = 4  # the tasks in one language of texts, the others join them


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("cache", type=click.Path(path_type=Path))
@click.option("--gold", type=click.Path(path_type=Path), default=Path("eval/data"))
@click.option("--samples", type=click.Path(path_type=Path), default=Path("corpus/samples"))
def main(models: Path, data: Path, cache: Path, gold: Path, samples: Path) -> None:
    """MODELS as in `kordon setup`, DATA the folder with the public sets, CACHE for encodings."""
    encoder = open_encoder("default", models)
    # Their questions give the means that those of the others are centred by.
    learning = [tydiqa(encoder, data, cache), muserc(encoder, data, cache)]
    tasks = list(xquad(encoder, data, cache, fit=True))
    learning += tasks[:_PAIRS]
    click.echo("learning over token vectors", err=True)
    importance = learn(examples(learning))
    bare = Ranker(encoder.card.name, question_means(cache), importance, *_flat())
    click.echo("asking", err=True)
    own = partial(domain, encoder, bare, data, cache, gold, samples)
    taught = [trial_of(asked).rated(_GOLD_WEIGHT) for asked in own(_is_taught)]
    tried = [trial for task in tasks for trial in trials(task, bare, _STEP)]
    click.echo("fitting the ranker", err=True)
    fitted = _ranker_data(bare, tried, taught)
    write(fitted, _TARGET / "sentence_ranker.json")
    click.echo("calibrating", err=True)
    ranker, joint = parse_ranker(fitted), joint_reader_of(encoder)
    read, unread = [], []
    for trial, source in _untaught(tried, own(kept_back)):
        read.append(trial.judged(ranker, joint, source))
        unread.append(trial.judged(ranker, None, source))
    write(calibration_data(read, unread), _TARGET / "answer_calibration.json")


def _flat() -> tuple[Row, Row, Row, Row]:
    nothing = np.zeros(len(NAMES), np.float32)
    return nothing, nothing + 1, nothing, nothing


def _is_taught(gold: GoldQuestion) -> bool:
    """The ranker learns from the answerable ones that are not held back for the calibration."""
    return not kept_back(gold) and bool(gold.answers)


def domain(
    encoder: Encoder,
    ranker: Ranker,
    data: Path,
    cache: Path,
    gold: Path,
    samples: Path,
    wanted: Callable[[GoldQuestion], bool],
) -> Iterator[AskedGold]:
    """The `dev` questions over the samples and over the real documents that are `wanted`, asked."""
    for reader, questions in own_indexes(encoder, data, cache, gold, samples):
        yield from asked_of(Searcher(reader, encoder), ranker, list(filter(wanted, questions)))


def own_indexes(
    encoder: Encoder, data: Path, cache: Path, gold: Path, samples: Path
) -> Iterator[tuple[Reader, list[GoldQuestion]]]:
    """The samples and the real documents, indexed, with the `dev` questions over each."""
    both = gold / "fitting.jsonl", gold / "choosing.jsonl"
    over_samples = read_gold(gold / "gold.jsonl", "dev")
    over_samples += [one for file in both for one in read_gold(file, "dev", "samples")]
    yield _index(encoder, [samples], cache / "samples-home"), over_samples
    real = _index(encoder, [data / "seeds", data / "ctaml"], cache / "real-home")
    yield real, [one for file in both for one in read_gold(file, "dev", "real")]


def _index(encoder: Encoder, folders: list[Path], home: Path) -> Reader:
    store = IndexStore(home)
    with store.writer(encoder) as writer:
        writer.add(folders)
    return store.open()


def _ranker_data(bare: Ranker, tried: Sequence[Trial], taught: Sequence[Rated]) -> dict:
    """The weights file, fitted on the answerable questions."""
    rated = [trial.rated() for trial in tried if trial.answerable] + list(taught)
    return ranker_data(bare.encoder, fit_ranker(rated), bare.question_means, bare.importance)


def _untaught(tried: Sequence[Trial], own: Iterable[AskedGold]) -> Iterator[tuple[Trial, Source]]:
    """One after another, because their passages fill the memory: own questions that neither ranker
    nor reader has been taught, since those would look too easy, beside questions over XQuAD."""
    yield from ((trial, "xquad") for trial in tried)
    yield from ((trial_of(asked), "other" if asked.gold.hand else "own") for asked in own)


if __name__ == "__main__":
    main()
