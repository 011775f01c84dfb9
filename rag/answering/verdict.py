"""The row for the calibration of an answer whose quotes are known, and what they leave unsaid."""

from collections.abc import Sequence

import numpy as np

from rag.answering.coverage import coverage_columns, unsaid_anywhere
from rag.answering.evidence import Evidence, Place
from rag.answering.judge import Missing, concept_match, judge_row, missing_from, read_columns
from rag.answering.kinds import Kind
from rag.answering.ranker import Ranker, Row
from rag.answering.reading import Quotes
from rag.answering.sources import Passages

_OF_A_YEAR: frozenset[Kind] = frozenset(("count", "money", "percent"))
_NAME_MATCH = 0.55  # centred cosine from which a name counts as said in other words or letters


def judged(
    evidence: Evidence, passages: Passages, quotes: Quotes, ranker: Ranker
) -> tuple[Row, Missing]:
    """The `judge.NAMES` row of these quotes, and what the question names that none of them says."""
    cited = quotes.places
    names = _names_matched(evidence, passages, cited)
    best = _quoted(evidence, cited[0])[0]
    row = judge_row(
        best,
        evidence.scores,
        evidence.columns,
        [candidate.passage for candidate in evidence.candidates],
        list(names.values()),
        coverage_columns(evidence, passages, evidence.candidates[best])
        | _lacking(evidence, cited, names)
        | {"least_match": _least_match(passages, cited[0], ranker)}
        | read_columns(quotes.odds, quotes.again),
    )
    missing = unsaid_anywhere(evidence, passages, cited)
    if evidence.kind in _OF_A_YEAR and _of_other_years(evidence, cited[0]):
        years = tuple(one.surface for one in evidence.concepts if one.is_year)
        numbers = tuple(one for one in missing.numbers if one not in years)
        missing = Missing(missing.names, numbers, years)
    return row, missing


def _names_matched(
    evidence: Evidence, passages: Passages, cited: Sequence[Place]
) -> dict[int, float]:
    """How well the best cited passage answers to each name of the question, by its number."""
    asked = passages.query.text, passages.question, passages.question_spans
    return {
        at: max(concept_match(concept, *asked, passages.tokens[passage]) for passage, _, _ in cited)
        for at, concept in enumerate(evidence.concepts)
        if concept.sort == "name"
    }


def _lacking(
    evidence: Evidence, cited: Sequence[Place], matches: dict[int, float]
) -> dict[str, float]:
    """The share of the question's weight that are names and numbers in no cited passage."""
    lacking = missing_from(evidence.held, [each[0] for each in cited], matches, _NAME_MATCH)
    whole = sum(concept.weight for concept in evidence.concepts) or 1.0
    return {
        f"{sort}s_missing": sum(
            one.weight for one in evidence.concepts if one.surface in said and one.sort == sort
        )
        / whole
        for said, sort in ((lacking.names, "name"), (lacking.numbers, "number"))
    }


def _least_match(passages: Passages, first: Place, ranker: Ranker) -> float:
    """How well the passage quoted first answers to the worst of the question's heavier tokens."""
    alike = passages.question @ passages.tokens[first[0]].T
    weights = ranker.token_weights(passages.question)
    heavy = weights >= np.median(weights)
    return float(alike.max(axis=1)[heavy].min()) if alike.size else 0.0


def _quoted(evidence: Evidence, place: Place) -> list[int]:
    """The sentences of the quote at this place, best first."""
    passage, start, end = place
    return [
        at
        for at in evidence.order()
        if (one := evidence.candidates[at]).passage == passage and start <= one.start < end
    ]


def _of_other_years(evidence: Evidence, place: Place) -> bool:
    """Whether the sentences of a quote that offer a figure all name other years than asked."""
    figures = evidence.columns["offers_figure"]
    telling = [at for at in _quoted(evidence, place) if figures[at] > 0.5]
    return bool(telling) and all(
        evidence.held.of_other_years(evidence.candidates[at]) for at in telling
    )
