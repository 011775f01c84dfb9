"""The passages of a search in the order of their best sentences.

A passage that holds the answer is not always the one that is most like the question as a whole. So
each of the best passages is scored by the sentence of it that the answers' ranker prefers, beside
the search's own score s (decision 0326):

    score(passage) = s(passage) + w * max over its sentences of ranker(sentence)
"""

from dataclasses import dataclass

import numpy as np

from index.search.found import Found
from index.search.searcher import Searcher
from index.stores.base import Scores
from index.types import LegName
from rag.answering.evidence import weigh
from rag.answering.language import question_language
from rag.answering.ranker import Ranker, load_ranker
from rag.answering.sources import gather

_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class BySentence:
    """Scores the best `depth` hits of `searcher` anew."""

    searcher: Searcher
    ranker: Ranker
    depth: int
    leg: LegName = "sentence"

    def scores(self, found: Found) -> tuple[Scores, Scores]:
        """(n,) the new scores, and (n,) the best sentence's of each passage."""
        before = np.array([hit.score for hit in found.hits], np.float32)
        passages = gather(self.searcher, found, self.ranker.question_means)
        evidence = weigh(passages, question_language(found.query.text), self.ranker)
        if evidence is None:
            return before, np.zeros_like(before)
        # A passage whose sentences all stand in a better one counts as much as the worst.
        own = np.full(len(before), evidence.scores.min())
        for candidate, score in zip(evidence.candidates, evidence.scores, strict=True):
            own[candidate.passage] = max(own[candidate.passage], score)
        return before + _WEIGHT * (own - own.max()), own


def by_sentence(searcher: Searcher) -> BySentence | None:
    """What orders the passages of this searcher; None where it is switched off, where no token
    vectors are kept (encoding passages for it would take a second) and for an encoder that the
    ranker was not fitted to."""
    card = searcher.encoder.card
    ranker = load_ranker(card.name, card.dimension)
    ready = searcher.settings.late and searcher.reader.has("tokens") and ranker.question_means
    depth = searcher.settings.by_sentence if ready else 0
    return BySentence(searcher, ranker, depth) if depth else None
