"""Which column of which table a question asks to compare by, and the rows that it wants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis.words import terms_of
from index.reader import Reader
from rag.answering.candidates import READ
from rag.answering.evidence import Evidence
from rag.answering.sources import Passages
from rag.answering.tables.amounts import Amount, column_amounts
from rag.answering.tables.asked import Sort, Wanted
from rag.answering.tables.columns import may_be_asked_for, may_compare, named_otherwise
from rag.answering.tables.prose import countries_told
from rag.answering.tables.table import Row, Table, tables_in

_MOST = 8  # rows


@dataclass(frozen=True, slots=True)
class Match:
    """A table with the column to compare by, what `sort` of amounts that has, and the rows that the
    question wants by it. `subject` is the column of what is asked for, `covered` how much of the
    question's weight all this says, and `named` how much the column itself; `whole` tells whether
    nothing that could be compared is missing."""

    table: Table
    column: int
    sort: Sort
    subject: int
    rows: tuple[int, ...]
    covered: float
    named: float
    whole: bool = True


def matches(
    wanted: Wanted, evidence: Evidence, passages: Passages, reader: Reader
) -> Iterator[Match]:
    """Each column of each table in the passages that the question may ask to compare by."""
    told = _told_by(wanted, passages.query.text, evidence)
    for table in tables_in(evidence.candidates, passages, reader):
        yield from _in_table(table, wanted, told, evidence, passages)
    prose = countries_told(evidence, passages)
    if prose is not None:
        yield from _in_table(prose, wanted, told, evidence, passages, of_countries=True)


def _in_table(
    table: Table,
    wanted: Wanted,
    told: set[int],
    evidence: Evidence,
    passages: Passages,
    of_countries: bool = False,
) -> Iterator[Match]:
    """The columns of one table; one made of sentences is `of_countries`, and may lack some."""
    question = passages.query.text
    names = [concepts_in(name, evidence) - told for name in table.names]
    first = table.rows[0].candidate
    around = evidence.held.context(first.passage, first.start) - told
    for column, name in enumerate(table.names):
        amounts = column_amounts(table, column)
        if amounts is None or not may_compare(question, wanted, amounts[0]):
            continue
        own = names[column] | _called(named_otherwise(question, name), evidence) - told
        if wanted.want == "beside":
            subject, rows, said = _named_rows(table, column, evidence)
        else:
            subject = 0 if of_countries else _subject(names, column, table, question)
            rows, said = _rows_wanted(amounts[1], wanted), names[subject]
        if (own or wanted.sort) and subject >= 0 and 0 < len(rows) <= _MOST:
            covered, named = (
                _share(own | said | around, told, evidence),
                _share(own, told, evidence),
            )
            whole = not of_countries or wanted.want == "beside"
            yield Match(table, column, amounts[0], subject, rows, covered, named, whole)


def concepts_in(name: str, evidence: Evidence) -> set[int]:
    """The concepts of the question that the name of a column says; names mix languages."""
    terms = {term.term for language in READ for term in terms_of(name, language)}
    return {
        at for at, concept in enumerate(evidence.concepts) if not concept.terms.isdisjoint(terms)
    }


def _called(words: Iterator[str], evidence: Evidence) -> set[int]:
    """The concepts that are one of these words of the question."""
    every = set(words)
    return {at for at, concept in enumerate(evidence.concepts) if concept.surface in every}


def _subject(names: Sequence[set[int]], column: int, table: Table, question: str) -> int:
    """The column of what is asked for: the first that the question names beside the one compared
    by, else one that its question word may ask for; -1 for none."""
    others = [at for at in range(len(names)) if at != column]
    named = [at for at in others if names[at]]
    meant = [at for at in others if may_be_asked_for(question, table.names[at])]
    return next(iter((*named, *meant)), -1)


def _told_by(wanted: Wanted, question: str, evidence: Evidence) -> set[int]:
    """The concepts that only say what is wanted: "more", "than"."""
    places = [question.find(concept.surface) for concept in evidence.concepts]
    return {
        at
        for at, place in enumerate(places)
        if any(start <= place < end for start, end in wanted.words)
    }


def _share(held: set[int], told: set[int], evidence: Evidence) -> float:
    weights = [0.0 if at in told else one.weight for at, one in enumerate(evidence.concepts)]
    return sum(weights[at] for at in held) / (sum(weights) or 1.0)


def _rows_wanted(amounts: dict[int, Amount], wanted: Wanted) -> tuple[int, ...]:
    """The rows that the question wants, in the order of reading."""
    if wanted.want in ("most", "least"):
        best = (max if wanted.want == "most" else min)(amounts.values())
        return tuple(at for at, amount in amounts.items() if amount == best)
    limit = (wanted.limit,)
    return tuple(
        at
        for at, amount in amounts.items()
        if (amount == limit and wanted.itself)
        or (amount > limit if wanted.want == "above" else amount < limit)
    )


def _named_rows(
    table: Table, column: int, evidence: Evidence
) -> tuple[int, tuple[int, ...], set[int]]:
    """The column of words with whose cells the question names several rows, these rows, and the
    concepts that name them; -1 where there is none."""
    for subject in range(len(table.names)):
        if subject == column:
            continue
        said = {at: _said_in(row, subject, evidence) for at, row in enumerate(table.rows)}
        every = set.intersection(*said.values())
        rows = tuple(at for at, held in said.items() if held - every)
        if len(rows) > 1 and len({frozenset(said[at] - every) for at in rows}) == len(rows):
            return subject, rows, set().union(*(said[at] for at in rows))
    return -1, (), set()


def _said_in(row: Row, column: int, evidence: Evidence) -> set[int]:
    cell, one = row.cells[column], row.candidate
    return evidence.held.within(one.passage, one.start + cell.start, one.start + cell.end)
