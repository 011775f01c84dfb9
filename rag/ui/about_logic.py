"""What the page about the system tells: what is indexed, with what, since when."""

from collections import Counter
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from index.reader import Reader
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Facts:
    """The live generation in numbers. The pairs are (value, documents), the most frequent first.

    `first` and `last` are the years of the oldest and newest document that has a date, or "".
    `unread` counts pages without readable text. `parts` pairs kinds of search with their stores.
    """

    documents: int
    pages: int
    chunks: int
    unread: int
    languages: tuple[tuple[str, int], ...]
    formats: tuple[tuple[str, int], ...]
    publishers: tuple[tuple[str, int], ...]
    undated: int
    first: str
    last: str
    generation: int
    created: str
    encoder: str
    dimension: int
    chunking: str
    parts: tuple[tuple[str, str], ...]
    answerer: str


def facts(reader: Reader, settings: Settings) -> Facts:
    """The facts on one generation."""
    records = reader.documents()
    years = sorted(record.date[:4] for record in records if record.date)
    card = reader.card
    return Facts(
        documents=len(records),
        pages=sum(record.pages for record in records),
        chunks=sum(record.chunks for record in records),
        unread=sum(len(record.unread) for record in records),
        languages=_counted([record.language for record in records]),
        formats=_counted([record.format for record in records]),
        publishers=_counted([record.publisher for record in records if record.publisher]),
        undated=len(records) - len(years),
        first=years[0] if years else "",
        last=years[-1] if years else "",
        generation=reader.generation,
        created=reader.manifest.created,
        encoder=card.encoder.name,
        dimension=card.encoder.dimension,
        chunking=card.chunking.describe(),
        parts=tuple((part.kind, part.spec) for part in card.parts),
        answerer=settings.answerer,
    )


def product_version() -> str:
    """Kordon's own version, "" when it runs from files that were never installed."""
    try:
        return version("kordon")
    except PackageNotFoundError:
        return ""


def _counted(values: list[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(values)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
