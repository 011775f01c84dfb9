"""Values in which documents disagree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.reader import Reader
from rag.answering.alignment import nearness
from rag.answering.candidates import READ, Candidate
from rag.answering.dates import find_dates, iso_in_words
from rag.answering.evidence import Evidence
from rag.answering.figures import find_figures
from rag.answering.kinds import Kind
from rag.answering.listing import TOTAL
from rag.answering.number_words import with_digits
from rag.answering.patterns import asks_for_a_target, is_a_target
from rag.answering.pointed import Pointed, reading_of
from rag.answering.reading import Quotes
from rag.answering.sources import Passages
from rag.answering.spans import answer_span

_FIGURES: tuple[Kind, ...] = ("count", "money", "percent", "duration", "date")
_RIVAL_GAP = 2.0  # log-odds behind the best up to which a sentence speaks of the same thing
_SHARE = 0.1  # of the question's weight that a rival may hold less than the best
_ANSWER_GAP = 3.5  # log-odds of the first reader behind the first quote, to what answers too
# The same in another language, of which readers are less sure, where that says so much of what the
# first quote says of the question.
_FOREIGN_GAP, _FOREIGN_SHARE = 6.0, 0.6
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


def disagreeing(
    evidence: Evidence, passages: Passages, reader: Reader, quotes: Quotes
) -> tuple[Value, ...]:
    """Values from different documents that answer the question differently, best first; empty
    when they agree, and when the question is for no figure or date, or tells of which document.
    Where `quotes` were read, only of those that answer it nearly as well as the first."""
    if evidence.kind not in _FIGURES or _ONE_SOURCE.search(passages.query.text):
        return ()
    aims = asks_for_a_target(passages.query.text)
    found: dict[str, Value] = {}
    alike = _alike(evidence, quotes)
    if not _is_of_it(alike[0], evidence):
        return ()
    for candidate in alike:
        document = passages.hits[candidate.passage].chunk.document_id
        if document in found:
            continue
        date = reader.document(document).date
        value = _value(candidate, evidence, passages, quotes.pointed, date)
        if value is not None and (aims or not value.sort[1]) and _is_of_it(candidate, evidence):
            found[document] = value
    values = tuple(found.values())
    values = tuple(one for one in values if one.sort == values[0].sort)
    values = values[:1] + tuple(
        one for one in values[1:] if _differs(one, values[0], evidence.kind)
    )
    return values if len({value.key for value in values}) > 1 else ()


def _is_of_it(candidate: Candidate, evidence: Evidence) -> bool:
    """Whether a sentence that is a row of a table is one that the question names, or its total."""
    if _ROW not in candidate.text:
        return True
    cell = candidate.text.partition(_ROW)[0]
    end = candidate.start + len(cell)
    own = candidate.start + cell.find(": ") + 1
    named = evidence.held.within(candidate.passage, own, end)
    return bool(named) or TOTAL.match(cell.rpartition(": ")[2]) is not None


def _differs(rival: Value, first: Value, kind: Kind) -> bool:
    """Whether two values are equal or neither sentence has the other's too: of "48,730 reports and
    2,916 disclosures" the wrong one may have been taken."""
    if rival.key == first.key:
        return True
    if kind == "date" and _may_be_one(rival.key, first.key):
        return False
    if kind == "percent" and _is_rounded(rival.key, first.key):
        return False
    texts = (rival.candidate.text, first.key), (first.candidate.text, rival.key)
    return not any(key in _keys(kind, text) for text, key in texts)


def _may_be_one(rival: object, first: object) -> bool:
    """Whether two dates differ only in how much they tell: "June 2025", "30 June 2025"."""
    pairs = zip(rival, first, strict=True)  # type: ignore[call-overload]
    return all(one == other or not (one and other) for one, other in pairs)


def _is_rounded(rival: object, first: object) -> bool:
    """Whether one of two shares is the other without its decimals: 28 and 28.1 per cent."""
    pairs = (rival, first), (first, rival)
    return any(one == round(other) for one, other in pairs)  # type: ignore[call-overload]


def _keys(kind: Kind, text: str) -> set[object]:
    """All the values that a sentence gives."""
    if kind == "date":
        return {(date.year, date.month, date.day) for date in find_dates(text)}
    told = with_digits(text)
    return {figure.value for language in READ for figure in find_figures(told, language)}


def _alike(evidence: Evidence, quotes: Quotes) -> list[Candidate]:
    """The best sentence and those that speak of what it does, best first."""
    order = evidence.order()
    if not quotes.once:
        return [evidence.candidates[at] for at in order if _rivals(evidence, order[0], at)]
    gaps = [quotes.once[0] - odds for odds in quotes.once]
    alike = [
        (one, gap)
        for group, gap in zip(quotes.read, gaps, strict=True)
        if gap <= _gap_allowed(evidence, quotes.read[0].best, group.best)
        for one in (group.best, *group.members)
    ]
    first = alike[0][0]
    return [
        one
        for one, gap in alike
        if one is first
        or (gap <= _EQUAL_GAP and _stands_under_as_much(evidence, first, one))
        or (
            _names_as_much(evidence, first, one)
            and (
                _says_as_much(evidence, first, one)
                or (evidence.kind == "date" and gap <= _EQUAL_GAP)
            )
        )
    ]


