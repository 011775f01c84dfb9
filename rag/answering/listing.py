"""Answers that several passages hold together: a figure for each country, values that disagree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.analysis.places import Place, places_of
from index.reader import Reader
from rag.answering.alignment import nearness
from rag.answering.candidates import Candidate
from rag.answering.dates import find_dates, iso_in_words
from rag.answering.evidence import Evidence
from rag.answering.figures import find_figures
from rag.answering.kinds import Kind
from rag.answering.offers import find_offers
from rag.answering.patterns import is_a_target
from rag.answering.reading import Quotes
from rag.answering.sources import Passages
from rag.answering.spans import answer_span

_FIGURES: tuple[Kind, ...] = ("count", "money", "percent", "duration", "date")
_COUNTED: tuple[Kind, ...] = ("count", "money", "percent", "duration")
_EACH_GAP = 6.0  # log-odds behind the best up to which a sentence still tells of one more country
_RIVAL_GAP = 2.0  # and up to which it speaks of the same thing
_SHARE = 0.1  # of the question's weight that a rival may hold less than the best
_ANSWER_GAP = 3.5  # log-odds of the first reader behind the first quote, to what answers too
_NAMED_GAP = 6.0  # to what says every name and number of a question that has both
_EQUAL_GAP = 1.0  # and up to which it answers as well, whatever words it has, in a table or not
_OTHER_GAP = 4.0  # as the first, for a rival in another language, whose score is lower
_COUNTS_IT = 0.4  # cosine from which such a rival's figure counts what the question counts
# A question that tells which of several editions or documents it asks of has one answer.
_ONE_SOURCE = re.compile(
    r"\b(?:preliminary|revised|corrected|reconciled|final|audited|newsletter|bulletin|table"
    r"|according to|предварительн|уточн[её]нн|сверенн|итогов|окончательн|бюллетен|таблиц|справк)",
    re.IGNORECASE,
)
_ROW = " | "
_LEAD_IN = 250  # characters back to the country that a sentence tells of
_MOST = 8


@dataclass(frozen=True, slots=True)
class Value:
    """What one sentence gives as the answer: `shown` as it is written, `key` to compare by with
    others of its `sort`: the same unit, and targets or what was reached, as these are no rivals.
    `date` is that of the document."""

    candidate: Candidate
    shown: str
    sort: tuple[str, bool]
    key: object
    date: str


def for_each_place(evidence: Evidence, passages: Passages) -> tuple[Candidate, ...]:
    """The best sentence with a figure for each country, in the order of the ranker and from the
    mention of the country on; empty when fewer than two countries have one."""
    order = evidence.order()
    best = float(evidence.scores[order[0]])
    found: dict[str, Candidate] = {}
    for at in order:
        candidate = evidence.candidates[at]
        if best - evidence.scores[at] > _EACH_GAP:
            break
        language = passages.hits[candidate.passage].chunk.language
        counted = any(offer.kind in _COUNTED for offer in find_offers(candidate.text, language))
        place = place_of(candidate, passages) if counted else None
        if place is not None and place.key not in found:
            found[place.key] = _from_place(candidate, place, passages)
    return tuple(found.values())[:_MOST] if len(found) > 1 else ()


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
    if len({m.place.key for m in inside}) > 1:
        return None  # a figure for several countries together
    if inside:
        return inside[0].place
    if before:
        return before[-1].place
    above = [m for m in places_of(chunk.heading, chunk.language) if m.place.kind == "country"]
    return above[-1].place if above else None


def disagreeing(
    evidence: Evidence, passages: Passages, reader: Reader, quotes: Quotes
) -> tuple[Value, ...]:
    """Values from different documents that answer the question differently, best first; empty
    when they agree, and when the question is for no figure or date, or tells of which document.
    Where `quotes` were read, only of those that answer it nearly as well as the first."""
    if evidence.kind not in _FIGURES or _ONE_SOURCE.search(passages.query.text):
        return ()
    found: dict[str, Value] = {}
    for candidate in _alike(evidence, quotes):
        document = passages.hits[candidate.passage].chunk.document_id
        if document in found:
            continue
        value = _value(candidate, evidence, passages, reader.document(document).date)
        if value is not None:
            found[document] = value
    values = tuple(found.values())
    values = tuple(value for value in values if value.sort == values[0].sort)
    return values if len({value.key for value in values}) > 1 else ()


def _alike(evidence: Evidence, quotes: Quotes) -> list[Candidate]:
    """The best sentence and those that speak of what it does, best first."""
    order = evidence.order()
    if not quotes.once:
        return [evidence.candidates[at] for at in order if _rivals(evidence, order[0], at)]
    gaps = [quotes.once[0] - odds for odds in quotes.once]
    alike = [
        (one, gap)
        for group, gap in zip(quotes.read, gaps, strict=True)
        if gap <= (_NAMED_GAP if _says_all_named(evidence, group.best) else _ANSWER_GAP)
        for one in (group.best, *group.members)
    ]
    first = alike[0][0]
    return [
        one
        for one, gap in alike
        if one is first or gap <= _EQUAL_GAP or _says_as_much(evidence, first, one)
    ]


def _says_all_named(evidence: Evidence, candidate: Candidate) -> bool:
    at, columns = evidence.candidates.index(candidate), evidence.columns
    return bool(min(columns["names_in_context"][at], columns["numbers"][at]) > 0.99)


def _says_as_much(evidence: Evidence, first: Candidate, other: Candidate) -> bool:
    """Whether another sentence may answer the same: in the same language it says as much of the
    question, and it is no row of a table, which tells of what its first cell names, beside a
    sentence."""
    if _ROW in other.text and _ROW not in first.text:
        return False
    one, rival = evidence.candidates.index(first), evidence.candidates.index(other)
    columns = evidence.columns
    if columns["same_language"][one] != columns["same_language"][rival]:
        return True
    held = columns["terms_in_context"]
    return bool(held[rival] >= held[one] - _SHARE)


def _rivals(evidence: Evidence, best: int, at: int) -> bool:
    """Whether candidate `at` speaks of what the best one does."""
    columns = evidence.columns
    behind = float(evidence.scores[best] - evidence.scores[at])
    if columns["same_language"][at] != columns["same_language"][best]:
        return behind <= _OTHER_GAP and bool(columns["focus"][at] >= _COUNTS_IT)
    held = columns["terms_in_context"]
    return behind <= _RIVAL_GAP and bool(held[at] >= held[best] - _SHARE)


def _value(candidate: Candidate, evidence: Evidence, passages: Passages, date: str) -> Value | None:
    chunk = passages.hits[candidate.passage].chunk
    span = answer_span(
        evidence.kind,
        candidate,
        chunk.language,
        passages.query.text,
        nearness(passages.question, passages.tokens[candidate.passage]),
        passages.spans[candidate.passage],
        evidence.held.said(candidate),
    )
    if span is None:
        return None
    shown = candidate.text[span[0] : span[1]]
    told = _unit_and_key(evidence.kind, shown, chunk.language)
    if told is None:
        return None
    unit, key = told
    return Value(candidate, shown, (unit, is_a_target(candidate.text, span[0])), key, date)


def _unit_and_key(kind: Kind, shown: str, language: str) -> tuple[str, object] | None:
    """The unit, and the value without its spelling."""
    if kind == "date":
        return next((("date", (d.year, d.month, d.day)) for d in find_dates(shown)), None)
    figure = next(iter(find_figures(shown, language)), None)
    if figure is None:
        return None
    return figure.unit if figure.unit == "%" or figure.unit.isupper() else "", figure.value


def shown_values(values: Sequence[Value], language: str) -> str:
    """ "594 (March 2025), 612 (January 2025)": each as its source writes it, with the source's
    date."""
    dates = (iso_in_words(value.date, language) for value in values)
    return ", ".join(
        value.shown + (f" ({date})" if date else "")
        for value, date in zip(values, dates, strict=True)
    )
