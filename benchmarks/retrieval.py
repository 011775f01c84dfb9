"""`make bench-retrieval`: search within and across languages, beside what everyone does.

    python benchmarks/retrieval.py [--data ../shared/data] [--only xquad,names] [--every 1]

Every figure is measured on one index that holds all passages in both languages; where only one
language counts, the other's passages are taken out of the ranking afterwards. "held-out" are the
articles and documents of odd number, which no parameter was fitted on. Vectors are kept in
`$KORDON_HOME/benchmark`, so that a second run takes minutes; the first one encodes for an hour.
"""

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from report import commit, keep
from retrieval_data import Collection, obliqa, xquad, xquad_r
from retrieval_index import Encodings, PassageIndex, Texts
from retrieval_real import Measured, measure_fatf, measure_names
from retrieval_sentences import measure_sentences
from retrieval_systems import average_precision, ndcg, recall, reciprocal, systems

from index.encoders.registry import open_encoder
from index.models.setup import prepare

ROOT = Path(__file__).parents[1]
GOALS = {
    "XQuAD en-en nDCG@10": 0.987,
    "XQuAD ru-ru nDCG@10": 0.980,
    "XQuAD ru-en nDCG@10": 0.938,
    "XQuAD en-ru nDCG@10": 0.940,
    "XQuAD en-both nDCG@10": 0.955,
    "XQuAD ru-both nDCG@10": 0.945,
    "ObliQA en-en Recall@10": 0.82,
    "ObliQA en-en MAP@10": 0.68,
    "names hit@5": 0.90,
}


@dataclass(slots=True)
class Table:
    """Figures by row and system, one per question; `late` marks those of the held-out half."""

    figures: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    held_out: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def add(self, measured: Measured) -> None:
        """Take in one question's figure of one system."""
        self.figures[measured.row][measured.system].append(measured.value)
        if measured.system == "kordon":
            self.held_out[measured.row].append(measured.held_out)

    def rows(self) -> Iterator[tuple[str, dict[str, float]]]:
        """Means by row: each system, and the product on the held-out half."""
        for row, by_system in self.figures.items():
            means = {system: float(np.mean(values)) for system, values in by_system.items()}
            late = np.array(self.held_out[row], bool)
            if late.any() and not late.all():
                means["held-out"] = float(np.mean(np.array(by_system["kordon"])[late]))
            yield row, means


def measure(
    name: str,
    collection: Collection,
    index: PassageIndex,
    asked: dict[str, Texts],
    measures: dict[str, Callable[[Sequence[int], Sequence[int]], float]],
    every: int,
    seconds: list[float],
    encoder: object,
) -> Iterator[Measured]:
    """All questions of a collection against the mixed index, by language of question and text."""
    found = systems(index, encoder)  # type: ignore[arg-type]
    found.seconds = seconds
    starts, at = {}, 0
    for language in collection.passages:
        starts[language] = at
        at += len(collection.passages[language])
    for language, questions in collection.questions.items():
        texts = asked[language]
        for number in range(0, len(questions), every):
            encoded = texts.encoded(number)
            held_out = collection.groups[number] % 2 == 1
            right = {
                other: [starts[other] + one for one in collection.right[other][number]]
                for other in starts
            }
            for system, ranking in found.named().items():
                rows = ranking(questions[number], encoded)
                kinds = index.languages[rows]
                for other in starts:
                    ranked = rows[kinds == other].tolist()
                    for measure_name, score in measures.items():
                        row = f"{name} {language}-{other} {measure_name}"
                        yield Measured(row, system, score(ranked, right[other]), held_out)
                if name == "XQuAD" and system != "rrf apart":
                    both = [one for some in right.values() for one in some]
                    row = f"{name} {language}-both nDCG@10"
                    yield Measured(row, system, ndcg(rows.tolist(), both), held_out)


def indexed(
    name: str, collection: Collection, encodings: Encodings
) -> tuple[PassageIndex, dict[str, Texts]]:
    """A collection in one index, and its questions by language, both encoded."""
    stems = {"XQuAD": "xquad_{}_par", "XQuAD-R": "xquad_r_{}_sent", "ObliQA": "obliqa_par"}
    ask = {"XQuAD": "xquad_{}_q", "XQuAD-R": "xquad_{}_q", "ObliQA": "obliqa_q"}
    parts = [
        (encodings.of(stems[name].format(language), texts), language)
        for language, texts in collection.passages.items()
    ]
    asked = {
        language: encodings.of(ask[name].format(language), texts, questions=True)
        for language, texts in collection.questions.items()
    }
    return PassageIndex(parts, collection.documents), asked


