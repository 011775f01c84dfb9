"""Answers that several sentences hold together: a figure for each country, the rows of a table."""

import re
from collections.abc import Iterator
from dataclasses import replace

from index.analysis.places import Place, places_of
from rag.answering.candidates import Candidate
from rag.answering.evidence import Evidence
from rag.answering.kinds import Kind
from rag.answering.language import question_language
from rag.answering.offers import find_offers
from rag.answering.patterns import is_a_target
from rag.answering.question_kinds import each_of, question_kind
from rag.answering.sources import Passages

_COUNTED: tuple[Kind, ...] = ("count", "money", "percent", "duration")
_EACH_GAP = 6.0  # log-odds behind the best up to which a sentence still tells of one more country
ROW = " | "
_LEAD_IN = 250  # characters back to the country that a sentence tells of
_MOST = 8
_YEAR = re.compile(r"год|year")  # "Dates, year 2024" tells nothing of what is counted
TOTAL = re.compile(r"(?:in )?total\b|всего\b|итого\b", re.IGNORECASE)


def for_each_place(evidence: Evidence, passages: Passages) -> tuple[Candidate, ...]:
    """A sentence with a figure for each country, from the mention of the country on; empty when
    fewer than two countries have one.

    What tells of most countries, the rows of a document or its sentences, tells of all that it can,
    in the order of reading; other countries follow with their best sentence.
    """
    told = list(_of_places(evidence, passages))
    if not told:
        return ()
    sources = {source: {key for key, one, _ in told if one == source} for _, source, _ in told}
    widest = max(sources, key=lambda source: len(sources[source]))
    found: dict[str, Candidate] = {}
    for key, source, candidate in sorted(told, key=lambda each: each[1] != widest):
        if source == widest or key not in sources[widest]:
            found.setdefault(key, candidate)
    hits = passages.hits
    first = {key for key in found if key in sources[widest]}
    listed = sorted(
        found.items(),
        key=lambda each: (
            each[0] not in first,
            hits[each[1].passage].chunk.start + each[1].start if each[0] in first else 0,
        ),
    )
    return tuple(candidate for _, candidate in listed)[:_MOST] if len(listed) > 1 else ()


def for_each_row(evidence: Evidence, passages: Passages) -> tuple[Candidate, ...]:
    """The rows of the table that tells of each what is asked for, in the order of reading: the best
    one with cells that are called so, or that the best sentence is a row of or leads to; empty
    where there is none."""
    order = [evidence.candidates[at] for at in evidence.order()]
    rows = [one for one in order if _label(one) and not TOTAL.match(_cells(one)[0])]
    named = [one for one in rows if any(cell_of_each(one, evidence, passages))]
    own = question_language(passages.query.text)
    same = (one for one in named if passages.hits[one.passage].chunk.language == own)
    first = next(same, named[0] if named else order[0])
    if ROW in first.text and not _says_what_is_counted(first, evidence, passages):
        return ()
    if ROW not in first.text:
        return _below(first, evidence)
    return rows_like(first, evidence, passages)[:_MOST]


def rows_like(row: Candidate, evidence: Evidence, passages: Passages) -> tuple[Candidate, ...]:
    """The rows of the document whose cells are called as those of one, in the order of reading;
    empty for less than two."""
    label = _label(row)
    document = passages.hits[row.passage].chunk.document_id
    alike = {
        passages.hits[one.passage].chunk.start + one.start: one
        for one in evidence.candidates
        if label and _label(one) == label
        if passages.hits[one.passage].chunk.document_id == document
    }
    return tuple(alike[at] for at in sorted(alike)) if len(alike) > 1 else ()


def cell_of_each(row: Candidate, evidence: Evidence, passages: Passages) -> tuple[str, str]:
    """What a row is of, and what the question calls it, where it asks for each of these: "Osh" and
    "office" of "Office: Osh" for "at each office"; empty where it has no cell of that name."""
    asked = each_of(passages.query.text)
    start = row.start
    for label, cell in zip(_label(row), _cells(row), strict=False):
        named = evidence.held.within(row.passage, start, start + len(label))
        for at in named:
            if evidence.held.concepts[at].surface in asked:
                return cell, evidence.held.concepts[at].surface
        start += len(label) + len(": ") + len(cell) + len(ROW)
    return "", ""


