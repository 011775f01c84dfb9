"""`kordon search` and `kordon ask`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.cli_common import as_json, complain, emit, emit_json, open_kordon, progress, quietly

if TYPE_CHECKING:
    from rag.assemble import Kordon


@click.command()
@click.argument("query")
@click.option(
    "-k",
    "count",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="How many passages to show.",
)
@click.option("--lang", type=click.Choice(["en", "ru"]), help="Only passages in this language.")
@as_json
def search(query: str, count: int, lang: str | None, machine: bool) -> None:
    """Find the passages that fit QUERY best, in both languages."""
    from index.types import Filter
    from rag.shapes import hit_shape
    from rag.terminal import hits_text

    where = Filter(languages=frozenset((lang,)) if lang else frozenset())
    with open_kordon().view() as view:
        hits = view.search(query, count, where=where)
        if machine:
            emit_json([hit_shape(hit, view.reader) for hit in hits])
        else:
            emit(hits_text(hits, view.reader) if hits else "No passage found.")


@click.command()
@click.argument("question", required=False)
@click.option(
    "--before",
    metavar="QUESTION",
    help='The question asked before: a follow-up ("And in Tajikistan?") takes its topic from it.',
)
@click.option(
    "--batch",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help='A file of JSON lines, {"id", "question"}, for a follow-up with "before"; "-" reads '
    "standard input. Prints one JSON object per line.",
)
@click.option(
    "--notes",
    is_flag=True,
    help="Put what Kordon says beside the quotes into the JSON too: lead, notice and the question "
    "as it was understood.",
)
@as_json
@quietly
@click.pass_context
def ask(
    context: click.Context,
    question: str | None,
    before: str | None,
    batch: Path | None,
    notes: bool,
    machine: bool,
    quiet: bool,
) -> None:
    """Answer QUESTION from the documents, in its language, every sentence with its source."""
    if before is not None and batch is not None:
        raise click.UsageError('--before goes with a QUESTION; a line of a batch has "before".')
    if (question is None) == (batch is None):
        raise click.UsageError("Give either a QUESTION or --batch FILE.")
    kordon = open_kordon()
    if batch is not None:
        failed = _ask_all(kordon, batch, notes, quiet)
        if failed:
            complain(f"{failed} of the questions could not be answered; their lines say why.")
            context.exit(1)
    elif question is not None:
        _ask_one(kordon, question, before, notes, machine or notes)


def _ask_one(
    kordon: "Kordon", question: str, before: str | None, notes: bool, machine: bool
) -> None:
    from rag.shapes import answer_shape
    from rag.terminal import answer_text

    with kordon.view() as view:
        answer = view.ask(question, before=before)
        if machine:
            emit_json(answer_shape(answer, view.reader, notes=notes))
        else:
            emit(answer_text(answer, view.reader))


def _ask_all(kordon: "Kordon", file: Path, notes: bool, quiet: bool) -> int:
    """Answer line by line; returns how many lines failed."""
    from corpus.errors import QuestionError
    from rag.batch import read_lines
    from rag.shapes import answer_shape

    lines = read_lines(_bytes(file))
    with kordon.view():
        # An index or model that does not open is one failure of the command, not of every line.
        pass
    failed = 0
    bar = progress(quiet).track(lines, step="Answering", total=len(lines), unit="question")
    for line in bar:
        error = line.error
        if not error:
            try:
                with kordon.view() as view:
                    answer = view.ask(line.question, before=line.before)
                    shape = answer_shape(answer, view.reader, line.id, notes=notes)
                emit_json(shape, line=True)
            except QuestionError as problem:
                error = str(problem)
        if error:
            failed += 1
            emit_json({"id": line.id, "line": line.number, "error": error}, line=True)
    return failed


def _bytes(file: Path) -> bytes:
    from corpus.errors import DocumentError

    try:
        with click.open_file(str(file), "rb") as stream:
            return stream.read()
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror}.") from error
