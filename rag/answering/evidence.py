"""Everything that is computed about the candidates of one question, in one place."""

from dataclasses import dataclass

import numpy as np

from rag.answering.candidates import Candidate, sentences_of
from rag.answering.concepts import Concept, concepts_of
from rag.answering.features import focus_feature, offer_feature, text_features, token_features
from rag.answering.holdings import Holdings
from rag.answering.kinds import Kind
from rag.answering.question_kinds import kind_named, question_kind
from rag.answering.ranker import Ranker, Row
from rag.answering.sources import Passages

Place = tuple[int, int, int]  # passage, and characters [start, end) of its text


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
    columns["offer_near"] = offer_feature(kind, passages, weights, held.question, candidates)
    columns["focus"] = focus_feature(kind, passages, held.question, candidates)
    return Evidence(
        kind_named(passages.query.text),
        concepts,
        held,
        tuple(candidates),
        columns,
        ranker.scores(columns),
    )
