"""Scores a TREC run file of any system."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.errors import UsageError
from eval.datasets.beir import read_judgements
from eval.datasets.trec import read_qrels, read_run
from eval.errors import DatasetError
from eval.measures.retrieval import MEASURES, retrieval_scores
from eval.stats.bootstrap import mean_interval


def score_file(run: Path, qrels: Path, measures: Sequence[str] = ()) -> dict[str, dict[str, float]]:
    """Mean, interval and number of queries per measure. Raises `DatasetError`, `UsageError`."""
    import ir_measures

    for name in measures:
        try:
            ir_measures.parse_measure(name)
        except (ValueError, NameError) as error:
            raise UsageError(f"ir-measures knows no measure {name!r}: {error}.") from error
    judged = read_judgements(qrels) if qrels.suffix == ".tsv" else read_qrels(qrels)
    grades: dict[str, dict[str, int]] = {}
    for row in judged:
        grades.setdefault(row.query, {})[row.document] = max(row.grade, 0)
    if not any(grade for own in grades.values() for grade in own.values()):
        raise DatasetError(
            f"{qrels} judges no document to be relevant, so there is nothing to score against; "
            "give the judgements that belong to the run."
        )
    scores = retrieval_scores(grades, read_run(run), measures or MEASURES)
    means = {}
    for name, values in scores.items():
        own = np.asarray(list(values.values()))
        low, high = mean_interval(own, rounds=2_000)
        mean = float(own.mean()) if len(own) else 0.0
        means[name] = {"mean": mean, "low": low, "high": high, "n": float(len(own))}
    return means
