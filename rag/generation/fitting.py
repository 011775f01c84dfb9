"""Fits the entailment signal on XNLI: `python -m rag.generation.fitting MODELS XNLI`.

XNLI (Conneau et al. 2018, CC BY-NC 4.0; only the weights are kept) is line-parallel, so every pair
is taken four times: in English, in Russian, and across in both directions. Even lines are fitted
on, odd lines measured. The thresholds are chosen on the tuning half of
`tests/data/answer_checks.jsonl`; words across two languages are never as near as within one.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from index.encoders.registry import open_encoder
from rag.answering.fitting.logistic import fit_logistic
from rag.generation.checks.meaning import NAMES, row_of
from rag.generation.checks.vectors import Vectorizer

_TARGET = Path(__file__).parents[1] / "data" / "entailment.json"
SAME = 0.5
ACROSS = 0.2
_DECAY = 1e-3
Pair = tuple[str, str, str]  # premise, hypothesis, label


@click.command(help=__doc__)
@click.argument("models", type=click.Path(path_type=Path))
@click.argument("xnli", type=click.Path(path_type=Path))
@click.option("--step", default=1, help="Every how manieth line is taken.")
def main(models: Path, xnli: Path, step: int) -> None:
    """Fit, measure, write."""
    english, russian = read(xnli / "dev-en.tsv")[::step], read(xnli / "dev-ru.tsv")[::step]
    vectorizer = Vectorizer(open_encoder("default", models))
    rows, labels, lines = [], [], []
    for number, (one, other) in enumerate(zip(english, russian, strict=True)):
        for premise, hypothesis, languages in _four(one, other):
            pair, cosine = vectorizer.pair(hypothesis, languages[1], premise, languages[0])
            rows.append(row_of(*pair, cosine, languages[0] != languages[1]))
            labels.append(one[2] == "entailment")
            lines.append(number)
    held = np.array(lines) % 2 == 1
    design, right = np.array(rows, np.float64), np.array(labels, np.float64)
    model = fit_logistic(design[~held], right[~held], np.ones((~held).sum()), _DECAY)
    measured = model.probability(design[held])
    auc = area(measured, right[held])
    across = design[held][:, NAMES.index("across")] == 1
    for name, rows_of_kind, least in (("same", ~across, SAME), ("across", across, ACROSS)):
        passed, entailed = measured[rows_of_kind] >= least, right[held][rows_of_kind] == 1
        click.echo(
            f"{name}: entailed kept {passed[entailed].mean():.3f}, "
            f"others turned down {(~passed[~entailed]).mean():.3f}"
        )
    click.echo(f"held out: AUC {auc:.3f}")
    columns = {
        name: {
            "weight": round(float(model.weights[at]), 5),
            "mean": round(float(model.mean[at]), 5),
            "scale": round(float(model.scale[at]), 5),
        }
        for at, name in enumerate(NAMES)
    }
    data = {
        "source": "XNLI dev, even lines, en and ru and across; python -m rag.generation.fitting",
        "held_out_auc": round(auc, 3),
        "bias": round(model.bias, 5),
        "same": SAME,
        "across": ACROSS,
        "columns": columns,
    }
    _TARGET.write_text(json.dumps(data, indent=1) + "\n", "utf-8")


def read(file: Path) -> list[Pair]:
    """The pairs of one language, a tab-separated line each."""
    lines = file.read_text("utf-8").splitlines()
    return [(parts[0], parts[1], parts[2]) for parts in (line.split("\t") for line in lines)]


def area(probability: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> float:
    """The area under the ROC curve: how often a right pair is above a wrong one (ties half)."""
    order = np.argsort(probability, kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    positive = right == 1
    count, rest = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * rest))


def _four(one: Pair, other: Pair) -> Iterator[tuple[str, str, tuple[str, str]]]:
    yield one[0], one[1], ("en", "en")
    yield other[0], other[1], ("ru", "ru")
    yield one[0], other[1], ("en", "ru")
    yield other[0], one[1], ("ru", "en")


if __name__ == "__main__":
    main()
