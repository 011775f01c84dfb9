"""Commands that read data sets and ask their questions."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eval.cli_common import runs_folder, settings, with_data
from rag.cli_common import as_json, complain, emit, emit_json, progress, quietly

if TYPE_CHECKING:
    from eval.folder import RunFolder
    from eval.settings import RunSettings


@click.command()
@with_data
@as_json
def datasets(data: Path | None, machine: bool) -> None:
    """What data sets there are: size, licence, and where they were looked for."""
    from eval.datasets.catalogue import ENTRIES, data_folders, load_dataset, place_of

    folders = data_folders(data)
    rows = []
    for entry in ENTRIES:
        place = place_of(entry, folders)
        loaded = load_dataset(entry.name, folders) if place else None
        rows.append(
            {
                "name": entry.name,
                "languages": entry.languages,
                "licence": entry.licence,
                "about": entry.about,
                "place": str(place) if place else None,
                "looked_for": [str(folder / entry.place) for folder in folders],
                "questions": len(loaded.questions) if loaded else None,
                "passages": len(loaded.passages) or None if loaded else None,
            }
        )
    if machine:
        emit_json(rows)
        return
    for row in rows:
        emit(_dataset_text(row))


def _dataset_text(row: dict[str, Any]) -> str:
    size = f"{row['questions']} questions"
    if row["passages"]:
        size += f", {row['passages']} passages"
    if row["place"] is None:
        looked = ", ".join(row["looked_for"])
        size = f"not there (looked for: {looked}; give the folder with --data)"
    where = f"\n    {row['place']}" if row["place"] else ""
    head = f"{row['name']}  [{row['languages']}; {row['licence']}]"
    return f"{head}\n    {row['about']}\n    {size}{where}"


@click.command()
@click.argument("dataset")
@click.option("--settings", "file", type=click.Path(path_type=Path), help="TOML file of a run.")
@click.option("--name", default="", help="Name of the run (default: data set and system).")
@click.option("--system", "systems", multiple=True, help="System to run; may be given again.")
@click.option("--baselines", is_flag=True, help="Also run lexical, dense, rrf and langchain.")
@click.option("--answers/--no-answers", default=None, help="Also ask for answers.")
@click.option("--pairs", default="", help="Only these language pairs, e.g. en-en,ru-en.")
@click.option("--half", type=click.Choice(["a", "b"]), help="Only one half of the groups.")
@click.option("--split", help="Only the questions of this split, e.g. test.")
@click.option("--limit", type=int, help="So many questions of every pair.")
@click.option("--encoder", help="Embedding model (default: the one of kordon.toml).")
@click.option(
    "--documents",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Corpus folder for questions in our own form (default: the live index).",
)
@with_data
@quietly
def run(dataset: str, file: Path | None, data: Path | None, quiet: bool, **options: Any) -> None:
    """Ask the questions of DATASET, a name of the table or a path.

    Builds an index of its texts (or takes the one it built before) and writes a run folder under
    runs/ of KORDON_HOME. A run that was stopped goes on.
    """
    from eval.datasets.catalogue import data_folders, load_dataset
    from eval.run_command import run_systems

    chosen = _run_settings(file, options)
    loaded = load_dataset(dataset, data_folders(data), documents=options["documents"])
    systems = list(options["systems"]) or [chosen.system]
    if options["baselines"]:
        systems += [s for s in ("lexical", "dense", "rrf", "langchain") if s not in systems]
    done = run_systems(
        loaded, chosen, systems, options["name"], settings(), runs_folder(), progress(quiet)
    )
    for folder in done:
        emit(_run_text(folder))


def _run_settings(file: Path | None, options: dict[str, Any]) -> "RunSettings":
    from eval.settings import RunSettings, over, read_settings

    base = read_settings(file) if file else RunSettings(encoder=settings().embedder)
    names = ("answers", "half", "split", "limit", "encoder")
    given = {name: options[name] for name in names if options[name] is not None}
    if options["pairs"]:
        given["pairs"] = [pair.strip() for pair in options["pairs"].split(",")]
    return over(base, given, "the command line")


def _run_text(folder: "RunFolder") -> str:
    measures = folder.read("measures.json")
    lines = [str(folder.path)]
    for group, found in measures["groups"].items():
        shown = [
            f"{name} {found['measures'][name]['mean']:.3f}"
            for name in ("nDCG@10", "AP", "R@10", "right", "quoted@1", "quoted@3")
            if name in found["measures"]
        ]
        failed = f", {found['failed']} failed" if found["failed"] else ""
        lines.append(f"  {group:9} {found['questions']:5} questions{failed}  {'  '.join(shown)}")
    if measures["failed"]:
        first = measures["failed"][0]
        lines.append(f"  the first that failed: {first['id']}: {first['error']}")
    problems = folder.read("run.json")["problems"]
    lines += [f"  {problem}" for problem in problems[:10]]
    if len(problems) > 10:
        lines.append(f"  ... and {len(problems) - 10} more problems in run.json")
    return "\n".join(lines)


@click.command()
@click.argument("dataset")
@click.option(
    "--target",
    type=click.FloatRange(0, 1),
    default=0.9,
    show_default=True,
    help="Share of the answers given that must be right.",
)
@click.option("--limit", type=int, help="So many questions of every pair.")
@click.option("--pairs", default="", help="Only these language pairs.")
@click.option("--encoder", help="Embedding model (default: the one of kordon.toml).")
@click.option("--documents", type=click.Path(path_type=Path, exists=True, file_okay=False))
@with_data
@quietly
def calibrate(dataset: str, target: float, data: Path | None, quiet: bool, **options: Any) -> None:
    """Fit the refusal threshold per language on DATASET and write it with its curve.

    Fitted on one half of the articles or documents, shown on the other. Writes calibration.json,
    calibration.csv and calibration.html into the run folder.
    """
    from eval.datasets.catalogue import data_folders, load_dataset
    from eval.run_command import calibrate_on

    chosen = _run_settings(None, {**options, "answers": True, "half": None, "split": None})
    loaded = load_dataset(dataset, data_folders(data), documents=options["documents"])
    folder, fits = calibrate_on(loaded, chosen, target, settings(), runs_folder(), progress(quiet))
    emit(str(folder.path))
    for fit in fits:
        if not fit.reached:
            complain(f"No threshold reaches {target:.0%} in {fit.language!r}; the best is taken.")
        emit(
            f"  {fit.language}: threshold {fit.threshold:.3f}; other half: "
            f"{fit.shown.coverage:.1%} answered, {fit.shown.precision:.1%} of these right, refusal "
            f"precision {fit.shown.refusal_precision:.2f}, recall {fit.shown.refusal_recall:.2f}, "
            f"ECE {fit.ece_before:.3f} -> {fit.ece_after:.3f} with the map"
        )


@click.command("import")
@click.argument("feedback", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="JSONL to write.")
def import_feedback(feedback: Path, out: Path) -> None:
    """Make candidate questions of users' FEEDBACK for a person to confirm.

    A candidate is left out of every run until its "split" is changed from "candidate".
    """
    import json

    from corpus.errors import StorageError, UsageError
    from eval.feedback import candidates

    if out.exists():
        raise UsageError(f"{out} exists and may hold confirmed questions; choose another name.")
    rows = candidates(feedback)
    try:
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    except OSError as error:
        raise StorageError(f"{out} cannot be written: {error.strerror}.") from error
    emit(f"{len(rows)} candidates in {out}")
