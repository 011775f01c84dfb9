"""A search as the page shows it: a request with filters, results with reasons, facets, order."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus.dates import find_dates, is_date
from index.records import DocumentRecord
from index.types import Filter, Hit
from rag.assemble import Kordon, View
from rag.ui.search_marks import Mark, marks_of

MOST = 50  # passages of one search
Dimension = Literal["languages", "documents", "publishers", "formats", "years"]
DIMENSIONS: tuple[Dimension, ...] = ("languages", "documents", "publishers", "formats", "years")
Order = Literal["best", "newest", "oldest", "document"]
ORDERS: tuple[Order, ...] = ("best", "newest", "oldest", "document")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. Empty sets allow everything; dates are ISO, inclusive, or ""."""

    query: str
    languages: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    after: str = ""
    before: str = ""

    @property
    def where(self) -> Filter:
        """The filter that the search applies before it scores."""
        return Filter(
            languages=self.languages,
            documents=self.documents,
            publishers=self.publishers,
            formats=self.formats,
            after=self.after,
            before=self.before,
        )

    def limited(self, dimension: Dimension) -> bool:
        """Whether a filter is set in this dimension."""
        if dimension == "years":
            return bool(self.after or self.before)
        return bool(getattr(self, dimension))

    def without(self, dimension: Dimension) -> "Request":
        """The request with everything allowed in one dimension."""
        if dimension == "years":
            return replace(self, after="", before="")
        kept = {name: getattr(self, name) for name in DIMENSIONS if name != "years"}
        kept[dimension] = frozenset()
        return Request(self.query, after=self.after, before=self.before, **kept)


@dataclass(frozen=True, slots=True)
class Result:
    """A passage found: where it stands, and which of its words answer the query.

    `name` tells the document's file from all others.
    """

    hit: Hit
    record: DocumentRecord
    name: str
    marks: tuple[Mark, ...]

    @property
    def page(self) -> int:
        """The page on which the passage begins."""
        return self.hit.chunk.pages[0] if self.hit.chunk.pages else 1

    @property
    def year(self) -> str:
        """The year of the document, "" when it has no date."""
        return self.record.date[:4]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the passages found have a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Findings:
    """The outcome of a request, best first, with the values there are in each dimension.

    `language` is the query's; `seconds` is what the search took.
    """

    request: Request
    language: str
    results: tuple[Result, ...]
    facets: dict[Dimension, tuple[Facet, ...]]
    generation: int
    seconds: float = 0.0
    titles: dict[str, str] = field(default_factory=dict)


def search(kordon: Kordon, request: Request, limit: int = MOST) -> Findings:
    """Run a request. Raises `QuestionError` for a query that cannot be asked, `KordonError`."""
    begun = time.perf_counter()
    with kordon.view() as view:
        return replace(_search(view, request, limit), seconds=time.perf_counter() - begun)


def _search(view: View, request: Request, limit: int) -> Findings:
    searcher = view.searcher
    found = view.find(request.query, limit, where=request.where)
    reader = view.reader
    results = tuple(
        Result(
            hit, reader.document(hit.chunk.document_id), reader.name(hit.chunk.document_id), marks
        )
        for hit, marks in zip(found.hits, marks_of(searcher, found), strict=True)
    )
    facets: dict[Dimension, tuple[Facet, ...]] = {}
    for dimension in DIMENSIONS:
        hits: Sequence[Hit] = found.hits
        if request.limited(dimension):
            # What would be there without this one filter: else its other values would vanish.
            wider = request.without(dimension)
            hits = searcher.find(
                request.query, limit, where=wider.where, encoded=found.encoded
            ).hits
        facets[dimension] = _counted(hits, dimension, view.reader.document)
    return Findings(
        request,
        found.query.language,
        results,
        facets,
        view.generation,
        titles={record.id: record.title or reader.name(record.id) for record in reader.documents()},
    )


def _counted(
    hits: Iterable[Hit], dimension: Dimension, document: Callable[[str], DocumentRecord]
) -> tuple[Facet, ...]:
    """Values by how many passages have them, years by their order; "" (unknown) is left out."""
    values: Counter[str] = Counter()
    for hit in hits:
        record = document(hit.chunk.document_id)
        value = {
            "languages": hit.chunk.language,
            "documents": record.id,
            "publishers": record.publisher,
            "formats": record.format,
            "years": record.date[:4],
        }[dimension]
        values[value] += 1
    found = [Facet(value, count) for value, count in values.items() if value]
    if dimension == "years":
        return tuple(sorted(found, key=lambda facet: facet.value, reverse=True))
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value)))


def same_said(results: Sequence[Result]) -> dict[int, list[Result]]:
    """Rank of a result -> later results that say the same: copies, and the other language."""
    found: dict[int, list[Result]] = {}
    for result in results:
        if result.hit.same_as is not None:
            found.setdefault(result.hit.same_as, []).append(result)
    return found


def ordered(results: Sequence[Result], order: Order) -> list[Result]:
    """The results in another order; within equals the better one first. No date comes last."""
    by_rank = sorted(results, key=lambda result: result.hit.rank)
    if order == "newest":
        return sorted(by_rank, key=lambda result: result.record.date, reverse=True)
    if order == "oldest":
        return sorted(by_rank, key=lambda result: result.record.date or "9999")
    if order == "document":
        return sorted(by_rank, key=lambda r: (r.record.title.casefold(), r.name, r.hit.chunk.start))
    return by_rank


def bound(text: str) -> str | None:
    """An ISO date out of what a reader typed ("2023", "05.2023", "14 мая 2023"); "" for nothing,
    None for what is no date.
    """
    asked = text.strip()
    if not asked or is_date(asked):
        return asked
    month, _, year = asked.replace("/", ".").partition(".")
    if is_date(f"{year.strip()}-{month.strip().zfill(2)}"):
        return f"{year.strip()}-{month.strip().zfill(2)}"
    found = list(find_dates(asked, years=True))
    return found[0].iso if len(found) == 1 else None


def page_labels(view: View, results: Sequence[Result]) -> list[str]:
    """What is printed on the page of each result."""
    reader = view.reader
    return [reader.page_labels(result.record.id).get(result.page, "") for result in results]
