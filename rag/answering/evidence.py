"""Everything that is computed about the candidates of one question, in one place."""

from dataclasses import dataclass

import numpy as np

from rag.answering.candidates import Candidate, sentences_of
from rag.answering.concepts import Concept, Holdings, Sort, concepts_of
from rag.answering.features import focus_feature, text_features, token_features
from rag.answering.judge import Missing, concept_match, judge_row, missing_from
from rag.answering.kinds import Kind, question_kind
from rag.answering.ranker import Ranker, Row
from rag.answering.sources import Passages

_NAME_MATCH = 0.55  # centred cosine from which a name counts as said in other words or letters


@dataclass(frozen=True, slots=True)
class Evidence:
    """Candidates in reading order with their feature `columns` and `scores` (n,).

    `kind` is what the question asks for.
    """

    kind: Kind
    concepts: tuple[Concept, ...]
    held: Holdings
    candidates: tuple[Candidate, ...]
    columns: dict[str, Row]
    scores: Row

    def order(self) -> list[int]:
        """Places of the candidates, best first."""
        return [int(place) for place in np.argsort(-self.scores, kind="stable")]


def weigh(passages: Passages, language: str, ranker: Ranker) -> Evidence | None:
    """All that speaks for each sentence; None when there is no sentence."""
    candidates = sentences_of(passages.hits)
    if not candidates:
        return None
    kind = question_kind(passages.query.text)
    concepts = concepts_of(passages.query, passages.rarity)
    weights = ranker.token_weights(passages.question)
    held = Holdings(concepts, passages.hits, passages.titles)
    columns = token_features(
        passages.question, weights, passages.tokens, passages.spans, candidates
    )
    columns |= text_features(kind, language, held, passages.hits, candidates)
    columns["focus"] = focus_feature(kind, passages, held.question, candidates)
    return Evidence(
        kind,
        concepts,
        held,
        tuple(candidates),
        columns,
        ranker.scores(columns),
    )


def _far(evidence: Evidence, sort: Sort) -> float:
    """The weight of the names or numbers of the question that stand neither in the best sentence
    nor close before it, in its headings or the title."""
    best = evidence.candidates[int(np.argmax(evidence.scores))]
    near = evidence.held.context(best.passage, best.start)
    near |= evidence.held.within(best.passage, best.start, best.end)
    whole = sum(concept.weight for concept in evidence.concepts) or 1.0
    return (
        sum(
            concept.weight
            for at, concept in enumerate(evidence.concepts)
            if concept.sort == sort and at not in near
        )
        / whole
    )


def judged(
    evidence: Evidence, passages: Passages, cited: list[int], weights: Row
) -> tuple[Row, Missing]:
    """The row for the calibration, and what the question names that the `cited` passages (indices
    into the hits, the best first) do not. `weights` (q,) are those of the question's tokens."""
    matches = {
        at: max(
            concept_match(
                concept,
                passages.query.text,
                passages.question,
                passages.question_spans,
                passages.tokens[passage],
            )
            for passage in cited
        )
        for at, concept in enumerate(evidence.concepts)
        if concept.sort == "name"
    }
    missing = missing_from(evidence.held, cited, matches, _NAME_MATCH)
    whole = sum(concept.weight for concept in evidence.concepts) or 1.0
    lacking = [
        sum(c.weight for c in evidence.concepts if c.surface in said and c.sort == sort) / whole
        for said, sort in ((missing.names, "name"), (missing.numbers, "number"))
    ]
    best = passages.question @ passages.tokens[cited[0]].T
    heavy = weights >= np.median(weights)
    least = float(best.max(axis=1)[heavy].min()) if best.size else 0.0
    row = judge_row(
        evidence.scores,
        evidence.columns,
        [candidate.passage for candidate in evidence.candidates],
        list(matches.values()),
        (lacking[0], lacking[1], _far(evidence, "name"), _far(evidence, "number")),
        least,
    )
    return row, missing
