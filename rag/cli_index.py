"""`kordon index`: what is searched."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.cli_common import as_json, complain, emit, emit_json, open_kordon, progress, quietly

if TYPE_CHECKING:
    from index.records import ChangeReport

_KINDS = 8  # kinds of files that are named


@click.group()
def index() -> None:
    """Add, list and remove documents; check the index."""


@index.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--label", help="Clearance label of the files; public unless set.")
@as_json
@quietly
@click.pass_context
def add(
    context: click.Context, paths: tuple[Path, ...], label: str | None, machine: bool, quiet: bool
) -> None:
    """Take in files, or folders with everything below them; unchanged files are skipped."""
    kordon = open_kordon()
    with kordon.writer(progress(quiet)) as writer:
        report = writer.add(paths, label=label)
    tell(report, machine)
    if report.nothing_happened and not (report.unchanged or report.failed):
        complain(nothing_readable(paths))
        context.exit(1)
    if report.failed:
        context.exit(1)


def nothing_readable(paths: Sequence[Path]) -> str:
    """One sentence on folders without a file that Kordon reads."""
    from corpus.load import supported_suffixes

    named = ", ".join(str(path) for path in paths)
    return (
        f"{named}: no file to read was found; known are {', '.join(sorted(supported_suffixes()))}."
    )


@index.command()
@click.argument("documents", nargs=-1, required=True, metavar="ID...")
@as_json
@quietly
def remove(documents: tuple[str, ...], machine: bool, quiet: bool) -> None:
    """Take documents out, by their id or by the path shown in `kordon index list`."""
    kordon = open_kordon()
    with kordon.writer(progress(quiet)) as writer:
        report = writer.remove(documents)
    tell(report, machine)


@index.command("list")
@as_json
def list_(machine: bool) -> None:
    """Show the documents in the index."""
    from rag.shapes import document_shape

    with open_kordon().reader() as reader:
        records = reader.documents()
        names = [reader.name(record.id) for record in records]
    if machine:
        emit_json([document_shape(record) for record in records])
        return
    for record, name in zip(records, names, strict=True):
        emit(f"{record.id}  {record.language:5}  {record.label:8}  {name}  {record.title}")


@index.command()
@as_json
def status(machine: bool) -> None:
    """Show what is indexed, with which model, and which documents have gaps."""
    from rag.shapes import status_shape
    from rag.terminal import status_text

    kordon = open_kordon()
    with kordon.reader() as reader:
        if machine:
            emit_json(status_shape(kordon.settings.home, reader))
        else:
            emit(status_text(kordon.settings.home, reader))


@index.command()
@as_json
@click.pass_context
def verify(context: click.Context, machine: bool) -> None:
    """Prove the index from its checksums and offsets, and say what is damaged."""
    store = open_kordon().index
    findings = store.verify()
    generation = store.generation()
    if machine:
        emit_json({"generation": generation, "ok": not findings, "findings": findings})
    elif not findings:
        emit(f"Generation {generation} is complete and undamaged.")
    for finding in findings:
        complain(finding)
    if findings:
        if not machine and not any("type `" in finding for finding in findings):
            complain(_remedy(findings))
        context.exit(1)


def _remedy(findings: Sequence[str]) -> str:
    """What to type about a damaged generation whose findings do not say it themselves."""
    whole = any(one.startswith("catalogue.sqlite") for one in findings)
    return f"Type `kordon index {'rollback' if whole else 'repair'}`."


def tell(report: "ChangeReport", machine: bool) -> None:
    """Print what a change did: the counts on stdout, a sentence on failures on stderr."""
    from rag.shapes import report_shape

    if machine:
        emit_json(report_shape(report))
    else:
        counts = ("added", "changed", "moved", "unchanged", "removed")
        parts = [f"{getattr(report, name)} {name}" for name in counts]
        if report.duplicates:
            parts.append(f"{report.duplicates} duplicate{'s' if report.duplicates > 1 else ''}")
        emit(f"{', '.join(parts)}, {len(report.failed)} failed; generation {report.generation}.")
        for path, reason in report.failed:
            emit(f"failed: {path}: {reason}")
        for note in report.notes:
            emit(f"note: {note}")
        if report.left_out:
            emit(_left_out(report.left_out))
    if report.failed:
        first = report.failed[0][1]
        files = "1 file was" if len(report.failed) == 1 else f"{len(report.failed)} files were"
        complain(f"{files} not taken in: {first}")


def _left_out(kinds: Sequence[tuple[str, int]]) -> str:
    """One sentence on files of kinds that are no documents."""
    count = sum(number for _, number in kinds)
    files = "1 file of another kind was" if count == 1 else f"{count} files of other kinds were"
    told = [f"{suffix} {number}" for suffix, number in kinds[:_KINDS]]
    return f"{files} left out: {', '.join(told)}{', ...' if len(kinds) > _KINDS else '.'}"
