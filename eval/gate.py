"""May this go live? A gate for CI and for a new index: no measure may get significantly worse."""

from dataclasses import dataclass

from eval.compare import Difference, compare_runs
from eval.folder import RunFolder

# The questions of the smaller groups are in "all" too; measures a reader decides by, not all of
# them, so that the correction for many comparisons does not hide what matters.
GATED = (
    *("nDCG@10", "AP", "R@10", "right", "quoted@1", "quoted@3", "citation precision"),
    *("citation recall", "decided", "language", "AURC"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`worse` are the significant losses; `broken` are sentences on what no run may do."""

    compared: tuple[Difference, ...]
    worse: tuple[Difference, ...]
    broken: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the run may go live."""
        return not self.worse and not self.broken


def gate(run: RunFolder, baseline: RunFolder) -> Verdict:
    """Hold a run against a baseline. Raises `RunError` when they cannot be compared.

    Broken, whatever the baseline: a quote that does not stand in its source, or questions that
    failed where the baseline's did not.
    """
    compared = tuple(compare_runs(baseline, run, measures=GATED))
    whole = run.read("measures.json")["groups"]["all"]
    broken = []
    verbatim = whole["measures"].get("verbatim", {"mean": 1.0})["mean"]
    if verbatim < 1.0:
        broken.append(f"Only {verbatim:.4f} of the quotes stand verbatim in their source.")
    before = baseline.read("measures.json")["groups"]["all"]["failed"]
    if whole["failed"] > before:
        broken.append(f"{whole['failed']} questions failed, {before} in the baseline.")
    # Areas are not corrected for being many, so only the one over all questions counts.
    worse = tuple(
        row for row in compared if row.worse and (row.adjusted is not None or row.group == "all")
    )
    return Verdict(compared, worse, tuple(broken))
