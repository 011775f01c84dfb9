"""Many queries out of a CSV file, one table of results."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.errors import KordonError
from rag.assemble import Kordon
from rag.terminal import place
from rag.ui.csv_text import Cell, read_csv, to_csv
from rag.ui.i18n import Translator
from rag.ui.jobs import Watch

MOST_QUERIES = 2_000
NAMES = ("query", "question", "запрос", "вопрос", "q", "text", "текст")


@dataclass(frozen=True, slots=True)
class Queries:
    """The queries of a file; `left_out` counts those beyond the most that are taken at once."""

    texts: tuple[str, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the result file; `problem` is the sentence of a query that could not be asked."""

    number: int
    query: str
    rank: int = 0
    title: str = ""
    document: str = ""
    page: int = 0
    label: str = ""
    language: str = ""
    score: float = 0.0
    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """All lines, and how many queries were asked and failed; `stopped` when ended early."""

    lines: tuple[Line, ...]
    asked: int
    failed: int
    stopped: bool = False


def read_queries(data: bytes) -> Queries:
    """The queries of a CSV file: the column named "query" or the like, else the first one."""
    rows = read_csv(data)
    if not rows:
        return Queries(())
    head = [cell.casefold() for cell in rows[0]]
    column = next((head.index(name) for name in NAMES if name in head), None)
    body = rows[1:] if column is not None else rows
    texts = [row[column or 0] for row in body if len(row) > (column or 0) and row[column or 0]]
    return Queries(tuple(texts[:MOST_QUERIES]), max(0, len(texts) - MOST_QUERIES))


def run_batch(kordon: Kordon, queries: Sequence[str], each: int, watch: Watch) -> BatchResult:
    """Search for every query, `each` passages a query; one that fails does not stop the others."""
    lines: list[Line] = []
    asked = failed = 0
    steps = watch.track(queries, step="Searching", total=len(queries), unit="query")
    for number, query in enumerate(steps, start=1):
        if watch.stopped.is_set():
            return BatchResult(tuple(lines), asked, failed, stopped=True)
        asked += 1
        try:
            found = _lines(kordon, number, query, each)
        except KordonError as error:
            failed += 1
            found = [Line(number, query, problem=str(error))]
        lines += found or [Line(number, query)]
    return BatchResult(tuple(lines), asked, failed)


def batch_csv(result: BatchResult, say: Translator) -> bytes:
    """The result file."""
    head = [
        say.t("search.column_number"),
        say.t("search.column_query"),
        say.t("search.column_rank"),
        say.t("search.column_title"),
        say.t("search.column_place"),
        say.t("search.column_language"),
        say.t("search.column_score"),
        say.t("search.column_text"),
        say.t("search.column_document"),
        say.t("search.column_problem"),
    ]
    return to_csv(head, [_cells(line, say) for line in result.lines], say.language)


def _lines(kordon: Kordon, number: int, query: str, each: int) -> list[Line]:
    with kordon.view() as view:
        hits = view.search(query, each)
        lines = []
        for hit in hits:
            record = view.reader.document(hit.chunk.document_id)
            page = hit.chunk.pages[0] if hit.chunk.pages else 1
            label = view.reader.page_labels(record.id).get(page, "")
            lines.append(
                Line(
                    number,
                    query,
                    hit.rank,
                    record.title,
                    view.reader.name(record.id),
                    page,
                    label,
                    hit.chunk.language,
                    float(hit.score),
                    hit.chunk.text,
                )
            )
        return lines


def _cells(line: Line, say: Translator) -> list[Cell]:
    where = place(say, line.page, line.label) if line.page else ""
    return [
        line.number,
        line.query,
        line.rank or None,
        line.title,
        where,
        line.language,
        line.score if line.rank else None,
        line.text,
        line.document,
        line.problem,
    ]
