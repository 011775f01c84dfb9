"""What `kordon-eval run` and `calibrate` do once their words are understood."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from corpus.errors import UsageError
from corpus.progress import Progress
from eval.calibrate import Fit, curve_csv, fit_thresholds, halves_of
from eval.folder import RunFolder
from eval.indexing import describe, open_indexed
from eval.locate import Text, located
from eval.report.html import document
from eval.report.labels import load_labels
from eval.report.svg import Line, legend, lines
from eval.runner import Plan, execute, find_folder
from eval.select import selected
from eval.settings import RunSettings, with_product
from eval.systems.base import open_system, system_class
from eval.types import Dataset
from index.encoders.registry import open_encoder
from index.reader import Reader
from rag.settings import Settings


def run_systems(
    dataset: Dataset,
    chosen: RunSettings,
    systems: Sequence[str],
    name: str,
    product: Settings,
    runs: Path,
    progress: Progress,
) -> list[RunFolder]:
    """Ask the same questions of every system over one index; one run folder each."""
    # What is wrong with the request is told before an index is built.
    if name.startswith(".") or {"/", "\\"} & set(name):
        raise UsageError(f"{name!r} is no name of a run: it names one folder, without / and \\.")
    for system in systems:
        system_class(system)
    if not dataset.questions:
        raise UsageError(" ".join([f"{dataset.name} has no question to ask.", *dataset.caveats]))
    if dataset.unit == "passage":
        selected(dataset.questions, chosen)
    chosen = with_product(chosen, product)
    encoder = open_encoder(chosen.encoder, product.models)
    indexed, failed = open_indexed(dataset, chosen, product, encoder, progress)
    try:
        questions, lost = located(dataset, *texts_of(dataset, indexed.reader))
        asked = selected(questions, chosen)
        done = []
        for system in systems:
            settings = replace(chosen, system=system)
            plan = Plan(dataset, asked, settings, describe(indexed), (*failed, *lost))
            stem = (
                name if name and len(systems) == 1 else f"{name or dataset.name}-{_plain(system)}"
            )
            folder = find_folder(runs, stem, plan)
            execute(plan, open_system(indexed, settings), folder, progress)
            done.append(folder)
        return done
    finally:
        indexed.reader.close()


def texts_of(dataset: Dataset, reader: Reader) -> tuple[dict[str, Text], dict[str, str]]:
    """Every document that gold answers name, and other names of documents.

    Empty for passages, whose gold places are known.
    """
    if dataset.unit == "passage":
        return {}, {}
    wanted = {gold.document for question in dataset.questions for gold in question.gold}
    wanted |= {question.near for question in dataset.questions}
    texts, aliases = {}, {}
    for record in reader.documents():
        aliases.update(dict.fromkeys(record.also, record.path))
        if wanted & {record.path, *record.also}:
            pages = {p.number: (p.start, p.start + len(p.text)) for p in reader.pages(record.id)}
            texts[record.path] = Text(reader.text(record.id), record.language, pages)
    return texts, aliases


def calibrate_on(
    dataset: Dataset,
    chosen: RunSettings,
    target: float,
    product: Settings,
    runs: Path,
    progress: Progress,
) -> tuple[RunFolder, list[Fit]]:
    """Run with every question answered, fit on one half, write the fit and its curve beside it."""
    forced = replace(chosen, answers=True, forced=True)
    if dataset.questions and not forced.pairs:
        halves_of(selected(dataset.questions, forced))  # before the hours of asking
    stem = f"{dataset.name}-calibration"
    folder = run_systems(dataset, forced, ["kordon"], stem, product, runs, progress)[0]
    fits = fit_thresholds(folder.questions(), folder.outcomes(), folder.scores(), target)
    folder.write("calibration.json", {"target": target, "fits": [fit.as_json() for fit in fits]})
    folder.write_text("calibration.csv", curve_csv(fits))
    folder.write_text("calibration.html", calibration_page(dataset.name, fits))
    return folder, fits


def calibration_page(name: str, fits: Sequence[Fit]) -> str:
    """The precision of the answers given against the share answered, and the fitted maps."""
    say = load_labels("en")
    answered = [Line(fit.language, [(p.coverage, p.precision) for p in fit.curve]) for fit in fits]
    maps = [Line(fit.language, fit.knots) for fit in fits]
    plots = [
        lines(title, series, x, y, lambda value: say.number(value, 1), diagonal=diagonal)
        for title, series, x, y, diagonal in (
            ("Answers given", answered, "share of questions answered", "share right", False),
            ("Fitted map", maps, "confidence as it comes", "share right", True),
        )
    ]
    body = f'<h1>Calibration: {escape(name)}</h1><div class="plots">{"".join(plots)}</div>'
    return document(f"Calibration: {name}", "en", body + legend([fit.language for fit in fits]))


def _plain(system: str) -> str:
    return system.rpartition(":")[2] or system
