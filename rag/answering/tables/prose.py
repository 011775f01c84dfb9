"""Sentences that tell a figure of one country each, read as the rows of a table."""

from collections import Counter
from collections.abc import Sequence

from index.analysis.places import places_of
from rag.answering.candidates import Candidate
from rag.answering.evidence import Evidence
from rag.answering.figures import Figure, find_figures
from rag.answering.listing import ROW, for_each_place
from rag.answering.sources import Passages
from rag.answering.tables.table import Cell, Row, Table


def countries_told(evidence: Evidence, passages: Passages) -> Table | None:
    """The sentences of one document with a figure of the same unit for a country each; None where
    there are fewer than two."""
    told = [one for one in for_each_place(evidence, passages) if ROW not in one.text]
    documents = Counter(passages.hits[one.passage].chunk.document_id for one in told)
    if not documents:
        return None
    document = documents.most_common(1)[0][0]
    own = [one for one in told if passages.hits[one.passage].chunk.document_id == document]
    language = passages.hits[own[0].passage].chunk.language
    unit = _shared_unit([find_figures(one.text, language) for one in own])
    rows = tuple(row for one in own if unit and (row := _row(one, unit, language)))
    return Table(("", unit), rows, language) if len(rows) > 1 else None


def _shared_unit(figures: Sequence[tuple[Figure, ...]]) -> str:
    """The unit that most sentences have a single figure of; "" where none is shared."""
    units = Counter(
        unit
        for own in figures
        for unit, count in Counter(one.unit for one in own).items()
        if unit and count == 1
    )
    unit, count = units.most_common(1)[0] if units else ("", 0)
    return unit if count > 1 else ""


def _row(one: Candidate, unit: str, language: str) -> Row | None:
    figure = next((each for each in find_figures(one.text, language) if each.unit == unit), None)
    place = next(iter(places_of(one.text, language)), None)
    if figure is None or place is None:
        return None
    end = one.text.find(unit, figure.end)
    end = end + len(unit) if 0 <= end <= figure.end + 2 else figure.end
    spans = (place.start, place.end), (figure.start, end)
    names = ("", unit)
    cells = (Cell(n, one.text[s:e], s, e) for n, (s, e) in zip(names, spans, strict=True))
    return Row(one, tuple(cells))
