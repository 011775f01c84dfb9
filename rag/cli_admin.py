"""`kordon index`: generations, repair, and moving an index; see `rag.cli_index` for documents."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rag.cli_common import as_json, complain, emit, emit_json, load_settings, progress, quietly
from rag.cli_index import index, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.errors import KordonError
    from corpus.progress import Progress
    from index.history import Generation
    from index.journal import Entry
    from index.records import ChangeReport
    from rag.assemble import Kordon

# Named and not imported: imports go from `eval` to here.
GATE = "eval.index_gate:IndexGate"


@index.command()
@click.option("--journal", is_flag=True, help="Show every change instead: who, when, what.")
@as_json
def history(journal: bool, machine: bool) -> None:
    """Show the generations that are kept; the live one is marked."""
    store = _kordon().index
    if machine:
        found = store.journal() if journal else store.history()
        emit_json([dataclasses.asdict(one) for one in found])
        return
    lines = list(map(_change, store.journal()) if journal else map(_kept, store.history()))
    for line in lines:
        emit(line)
    if not lines:
        complain("Nothing is indexed yet; type `kordon index add PATH`.")


def _kept(one: "Generation") -> str:
    what = one.problem or f"{one.action}, {one.documents} documents, {one.chunks} chunks"
    return f"{'*' if one.live else ' '} {one.number}  {one.created}  {what}"


def _change(entry: "Entry") -> str:
    steps = f"{entry.before or '-'} -> {entry.after or '-'}"
    return f"{entry.when}  {entry.user}  {steps}  {entry.action}: {entry.detail}"


@index.command()
@click.argument("generation", type=click.IntRange(min=1), required=False)
def rollback(generation: int | None) -> None:
    """Make a kept GENERATION live again; the one before the live one unless given."""
    emit(f"Generation {_kordon().index.rollback(generation)} is live.")


@index.command()
@click.option("--now", is_flag=True, help="Keep the live generation only, without old traces.")
def gc(now: bool) -> None:
    """Remove generations beyond those that the settings keep."""
    kordon = _kordon()
    done = kordon.index.gc(kordon.settings.index, now=now)
    emit(f"Removed {len(done.removed)} generations and freed {done.freed / 1e6:.1f} MB.")
    if done.held:
        numbers = ", ".join(map(str, done.held))
        complain(f"Still being read, and removed at the next time: generations {numbers}.")


@index.command()
@click.option("--embedder", help="Another embedding model than that of the settings.")
@click.option("--reread", is_flag=True, help="Read the kept originals again, too.")
@click.option(
    "--gate",
    metavar="DATASET",
    help="Go live only if the answers to these questions (of kordon-eval) get no worse.",
)
@as_json
@quietly
@click.pass_context
def rebuild(
    context: click.Context,
    embedder: str | None,
    reread: bool,
    gate: str | None,
    machine: bool,
    quiet: bool,
) -> None:
    """Build the index anew beside the live one, with the settings as they are now."""
    kordon, bars = _kordon(embedder), progress(quiet)
    judge = _gate(gate, kordon, bars) if gate else None
    with kordon.writer(bars) as writer:
        report = writer.rebuild(reread=reread, gate=judge)
    _tell_made(report, f"Rebuilt; generation {report.generation} is live.", machine)
    if judge:
        complain(judge.said)
    if embedder:
        complain(f'Now write embedder = "{embedder}" into kordon.toml, or searches are refused.')
    if report.failed:
        context.exit(1)


def _gate(dataset: str, kordon: "Kordon", bars: "Progress") -> Any:
    """An `eval.index_gate.IndexGate`."""
    from pkgutil import resolve_name

    return resolve_name(GATE)(dataset, load_settings(), kordon.settings, kordon.encoder, bars)


def _tell_made(report: "ChangeReport", sentence: str, machine: bool) -> None:
    """What a change that counts no files did: one sentence, and the documents that it lost."""
    if machine or report.failed:
        tell(report, machine)
    if not machine:
        emit(sentence)


@index.command()
@as_json
@quietly
@click.pass_context
def repair(context: click.Context, machine: bool, quiet: bool) -> None:
    """Make a sound generation from what is still sound of the live one."""
    kordon = _kordon()
    before = kordon.index.generation()
    with kordon.writer(progress(quiet)) as writer:
        report = writer.repair()
    sound = report.generation == before
    said = "Nothing is damaged" if sound else "Repaired"
    _tell_made(report, f"{said}; generation {report.generation} is live.", machine)
    if report.failed:
        context.exit(1)


@index.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@quietly
def export(archive: Path, quiet: bool) -> None:
    """Write the live generation into one checksummed ARCHIVE."""
    size = _kordon().index.export(archive, progress(quiet))
    emit(f"Wrote {archive} ({size / 1e6:.1f} MB).")


@index.command("import")
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@quietly
def import_(archive: Path, quiet: bool) -> None:
    """Take in an ARCHIVE written by `kordon index export` and make it live."""
    generation = _kordon().index.import_(archive, progress(quiet))
    emit(f"Generation {generation} is live.")


@index.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--label", help="Clearance label of the files; public unless set.")
@quietly
def watch(folder: Path, label: str | None, quiet: bool) -> None:
    """Keep the index like FOLDER, until Ctrl-C: what appears, changes or vanishes there."""
    import threading

    from index.watch import Watcher

    kordon = _kordon()

    def take_in(accept: "Callable[[Path], bool]") -> "ChangeReport":
        with kordon.writer(progress(quiet)) as writer:
            return writer.add([folder], label=label, sync=True, accept=accept)

    Watcher(folder.absolute(), take_in, _heard).run(threading.Event())


def _heard(news: "ChangeReport | KordonError") -> None:
    """Say what a watch saw: a change on stdout, an error on stderr."""
    if isinstance(news, Exception):
        complain(str(news))
    else:
        tell(news, False)


def _kordon(embedder: str | None = None) -> "Kordon":
    from rag.assemble import assemble

    settings = load_settings()
    return assemble(dataclasses.replace(settings, embedder=embedder or settings.embedder))
