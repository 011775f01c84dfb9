"""Which documents a filter allows. The one rule book; `Reader.rows_of` is where it is applied."""

from collections.abc import Iterable

from index.records import DocumentRecord
from index.types import Filter


def allows(where: Filter, record: DocumentRecord) -> bool:
    """Whether a document passes every limit but that on the language of chunks."""
    checks: Iterable[bool] = (
        not where.documents or record.id in where.documents,
        not where.publishers or record.publisher in where.publishers,
        not where.labels or record.label in where.labels,
        not where.formats or record.format in where.formats,
        _in_time(where, record.date),
    )
    return all(checks)


def _in_time(where: Filter, date: str) -> bool:
    """Inclusive, by prefix: a document of "2023" is neither before nor after "2023-05"."""
    if not (where.after or where.before):
        return True
    if not date:
        return False
    late = not where.after or date[: len(where.after)] >= where.after[: len(date)]
    early = not where.before or date[: len(where.before)] <= where.before[: len(date)]
    return late and early
