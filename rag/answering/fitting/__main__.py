"""Makes both weights files again; takes about half an hour, most of it for encoding."""

from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from index.encoders.base import Encoder
from index.encoders.registry import open_encoder
from index.search.searcher import Searcher
from index.store import IndexStore
from rag.answering.evidence import Evidence, weigh
from rag.answering.features import NAMES
from rag.answering.fitting.gold import asked_of, read_gold
from rag.answering.fitting.judging import Judged, first_right, removals
from rag.answering.fitting.judging import judge as judge_row
from rag.answering.fitting.learn import examples, learn
from rag.answering.fitting.linear import Rated, fit_ranker
from rag.answering.fitting.passages import Corpus, right
from rag.answering.fitting.tasks import Task, muserc, tydiqa, xquad
from rag.answering.fitting.texts import MEANS_OF, question_mean
from rag.answering.fitting.weights import calibration_data, ranker_data, write
from rag.answering.language import question_language
from rag.answering.ranker import Ranker, Row, parse_ranker

_TARGET = Path(__file__).parents[2] / "data"
_GOLD_WEIGHT = 15.0  # of a question over the sample documents against one over XQuAD
_PASSAGES = 8


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("cache", type=click.Path(path_type=Path))
@click.option("--gold", type=click.Path(path_type=Path), default=Path("eval/data/gold.jsonl"))
@click.option("--samples", type=click.Path(path_type=Path), default=Path("corpus/samples"))
def main(models: Path, data: Path, cache: Path, gold: Path, samples: Path) -> None:
    """MODELS as in `kordon setup`, DATA the folder with the public sets, CACHE for encodings."""
    encoder = open_encoder("default", models)
    tasks = list(xquad(encoder, data, cache, fit=True))
    learning = [tydiqa(encoder, data, cache), muserc(encoder, data, cache), *tasks]
    click.echo("learning over token vectors", err=True)
    importance = learn(examples(learning))
    means = {language: question_mean(cache / name) for language, name in MEANS_OF.items()}
    bare = Ranker(encoder.card.name, means, importance, *_flat())
    searcher = _sample_index(encoder, samples, cache / "samples-home")
    questions = read_gold(gold, "dev")
    click.echo("fitting the ranker", err=True)
    rated = [one for task in tasks for one in _rated(task, bare)]
    rated += [
        _one(evidence, good, _GOLD_WEIGHT)
        for _, _, evidence, good in asked_of(searcher, bare, questions, _PASSAGES)
    ]
    content = ranker_data(encoder.card.name, fit_ranker(rated), means, importance)
    write(content, _TARGET / "sentence_ranker.json")
    ranker = parse_ranker(content)
    click.echo("calibrating", err=True)
    rows = [row for task in tasks for row in removals(task, ranker, step=2)]
    rows += _gold_rows(searcher, ranker, gold)
    write(calibration_data(rows), _TARGET / "answer_calibration.json")


def _flat() -> tuple[Row, Row, Row, Row]:
    nothing = np.zeros(len(NAMES), np.float32)
    return nothing, nothing + 1, nothing, nothing


def _sample_index(encoder: Encoder, samples: Path, home: Path) -> Searcher:
    store = IndexStore(home)
    with store.writer(encoder) as writer:
        writer.add([samples])
    return Searcher(store.open(), encoder)


def _rated(task: Task, ranker: Ranker) -> list[Rated]:
    corpus = Corpus(task)
    found = []
    for asked in task.asked:
        numbers = corpus.best(asked.question)
        passages = corpus.passages(asked.question, numbers)
        evidence = weigh(passages, task.questions.language, ranker)
        if evidence is not None:
            found.append(_one(evidence, right(evidence, asked, numbers), 1.0))
    return found


def _one(evidence: Evidence, good: np.ndarray, weight: float) -> Rated:
    rows = np.stack([evidence.columns[name] for name in NAMES], axis=1)
    return Rated(rows, good, evidence.columns["same_language"] > 0.5, weight)


def _gold_rows(searcher: Searcher, ranker: Ranker, gold: Path) -> list[Judged]:
    found = []
    asked = asked_of(searcher, ranker, read_gold(gold, "dev"), _PASSAGES)
    for number, (question, passages, evidence, good) in enumerate(asked):
        language = question_language(question.question)
        row = judge_row(evidence, passages, ranker)
        good_first = first_right(evidence, good)
        one = Judged(language, row, good_first, bool(question.answers), number)
        found.append(replace(one, weight=_GOLD_WEIGHT))
    return found


if __name__ == "__main__":
    main()
