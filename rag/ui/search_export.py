"""Hits and quotes as files: CSV for spreadsheets, text for reports."""

from collections.abc import Sequence

from rag.terminal import place
from rag.ui.csv_text import Cell, to_csv
from rag.ui.i18n import Translator
from rag.ui.search_logic import Result
from rag.ui.search_reasons import reasons


def hits_csv(results: Sequence[Result], labels: Sequence[str], say: Translator) -> bytes:
    """The results as a table, one passage a row; `labels` are printed on their pages."""
    rows = [
        [*_row(result, label, say), "; ".join(reasons(result.hit, say))]
        for result, label in zip(results, labels, strict=True)
    ]
    return to_csv([*_head(say), say.t("search.column_why")], rows, say.language)


def quotes_text(results: Sequence[Result], labels: Sequence[str], say: Translator) -> bytes:
    """The passages word by word, each with its reference, as UTF-8 text."""
    parts = []
    for number, (result, label) in enumerate(zip(results, labels, strict=True), start=1):
        text = result.hit.chunk.text.strip()
        quote = f"«{text}»" if result.hit.chunk.language == "ru" else f"“{text}”"
        parts.append(f"{number}. {quote}\n   {reference(result, label, say)}\n")
    # Windows editors need the mark and the line ends to show Russian text rightly.
    return "\n".join(parts).replace("\n", "\r\n").encode("utf-8-sig", errors="replace")


def quotes_csv(results: Sequence[Result], labels: Sequence[str], say: Translator) -> bytes:
    """Quotes and their references, one a row."""
    rows = [
        [result.hit.chunk.text.strip(), reference(result, label, say)]
        for result, label in zip(results, labels, strict=True)
    ]
    return to_csv(
        [say.t("search.column_text"), say.t("search.column_reference")], rows, say.language
    )


def reference(result: Result, label: str, say: Translator) -> str:
    """'Title. Publisher, 14 May 2023, page 5 (file.pdf)'."""
    record = result.record
    facts = [record.publisher, say.date(record.date), place(say, result.page, label)]
    about = ", ".join(fact for fact in facts if fact)
    return f"{(record.title or result.name).rstrip('.')}. {about} ({result.name})"


def _head(say: Translator) -> list[str]:
    return [
        say.t("search.column_rank"),
        say.t("search.column_title"),
        say.t("search.column_publisher"),
        say.t("search.column_date"),
        say.t("search.column_place"),
        say.t("search.column_language"),
        say.t("search.column_score"),
        say.t("search.column_text"),
        say.t("search.column_document"),
    ]


def _row(result: Result, label: str, say: Translator) -> list[Cell]:
    hit, record = result.hit, result.record
    return [
        hit.rank,
        record.title,
        record.publisher,
        record.date,
        place(say, result.page, label),
        hit.chunk.language,
        float(hit.score),
        hit.chunk.text,
        result.name,
    ]