def over_passages(
    name: str, collection: Collection, encodings: Encodings, every: int, seconds: list[float]
) -> Iterator[Measured]:
    """Encode a collection, put it into one index and measure it."""
    measures = {
        "XQuAD": {"nDCG@10": ndcg},
        "XQuAD-R": {"mAP": reciprocal},
        "ObliQA": {"Recall@10": recall, "MAP@10": average_precision},
    }[name]
    index, asked = indexed(name, collection, encodings)
    print(f"{name}: {index.token_bytes:.0f} bytes of token vectors a passage", file=sys.stderr)
    yield from measure(name, collection, index, asked, measures, every, seconds, encodings.encoder)


def everything(
    arguments: argparse.Namespace, encodings: Encodings, seconds: list[float]
) -> Iterator[Measured]:
    """All that is wanted and that the data allow; what is absent is named on stderr."""
    only, data, every = arguments.only.split(","), arguments.data, arguments.every
    there = [key for key in only if key in ("names", "fatf") or (data / key).is_dir()]
    for key in set(only) - set(there):
        print(f"{key} is left out: {data / key} is absent.", file=sys.stderr)
    loaders = {"xquad": ("XQuAD", xquad), "xquad_r": ("XQuAD-R", xquad_r)}
    loaders["obliqa"] = ("ObliQA", obliqa)
    for key, (name, load) in loaders.items():
        if key in there:
            yield from over_passages(name, load(data), encodings, every, seconds)
    if "xquad_r" in there:
        yield from measure_sentences(data, encodings.folder / "xquad_r", encodings.encoder, every)
    if "fatf" in there and (data / "ctaml").is_dir():
        yield from measure_fatf(data, encodings.folder / "ctaml", encodings.encoder)
    if "names" in there:
        yield from measure_names(data, encodings.folder / "names", encodings.encoder)


def main() -> None:
    """Measure what the data allow, print the table and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--only", default="xquad,xquad_r,obliqa,fatf,names")
    parser.add_argument("--every", type=int, default=1, help="take every n-th question")
    parser.add_argument("--kept", type=Path, default=None, help="folder of encoded texts")
    arguments = parser.parse_args()
    home = Path(os.environ.get("KORDON_HOME", ROOT / "var"))
    prepare(home / "models")
    encoder = open_encoder("default", home / "models")
    encodings = Encodings(arguments.kept or home / "benchmark", encoder)
    table, seconds = Table(), list[float]()
    for measured in everything(arguments, encodings, seconds):
        table.add(measured)
    show(table)
    store(table, arguments.every, seconds)


def store(table: Table, every: int, seconds: Sequence[float]) -> None:
    """Keep the rows with those of earlier runs over other data, each with the commit it is of."""
    name = "retrieval" if every == 1 else "retrieval_sample"
    path = ROOT / "benchmarks" / "results" / f"{name}.json"
    held = json.loads(path.read_text("utf-8")) if path.is_file() else {"rows": {}}
    rows = held["rows"]
    for row, means in table.rows():
        rows[row] = {key: round(value, 4) for key, value in means.items()}
        rows[row]["commit"] = commit()
    late = held.get("search_p95_ms")  # of the last run that asked as a user does
    if seconds:
        late = round(float(np.percentile(seconds, 95) * 1000), 1)
    keep(name, {"every": every, "search_p95_ms": late, "rows": rows})


def show(table: Table) -> None:
    """The table, one row a line."""
    columns = ("dense", "words", "rrf", "rrf apart", "fused", "kordon", "held-out")
    print(f"{'':34}" + "".join(f"{column:>10}" for column in columns) + f"{'goal':>10}")
    for row, means in table.rows():
        cells = "".join(f"{means[c]:10.4f}" if c in means else f"{'':10}" for c in columns)
        goal = GOALS.get(row)
        print(f"{row:34}{cells}" + (f"{goal:10.3f}" if goal else ""))


if __name__ == "__main__":
    main()
