"""Rows of a table that only a comparison tells: "Which exercise lasted the longest?".

No row says that it is the longest, so whoever reads row by row finds no answer, or any row. The
column that the question asks about is read as amounts, and the rows that it wants are quoted.
"""

from dataclasses import replace

from index.reader import Reader
from rag.answering.choose import Choice, Lead
from rag.answering.evidence import Evidence
from rag.answering.grouping import Group, alone
from rag.answering.judge import Missing
from rag.answering.sources import Passages
from rag.answering.tables.asked import Wanted, superlative_in, wanted_of
from rag.answering.tables.match import Match, concepts_in, matches
from rag.answering.tables.table import Cell

_COVERED = 0.45  # of the weight of the question's words that a table and what it stands under say
_SURE = 0.7  # set, not fitted: the confidence of an answer that was refused without the table


def compared(choice: Choice, passages: Passages, reader: Reader) -> Choice:
    """The choice with the rows of a table that the question wants, where one tells them; itself
    where the question compares nothing, or its first quote says the comparison."""
    evidence, wanted = choice.evidence, wanted_of(passages.query.text)
    if evidence is None or wanted is None:
        return choice
    every = matches(wanted, evidence, passages, reader)
    found = max(every, key=lambda one: (one.covered, one.named), default=None)
    if found is None or found.covered < _COVERED:
        return choice
    said = _said_already(choice, found, wanted, evidence)
    rows = [found.table.rows[at] for at in found.rows]
    groups = (*said, *(alone(row.candidate) for row in rows))
    refused = choice.outcome == "refusal"
    return replace(
        choice,
        outcome="answer" if found.whole else "caveat",
        groups=groups,
        confidence=_SURE if refused else max(choice.confidence, _SURE),
        missing=Missing((), ()),
        values=(),
        lead=_lead(found, wanted),
        marked={
            row.candidate: _marked(row.cells[found.subject], row.cells[found.column], wanted)
            for row in rows
        },
    )


def _lead(found: Match, wanted: Wanted) -> Lead:
    """How the rows were chosen: "The highest of 6 by “Officers”"."""
    key = f"lead.{wanted.want}" + "_date" * (found.sort == "date" and wanted.want != "beside")
    told = {"column": found.table.names[found.column], "count": len(found.table.rows)}
    return Lead(key, told)


def _marked(subject: Cell, amount: Cell, wanted: Wanted) -> tuple[int, int]:
    """What answers in a row: what it is of, or where two stand side by side, the amount."""
    cell = amount if wanted.want == "beside" else subject
    return cell.start, cell.end


def _said_already(
    choice: Choice, found: Match, wanted: Wanted, evidence: Evidence
) -> tuple[Group, ...]:
    """The first quote, where it says a superlative of what is asked for in words."""
    if choice.outcome == "refusal" or wanted.want not in ("most", "least"):
        return ()
    first = choice.groups[0]
    text = first.best.text
    held = evidence.held.within(first.passage, first.start, first.end)
    asked = concepts_in(found.table.names[found.subject], evidence)
    return (alone(first.best),) if superlative_in(text) and held & asked else ()
