"""The plots of the report."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from eval.report.labels import Labels
from eval.report.loaded import Loaded
from eval.report.svg import Bar, Line, bars, legend, lines


def retrieval_plot(runs: Sequence[Loaded], measure: str, say: Labels) -> str:
    """One measure by group, a bar for each run."""
    groups = [name for name in runs[0].groups if name == "all" or "-" in name]
    series = [[_bar(run.groups.get(group, {}), measure) for group in groups] for run in runs]
    names = [say("all") if group == "all" else group for group in groups]
    plot = bars(measure, names, series, lambda value: say.number(value, 2))
    return f"{plot}{legend([run.name for run in runs])}"


def _bar(group: dict[str, Any], measure: str) -> Bar | None:
    found = group.get("measures", {}).get(measure)
    return Bar(found["mean"], found["low"], found["high"]) if found else None


def refusal_plots(runs: Sequence[Loaded], say: Labels) -> str:
    """Risk-coverage curves and reliability diagrams: all questions, then each language."""
    plots = []
    languages = [name for name in runs[0].groups if "-" not in name and name != "all"]
    for group in ["all", *languages]:
        name = say("all") if group == "all" else group
        found = [run.groups.get(group, {}).get("refusal") for run in runs]
        curves = [_curve(run.name, own) for run, own in zip(runs, found, strict=True)]
        steps = [_reliability(run.name, own) for run, own in zip(runs, found, strict=True)]
        plots.append(
            lines(
                say("risk_coverage", group=name),
                curves,
                say("coverage"),
                say("risk"),
                lambda value: say.number(value, 1),
                diagonal=False,
            )
        )
        plots.append(
            lines(
                say("reliability", group=name),
                steps,
                say("confidence"),
                say("right"),
                lambda value: say.number(value, 1),
                diagonal=True,
            )
        )
    return f'<div class="plots">{"".join(plots)}</div>{legend([run.name for run in runs])}'


def _curve(name: str, refusal: dict[str, Any] | None) -> Line:
    points = refusal["curve"] if refusal else []
    return Line(name, [(coverage, risk) for coverage, risk in points])


def _reliability(name: str, refusal: dict[str, Any] | None) -> Line:
    """A dot's area says how many questions are in its bin."""
    found = refusal["bins"] if refusal else []
    total = max(1, sum(own["count"] for own in found))
    sizes = [2 + 8 * sqrt(own["count"] / total) for own in found]
    return Line(name, [(own["confidence"], own["right"]) for own in found], sizes)
