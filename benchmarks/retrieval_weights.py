"""A weight of the search, on the half it is chosen on and the other (decisions 0305, 0308, 0309).

    python benchmarks/retrieval_weights.py [--data ../shared/data] [--every 1]
        [--of lexical_weight] [--weights 2,4,8]

XQuAD is the mean of nDCG@10 in four directions and for both versions together, ObliQA is Recall@10
and MAP@10; "even" are the articles and documents of even number. Nothing is written.
"""

import argparse
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from retrieval import ROOT, indexed
from retrieval_data import Collection, obliqa, xquad
from retrieval_index import Encodings
from retrieval_systems import average_precision, ndcg, recall, systems

from index.encoders.registry import open_encoder
from index.models.setup import prepare
from index.search.settings import SearchSettings

WEIGHTS = ("lexical_weight", "subject_weight", "fitted_questions")
Figures = Iterator[tuple[str, bool, float]]  # measure, whether of the odd half, value


def figures(
    name: str, collection: Collection, encodings: Encodings, settings: SearchSettings, every: int
) -> Figures:
    """Every question's figures with these settings."""
    index, asked = indexed(name, collection, encodings)
    system = systems(index, encodings.encoder, settings)
    starts, at = {}, 0
    for language, texts in collection.passages.items():
        starts[language], at = at, at + len(texts)
    for language, questions in collection.questions.items():
        for number in range(0, len(questions), every):
            rows = system.kordon(questions[number], asked[language].encoded(number))
            odd = collection.groups[number] % 2 == 1
            right = {o: [starts[o] + n for n in collection.right[o][number]] for o in starts}
            if name == "ObliQA":
                yield "ObliQA R@10", odd, recall(rows.tolist(), right["en"])
                yield "ObliQA MAP@10", odd, average_precision(rows.tolist(), right["en"])
                continue
            for other, own in right.items():
                ranked = rows[index.languages[rows] == other].tolist()
                yield "XQuAD", odd, ndcg(ranked, own)
            yield "XQuAD", odd, ndcg(rows.tolist(), [n for own in right.values() for n in own])


def main() -> None:
    """Print a line for each weight."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--every", type=int, default=1, help="take every n-th question")
    parser.add_argument("--of", default="lexical_weight", choices=WEIGHTS)
    parser.add_argument("--weights", default="2,3,4,5,8")
    parser.add_argument("--kept", type=Path, default=None, help="folder of encoded texts")
    given = parser.parse_args()
    home = Path(os.environ.get("KORDON_HOME", ROOT / "var"))
    prepare(home / "models")
    encodings = Encodings(
        given.kept or home / "benchmark", open_encoder("default", home / "models")
    )
    collections = {"XQuAD": xquad(given.data), "ObliQA": obliqa(given.data)}
    for weight in map(float, given.weights.split(",")):
        settings = SearchSettings(**{given.of: weight})
        values: dict[tuple[str, bool], list[float]] = defaultdict(list)
        for name, collection in collections.items():
            for measure, odd, value in figures(name, collection, encodings, settings, given.every):
                values[measure, odd].append(value)
        cells = (
            f"{measure} {'odd' if odd else 'even'} {np.mean(own):.4f}"
            for (measure, odd), own in sorted(values.items(), key=lambda each: each[0][::-1])
        )
        print(f"weight {weight:g}: " + ", ".join(cells))


if __name__ == "__main__":
    main()
