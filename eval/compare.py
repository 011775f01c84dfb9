"""Two runs over the same questions: what differs, and whether that could be chance.

Every pair of runs is compared question by question (paired randomisation test), with an interval
of the difference, per measure and group; p-values of one comparison are corrected together (Holm).
AURC and ECE are no means over questions: they have an interval of their difference instead, and
count as different when it leaves zero out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.errors import RunError
from eval.folder import RunFolder
from eval.measures.refusal import aurc, expected_calibration_error
from eval.scoring import groups_of
from eval.stats.bootstrap import Floats, Places, mean_interval, statistic_interval
from eval.stats.correction import holm, smallest_difference
from eval.stats.randomisation import paired_randomisations
from eval.summary import confidence_and_right
from eval.types import Outcome, Question

Values = tuple[dict[str, float], dict[str, float]]  # of A and B, by question
ALPHA = 0.05
LOWER_IS_BETTER = frozenset({"AURC", "ECE"})
AREA_ROUNDS = 500
# What is compared unless something else is asked for: the more is compared, the more correction.
CORE = (
    *("nDCG@10", "AP", "R@10", "right", "quoted@1", "quoted@3", "span F1"),
    *("citation precision", "citation recall", "decided", "language", "AURC", "ECE"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Run B against run A (the baseline) in one measure and group.

    `difference` is B - A with the interval [low, high]. `p` is the test's, `adjusted` Holm's; both
    are None for areas. `detectable` is the smallest true difference that these questions would
    show four times out of five, None where they cannot tell. `questions` were compared.
    """

    group: str
    measure: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float | None
    adjusted: float | None
    detectable: float | None
    questions: int

    @property
    def significant(self) -> bool:
        """Whether chance is an unlikely reason (5 %, corrected)."""
        if self.adjusted is not None:
            return self.adjusted < ALPHA
        return self.low > 0 or self.high < 0

    @property
    def worse(self) -> bool:
        """Whether B is significantly worse than A."""
        down = self.difference > 0 if self.measure in LOWER_IS_BETTER else self.difference < 0
        return self.significant and down


def compare_runs(
    a: RunFolder, b: RunFolder, *, measures: Sequence[str] = CORE, groups: Sequence[str] = ()
) -> list[Difference]:
    """All differences of B against A. Raises `RunError` when they asked different questions.

    `measures` and `groups` narrow the comparison (empty: all that both runs have). A question of
    group "en-en" is in "all" and "en" too; each group is a comparison of its own.
    """
    questions = _same_questions(a, b)
    mine, other = a.scores(), b.scores()
    seed = int(a.read("run.json")["settings"]["seed"])
    shared = [name for name in mine if name in other and (not measures or name in measures)]
    found: list[Difference] = []
    for group, members in groups_of(questions).items():
        if groups and group not in groups:
            continue
        found += _group(group, members, {name: (mine[name], other[name]) for name in shared}, seed)
    found = _corrected(found)
    if all("refusal" in run.read("measures.json")["groups"]["all"] for run in (a, b)):
        found += _areas(a, b, questions, measures, groups, seed)
    return found


def _same_questions(a: RunFolder, b: RunFolder) -> tuple[Question, ...]:
    questions, others = a.questions(), b.questions()
    data = [folder.read("run.json")["dataset"] for folder in (a, b)]
    if data[0]["digest"] != data[1]["digest"]:
        raise RunError(
            f"{a.name} and {b.name} cannot be compared: they asked the data set {data[0]['name']} "
            f"in the state {data[0]['digest']} and {data[1]['name']} in {data[1]['digest']}."
        )
    if {q.id for q in questions} != {q.id for q in others}:
        raise RunError(
            f"{a.name} and {b.name} cannot be compared: they asked different questions "
            "(pairs, half, limit or seed); run one of them again with the other's settings."
        )
    return questions


def _group(
    group: str, members: Sequence[str], values: Mapping[str, Values], seed: int
) -> list[Difference]:
    """Every measure in one group; all tests of the group draw the same signs."""
    rows: list[Difference] = []
    columns: list[Floats] = []
    for measure, (mine, other) in values.items():
        # Only "verbatim" lacks values (where nothing was quoted): compared where both have one.
        both = np.asarray([member in mine and member in other for member in members])
        if both.any():
            first = np.asarray([mine.get(member, 0.0) for member in members])
            second = np.asarray([other.get(member, 0.0) for member in members])
            rows.append(_described(group, measure, first[both], second[both], seed))
            columns.append(np.where(both, second - first, 0.0))
    p_values = paired_randomisations(np.stack(columns, axis=1), seed=seed) if columns else []
    return [replace(row, p=p) for row, p in zip(rows, p_values, strict=True)]


def _described(group: str, measure: str, first: Floats, second: Floats, seed: int) -> Difference:
    differences = second - first
    low, high = mean_interval(differences, rounds=2_000, seed=seed)
    return Difference(
        group,
        measure,
        float(first.mean()),
        float(second.mean()),
        float(differences.mean()),
        low,
        high,
        None,
        None,
        smallest_difference(differences),
        len(differences),
    )


def _corrected(found: list[Difference]) -> list[Difference]:
    adjusted = holm([row.p or 0.0 for row in found])
    return [replace(row, adjusted=value) for row, value in zip(found, adjusted, strict=True)]


def _areas(
    a: RunFolder,
    b: RunFolder,
    questions: Sequence[Question],
    measures: Sequence[str],
    groups: Sequence[str],
    seed: int,
) -> list[Difference]:
    known = {question.id: question for question in questions}
    sides = [(folder.outcomes(), folder.scores()) for folder in (a, b)]
    found = []
    for group, members in groups_of(questions).items():
        if groups and group not in groups:
            continue
        asked = [known[member] for member in members]
        pairs = [_arrays(asked, outcomes, scores) for outcomes, scores in sides]
        for name, area in (("AURC", aurc), ("ECE", expected_calibration_error)):
            if not measures or name in measures:
                found.append(_area(group, name, area, pairs, seed))
    return found


def _arrays(
    questions: Sequence[Question],
    outcomes: dict[str, Outcome],
    scores: dict[str, dict[str, float]],
) -> tuple[Floats, Floats]:
    confidence, right = confidence_and_right(questions, outcomes, scores)
    return np.asarray(confidence), np.asarray(right, float)


def _area(
    group: str,
    name: str,
    area: Callable[[Floats, Floats], float],
    pairs: Sequence[tuple[Floats, Floats]],
    seed: int,
) -> Difference:
    (sure_a, right_a), (sure_b, right_b) = pairs

    def difference(places: Places) -> float:
        return float(area(sure_b[places], right_b[places]) - area(sure_a[places], right_a[places]))

    whole = np.arange(len(sure_a))
    low, high = statistic_interval(difference, len(whole), rounds=AREA_ROUNDS, seed=seed)
    return Difference(
        group,
        name,
        float(area(sure_a, right_a)),
        float(area(sure_b, right_b)),
        difference(whole),
        low,
        high,
        None,
        None,
        None,
        len(whole),
    )