def _says_what_is_counted(row: Candidate, evidence: Evidence, passages: Passages) -> bool:
    """Whether a row, in what its cells are called beside that of "each", or what it stands under
    says a word of a question for a number: rows of officers do not tell how much was seized."""
    if question_kind(passages.query.text) not in (*_COUNTED, "list"):
        return True
    held, asked = evidence.held, each_of(passages.query.text)
    said, start = set[int](), row.start
    for label, cell in zip(_label(row), _cells(row), strict=False):
        said |= held.within(row.passage, start, start + len(label))
        start += len(label) + len(": ") + len(cell) + len(ROW)
    words = (held.concepts[at] for at in said)
    told = (one.surface.lower() for one in words if one.sort == "word")
    return any(word not in asked and not _YEAR.match(word) for word in told)


def _below(lead: Candidate, evidence: Evidence) -> tuple[Candidate, ...]:
    """The rows with figures that follow a sentence, behind it."""
    found = [lead]
    for one in evidence.candidates:
        if one.passage == lead.passage and 0 < one.order - found[-1].order <= 2 and ROW in one.text:
            found.append(one)
    rows = [one for one in found[1:] if any(map(str.isdigit, one.text))]
    return (lead, *rows[: _MOST - 1]) if len(rows) > 1 else ()


def _label(candidate: Candidate) -> tuple[str, ...]:
    """What the cells of a row are called: ("Country", "Participants"); empty for a sentence and for
    the names of the columns themselves."""
    cells = candidate.text.split(ROW)
    if len(cells) < 2 or ": " not in cells[0]:
        return ()
    return tuple(cell.partition(": ")[0] for cell in cells)


def _cells(row: Candidate) -> tuple[str, ...]:
    """What stands in the cells of a row, without their names."""
    return tuple(cell.partition(": ")[2] for cell in row.text.split(ROW))


def _of_places(
    evidence: Evidence, passages: Passages
) -> Iterator[tuple[str, tuple[str, bool], Candidate]]:
    """Country, document and whether it is a row of a table, of each sentence with a figure of what
    was reached, best first."""
    order = evidence.order()
    best = float(evidence.scores[order[0]])
    for at in order:
        candidate = evidence.candidates[at]
        if best - evidence.scores[at] > _EACH_GAP:
            return
        chunk = passages.hits[candidate.passage].chunk
        figures = [
            offer
            for offer in find_offers(candidate.text, chunk.language)
            if offer.kind in _COUNTED and not is_a_target(candidate.text, offer.start)
        ]
        place = place_of(candidate, passages) if figures else None
        if place is not None:
            source = chunk.document_id, ROW in candidate.text
            yield place.key, source, _from_place(candidate, place, passages)


def _from_place(candidate: Candidate, place: Place, passages: Passages) -> Candidate:
    """The sentence from the last mention of its country before it on, if that is near."""
    chunk = passages.hits[candidate.passage].chunk
    named = [m.start for m in places_of(chunk.text, chunk.language) if m.place.key == place.key]
    before = [at for at in named if candidate.start - _LEAD_IN <= at < candidate.end]
    start = min(candidate.start, max(before, default=candidate.start))
    return replace(candidate, start=start, text=chunk.text[start : candidate.end])


def place_of(candidate: Candidate, passages: Passages) -> Place | None:
    """The country a sentence tells of: the one it names, else the last one named before it in its
    passage or the headings above; None if it names several."""
    chunk = passages.hits[candidate.passage].chunk
    named = [m for m in places_of(chunk.text, chunk.language) if m.place.kind == "country"]
    inside = [m for m in named if candidate.start <= m.start < candidate.end]
    before = [m for m in named if m.start < candidate.start]
    if ROW in candidate.text:  # another row's country is not this one's
        before = [m for m in before if ROW not in _line_at(chunk.text, m.start)]
    if len({m.place.key for m in inside}) > 1:
        return None  # a figure for several countries together
    if inside:
        return inside[0].place
    if before:
        return before[-1].place
    above = [m for m in places_of(chunk.heading, chunk.language) if m.place.kind == "country"]
    return above[-1].place if above else None


def _line_at(text: str, place: int) -> str:
    end = text.find("\n", place)
    return text[text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(text)]
