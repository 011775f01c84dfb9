"""Retrieval measures through `ir-measures`, one value per question; no result scores zero.

nDCG@10 (Järvelin and Kekäläinen 2002, linear gain as in trec_eval), AP (the mean of which is MAP),
RR (MRR), R@k (recall), Success@k.
"""

from collections.abc import Mapping, Sequence

MEASURES = ("nDCG@10", "AP", "AP@10", "RR", "R@1", "R@5", "R@10", "R@100", "Success@5")

Qrels = Mapping[str, Mapping[str, int]]
Ranking = Sequence[tuple[str, float]]


def retrieval_scores(
    qrels: Qrels, run: Mapping[str, Ranking], names: Sequence[str] = MEASURES
) -> dict[str, dict[str, float]]:
    """`{measure: {question: value}}` for every question of `qrels` with a relevant document.

    As in trec_eval the scores decide the order and equal scores go by document id; a question
    absent from `run` scores 0.0. Questions without a relevant document have no value.
    """
    import ir_measures

    judged = {query: dict(grades) for query, grades in qrels.items() if any(grades.values())}
    values = {name: dict.fromkeys(judged, 0.0) for name in names}
    scored = {query: dict(run[query]) for query in judged if run.get(query)}
    if not scored:
        return values
    measures = {ir_measures.parse_measure(name): name for name in names}
    asked = {query: judged[query] for query in scored}
    for metric in ir_measures.iter_calc(list(measures), asked, scored):
        values[measures[metric.measure]][metric.query_id] = float(metric.value)
    return values


def by_rank(ranking: Ranking) -> list[tuple[str, float]]:
    """The ranking with scores that only say its order: ties of a system are not reordered."""
    return [(unit, float(len(ranking) - place)) for place, (unit, _) in enumerate(ranking)]