def _gap_allowed(evidence: Evidence, first: Candidate, other: Candidate) -> float:
    """How many log-odds behind the first quote another may be that answers the same."""
    if _says_all_named(evidence, other):
        return _NAMED_GAP
    columns = evidence.columns
    one, rival = evidence.candidates.index(first), evidence.candidates.index(other)
    foreign = columns["same_language"][one] != columns["same_language"][rival]
    says = columns["terms"][rival] >= _FOREIGN_SHARE * columns["terms"][one]
    dates = evidence.kind == "date"  # of another event as a rule
    return _FOREIGN_GAP if foreign and says and not dates else _ANSWER_GAP


def _says_all_named(evidence: Evidence, candidate: Candidate) -> bool:
    at, columns = evidence.candidates.index(candidate), evidence.columns
    return bool(min(columns["names_in_context"][at], columns["numbers"][at]) > 0.99)


def _says_as_much(evidence: Evidence, first: Candidate, other: Candidate) -> bool:
    """Whether another sentence may answer the same: it says as much of the question, in the other
    language half as much, and it is no row of a table, which tells of what its first cell names,
    beside a sentence or another row."""
    if _ROW in other.text and not (_ROW in first.text and _same_row(evidence, first, other)):
        return False
    one, rival = evidence.candidates.index(first), evidence.candidates.index(other)
    columns = evidence.columns
    held = columns["terms_in_context"]
    if columns["same_language"][one] != columns["same_language"][rival]:
        return bool(held[rival] >= held[one] / 2)
    return bool(held[rival] >= held[one] - _SHARE)


def _same_row(evidence: Evidence, first: Candidate, other: Candidate) -> bool:
    """Whether two rows tell of the same: what their first cells name, or all that the question
    names."""
    if _named_row(first) == _named_row(other):
        return True
    named = {at for at, one in enumerate(evidence.concepts) if one.sort != "word"}
    return bool(named) and all(
        named <= evidence.held.within(row.passage, row.start, row.end) for row in (first, other)
    )


def _named_row(row: Candidate) -> str:
    """What a row's first cell is: "Kazakhstan" of "Country: Kazakhstan | Participants: 19"."""
    return row.text.partition(_ROW)[0].partition(": ")[2].casefold()


def _names_as_much(evidence: Evidence, first: Candidate, other: Candidate) -> bool:
    """Whether another sentence and what it stands under say as many names and numbers."""
    one, rival = evidence.candidates.index(first), evidence.candidates.index(other)
    told = (evidence.columns[name] for name in ("names_in_context", "numbers"))
    return all(bool(column[rival] >= column[one] - _SHARE) for column in told)


def _stands_under_as_much(evidence: Evidence, first: Candidate, other: Candidate) -> bool:
    """Whether another sentence with its whole passage, headings and title says all names and
    numbers of the question that the first one does so."""
    named = {at for at, one in enumerate(evidence.concepts) if one.sort != "word"}
    held = evidence.held
    told = named & held.passage(first.passage) <= held.passage(other.passage)
    return told and evidence.kind != "date" and not any(held.conflicts(other))


def _rivals(evidence: Evidence, best: int, at: int) -> bool:
    """Whether candidate `at` speaks of what the best one does."""
    columns = evidence.columns
    behind = float(evidence.scores[best] - evidence.scores[at])
    if columns["same_language"][at] != columns["same_language"][best]:
        return behind <= _OTHER_GAP and bool(columns["focus"][at] >= _COUNTS_IT)
    held = columns["terms_in_context"]
    return behind <= _RIVAL_GAP and bool(held[at] >= held[best] - _SHARE)


def _value(
    candidate: Candidate,
    evidence: Evidence,
    passages: Passages,
    pointed: Sequence[Pointed],
    date: str,
) -> Value | None:
    chunk = passages.hits[candidate.passage].chunk
    span = answer_span(
        evidence.kind,
        candidate,
        chunk.language,
        passages.query.text,
        nearness(passages.question, passages.tokens[candidate.passage]),
        passages.spans[candidate.passage],
        evidence.held.said(candidate),
        reading_of(pointed, candidate.passage, candidate.start, candidate.end),
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
    """ "594 (March 2025), 612 (January 2025)": each once, as its first source writes it, with that
    source's date."""
    once: dict[object, Value] = {}
    for value in values:
        once.setdefault(value.key, value)
    dates = (iso_in_words(value.date, language) for value in once.values())
    return ", ".join(
        value.shown + (f" ({date})" if date else "")
        for value, date in zip(once.values(), dates, strict=True)
    )
