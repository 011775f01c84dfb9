"""Fit what tells questions about the collection from others, and gather the words of asking.

    python -m rag.answering.fitting.collection MODELS

MODELS as in `kordon setup`. Fits a logistic model over question vectors to the questions of
`eval/data/collection.jsonl` (of both sorts) and those of the other data sets there, which are all
to the contents, and writes `rag/data/collection_questions.json`; the words go to
`rag/data/collection_words.txt`. Before that it says how well each writer's questions are known by a
fit without them. Some minutes.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from index.analysis.words import words_of
from index.encoders.base import Encoder
from index.encoders.registry import open_encoder
from rag.answering.catalogue.recognise import PROBABLE, SURE
from rag.answering.fitting.logistic import Array, Logistic, fit_logistic
from rag.answering.language import question_language

ROOT = Path(__file__).parents[3]
_DATA, _TARGET = ROOT / "eval" / "data", ROOT / "rag" / "data"
_EACH = 5  # one of so many questions to the contents is taken
_DECAY = 3e-3
_BATCH = 64
_BEGINNING = 5  # letters that a topic and a word have in common
_LEAST = 2  # questions that have it
_OFTEN = 6  # times as often outside of topics as inside: a word of asking
Row = dict[str, object]


def of_many_writers() -> list[Row]:
    """Questions of both sorts, each with its writer."""
    return [json.loads(line) for line in _lines(_DATA / "collection.jsonl")]


def to_the_contents() -> list[str]:
    """One of `_EACH` questions of the other data sets, and none of `chat.jsonl`."""
    paths = sorted(_DATA.glob("*.jsonl"))
    own = [path for path in paths if path.stem not in ("chat", "collection")]
    rows = (json.loads(line) for path in own for line in _lines(path))
    return sorted({row["question"] for row in rows if "question" in row})[::_EACH]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def vectors_of(questions: Sequence[str], encoder: Encoder) -> Array:
    """Question vectors (n, d)."""
    parts = [
        encoder.encode_queries(questions[at : at + _BATCH]).vectors
        for at in range(0, len(questions), _BATCH)
    ]
    return np.concatenate(parts).astype(np.float64)


def fit(vectors: Array, ours: Array) -> Logistic:
    """The model, every question counting alike."""
    return fit_logistic(vectors, ours, np.ones(len(ours)), _DECAY)


def words_of_asking(rows: Sequence[Row]) -> list[str]:
    """Stems of questions about the collection that are hardly ever of what is asked for."""
    asking, telling = Counter[str](), Counter[str]()
    for row in rows:
        question, wants = str(row["question"]), row.get("wants") or {}
        language = question_language(question)
        topic = f"{wants.get('topic', '')} {wants.get('from', '')}"  # type: ignore[attr-defined]
        told = {word.stem[:_BEGINNING] for word in words_of(topic, language)}
        for word in words_of(question, language):
            if not word.stop and not question[word.start : word.end].isdigit():
                (telling if word.stem[:_BEGINNING] in told else asking)[word.stem] += 1
    return sorted(
        stem for stem, count in asking.items() if count >= max(_LEAST, _OFTEN * telling[stem])
    )


def _report(rows: Sequence[Row], vectors: Array, ours: Array) -> None:
    """How well each writer's questions are known by a fit without them."""
    writers = np.array([str(row["writer"]) for row in rows] + ["-"] * (len(ours) - len(rows)))
    fold = np.arange(len(ours))
    names = sorted(set(writers) - {"-"})
    for at, writer in enumerate(names):
        out = (writers == writer) | ((writers == "-") & (fold % len(names) == at))
        found = fit(vectors[~out], ours[~out]).probability(vectors[out])
        own = writers[out] == writer
        for limit in (PROBABLE, SURE):
            known, taken, others = (
                f"{(found[which] >= limit).sum()} of {which.sum()}"
                for which in (own & (ours[out] > 0), own & (ours[out] == 0), ~own)
            )
            click.echo(
                f"{writer} {limit}: known {known}, taken for one {taken}, other sets {others}"
            )


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path))
def main(models: Path) -> None:
    """Fit, report and write."""
    encoder = open_encoder("default", models)
    rows = of_many_writers()
    questions = [str(row["question"]) for row in rows] + to_the_contents()
    ours = np.zeros(len(questions))
    ours[: len(rows)] = [row["asks"] == "collection" for row in rows]
    vectors = vectors_of(questions, encoder)
    _report(rows, vectors, ours)
    model = fit(vectors, ours)
    weights = model.weights / model.scale
    data = {
        "made_by": "python -m rag.answering.fitting.collection MODELS",
        "encoder": encoder.card.name,
        "bias": round(float(model.bias - model.mean @ weights), 4),
        "weights": [round(float(weight), 3) for weight in weights],
    }
    (_TARGET / "collection_questions.json").write_text(json.dumps(data) + "\n", "utf-8")
    words = words_of_asking([row for row in rows if row["asks"] == "collection"])
    (_TARGET / "collection_words.txt").write_text("\n".join(words) + "\n", "utf-8")


if __name__ == "__main__":
    main()
