"""Rows of a table that only a comparison tells: "Which exercise lasted the longest?".

No row says that it is the longest, so whoever reads row by row finds no answer, or any row. The
column that the question asks about is read as amounts, and the rows that it wants are quoted.
"""

from collections.abc import Callable
from dataclasses import replace

from index.reader import Reader
from rag.answering.choose import Choice, Lead
from rag.answering.evidence import Evidence
from rag.answering.grouping import Group, alone
from rag.answering.judge import Missing
from rag.answering.sources import Passages, joined
from rag.answering.tables.asked import Wanted, superlative_in, wanted_of
from rag.answering.tables.match import Match, concepts_in, matches
from rag.answering.tables.table import Cell

_COVERED = 0.45  # of the weight of the question's words that a table and what it stands under say
_SURE = 0.7  # set, not fitted: the confidence of an answer that was refused without the table


def compared(
    choice: Choice,
    passages: Passages,
    reader: Reader,
    find: Callable[[str], Passages],
    weigh: Callable[[Passages], Evidence | None],
) -> tuple[Choice, Passages]:
    """The choice with the rows of a table that the question wants, where one tells them, and the
    passages with it; both as they are where the question compares nothing. `find` and `weigh` are
    the pipeline's: where no table fits, one is searched for without the words that compare, since
    a table of durations says nothing of "shortest"."""
    question, evidence = passages.query.text, choice.evidence
    wanted = wanted_of(question)
    if evidence is None or wanted is None:
        return choice, passages
    found = _best(wanted, evidence, passages, reader)
    if found is not None:
        return _quoting(found, wanted, choice, evidence), passages
    bare = _without(question, wanted)
    if wanted.want not in ("most", "least") or not any(map(str.isalnum, bare)):
        return choice, passages
    whole = joined(passages, find(bare))
    every = weigh(whole)
    found = _best(wanted, every, whole, reader) if every else None
    if every is None or found is None:
        return choice, passages
    return _quoting(found, wanted, replace(choice, evidence=every), every), whole


def _without(question: str, wanted: Wanted) -> str:
    for start, end in sorted(wanted.words, reverse=True):
        question = question[:start] + question[end:]
    return " ".join(question.split())


def _best(wanted: Wanted, evidence: Evidence, passages: Passages, reader: Reader) -> Match | None:
    every = matches(wanted, evidence, passages, reader)
    found = max(every, key=lambda one: (one.covered, one.named), default=None)
    return found if found and found.covered >= _COVERED else None


def _quoting(found: Match, wanted: Wanted, choice: Choice, evidence: Evidence) -> Choice:
    """The choice with the rows found for its quotes."""
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
