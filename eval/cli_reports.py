"""Commands that read finished runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eval.cli_common import find_run
from eval.report.labels import SMALLEST_SHOWN
from rag.cli_common import as_json, complain, emit, emit_json

if TYPE_CHECKING:
    from eval.compare import Difference
    from eval.folder import RunFolder


@click.command()
@click.argument("runs", nargs=-1, required=True)
@click.option("--measure", "measures", multiple=True, help="This measure; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="All measures that both runs have.")
@click.option("--group", "groups", multiple=True, help="Only this group; may be repeated.")
@as_json
def compare(
    runs: tuple[str, ...],
    measures: tuple[str, ...],
    everything: bool,
    groups: tuple[str, ...],
    machine: bool,
) -> None:
    """Hold the other RUNS against the first: differences, intervals and p-values."""
    from dataclasses import asdict

    from eval.compare import CORE, compare_runs

    if len(runs) < 2:
        raise click.UsageError("Give at least two runs; the first is the baseline.")
    first, *others = [find_run(name) for name in runs]
    _known(first, measures, groups)
    measures = measures or (() if everything else CORE)
    tables = [
        (other, compare_runs(first, other, measures=measures, groups=groups)) for other in others
    ]
    if machine:
        emit_json(
            [
                {"a": first.name, "b": other.name, "differences": [asdict(row) for row in rows]}
                for other, rows in tables
            ]
        )
        return
    for other, rows in tables:
        emit(f"{other.name} against {first.name}\n{_table(rows)}")


def _known(run: "RunFolder", measures: Sequence[str], groups: Sequence[str]) -> None:
    """Raise `UsageError` for a measure or group that the run does not have."""
    from corpus.errors import UsageError

    found = run.read("measures.json")["groups"]
    scored = [*found["all"]["measures"], "AURC", "ECE"]
    for what, asked, there in (("measure", measures, scored), ("group", groups, list(found))):
        unknown = [name for name in asked if name not in there]
        if unknown:
            raise UsageError(f"{run.name} has no {what} {unknown[0]!r}; it has {', '.join(there)}.")


def _table(rows: "list[Difference]") -> str:
    lines = [
        f"{'group':9} {'measure':18} {'A':>7} {'B':>7} {'B - A':>8}  {'95 % interval':>17} "
        f"{'p':>7} {'Holm':>7} {'detectable':>10} {'n':>5}"
    ]
    for row in rows:
        p, adjusted = _chance(row.p), _chance(row.adjusted)
        none = "-" if row.p is None else "not known"
        detectable = none if row.detectable is None else f"{row.detectable:.3f}"
        mark = " worse" if row.worse else " better" if row.significant else ""
        interval = f"[{row.low:+.3f}, {row.high:+.3f}]"
        lines.append(
            f"{row.group:9} {row.measure:18} {row.a:7.3f} {row.b:7.3f} {row.difference:+8.3f}  "
            f"{interval:>17} {p:>7} {adjusted:>7} {detectable:>10} {row.questions:5}{mark}"
        )
    return "\n".join(lines)


def _chance(p: float | None) -> str:
    """A p-value, never as nothing: no number of sign patterns shows that."""
    if p is None:
        return "-"
    return f"{p:.4f}" if p >= SMALLEST_SHOWN else "<.0001"


@click.command()
@click.argument("runs", nargs=-1, required=True)
@click.option("--html", is_flag=True, help="Write one self-contained page (the default).")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write the benchmark tables.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the page goes.")
@click.option("--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True)
@click.option("--questions", default=100, show_default=True, help="How many are listed.")
def report(
    runs: tuple[str, ...],
    html: bool,
    markdown: Path | None,
    out: Path | None,
    lang: str,
    questions: int,
) -> None:
    """Write a report on RUNS: tables, plots, and the questions with the worst first.

    With several runs the first is the baseline that the others are compared with.
    """
    from eval.compare import compare_runs
    from eval.report.html import page
    from eval.report.labels import load_labels
    from eval.report.loaded import load_run, same_data
    from eval.report.markdown import benchmarks, kept

    loaded = [load_run(find_run(name)) for name in runs]
    if markdown is not None:
        _write(markdown, benchmarks(loaded) + kept(markdown))
        emit(str(markdown))
    if html or markdown is None:
        same_data(loaded)
        first, *others = loaded
        compared = [
            (first.name, other.name, compare_runs(first.folder, other.folder)) for other in others
        ]
        place = out or loaded[-1].folder.path / f"report-{lang}.html"
        _write(place, page(loaded, compared, load_labels(lang), questions))
        emit(str(place))


def _write(path: Path, text: str) -> None:
    from corpus.errors import StorageError

    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error


@click.command()
@click.option(
    "--run",
    "run_file",
    type=click.Path(path_type=Path),
    required=True,
    help="TREC run file of any system.",
)
@click.option(
    "--qrels",
    type=click.Path(path_type=Path),
    required=True,
    help="TREC qrels, or BEIR's .tsv with a header.",
)
@click.option("--measure", "measures", multiple=True, help="ir-measures name; may be repeated.")
@as_json
def score(run_file: Path, qrels: Path, measures: tuple[str, ...], machine: bool) -> None:
    """Score any other system's run file; a judged query that it leaves out scores zero."""
    from eval.score_file import score_file

    means = score_file(run_file, qrels, measures)
    if machine:
        emit_json(means)
        return
    for name, found in means.items():
        emit(
            f"{name:10} {found['mean']:.4f}  [{found['low']:.4f}, {found['high']:.4f}]  "
            f"n={found['n']:.0f}"
        )


@click.command()
@click.argument("run")
@click.option("--baseline", required=True, help="The run to hold it against.")
@as_json
def gate(run: str, baseline: str, machine: bool) -> int:
    """Exit with 1 when RUN is significantly worse than the baseline in any measure."""
    from dataclasses import asdict

    from eval.gate import gate as hold

    verdict = hold(find_run(run), find_run(baseline))
    if machine:
        emit_json(
            {
                "passed": verdict.passed,
                "worse": [asdict(row) for row in verdict.worse],
                "broken": list(verdict.broken),
            }
        )
    for sentence in verdict.broken:
        complain(sentence)
    for row in verdict.worse:
        complain(
            f"{row.measure} of {row.group} went from {row.a:.3f} to {row.b:.3f} "
            f"({row.difference:+.3f}, 95 % interval {row.low:+.3f} to {row.high:+.3f})."
        )
    if not machine:
        emit("passed" if verdict.passed else "failed")
    return 0 if verdict.passed else 1
