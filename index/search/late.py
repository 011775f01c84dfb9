"""Late interaction: how well each word of the question finds its like in a passage.

MaxSim (Khattab & Zaharia 2020, ColBERT) over the encoder's own token vectors: the mean over the
question's tokens of the greatest cosine with any token of the passage, here weighted by how rare
the token's word is in the index. Marks without letters or digits ask nothing and are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.search.question import Query
from index.stores.base import Rows, Scores, TokenStore
from index.types import Encoded, Spans, Vectors

# Rarity is tempered: decision 0305.
_TEMPER = 0.75


@dataclass(frozen=True, slots=True)
class LateLeg:
    """A question's tokens (t, w) in the space of the store, offsets (t, 2) and weights (t,)."""

    store: TokenStore
    tokens: Vectors
    spans: Spans
    weights: npt.NDArray[np.float32]

    def scores(self, rows: Rows) -> Scores:
        """(n,) weighted MaxSim of these rows, in their order."""
        matches = self.store.best_matches(self.tokens, rows)
        return np.asarray(matches @ self.weights, np.float32)


def late_leg(
    store: TokenStore, query: Query, encoded: Encoded, rarity: Mapping[str, float]
) -> LateLeg | None:
    """Prepare the leg for one question; None when its tokens were not encoded.

    `rarity` of the question's terms; without any, all tokens weigh the same.
    """
    if not encoded.tokens or not len(encoded.tokens[0]):
        return None
    spans = encoded.spans[0]
    telling = [any(map(str.isalnum, query.text[start:end])) for start, end in spans.tolist()]
    kept = np.array(telling, bool) if any(telling) else np.ones(len(spans), bool)
    tokens = store.question(encoded.tokens[0][kept], query.language)
    weights = _weights(query, spans[kept], rarity)
    return LateLeg(store, tokens, spans[kept], weights / weights.sum())


def _weights(query: Query, spans: Spans, rarity: Mapping[str, float]) -> npt.NDArray[np.float32]:
    """(t,) the weight of the rarest term that each token is part of, 1 where there is none."""
    weights = np.zeros(len(spans), np.float32)
    for word in query.words:
        inside = (spans[:, 0] < word.end) & (spans[:, 1] > word.start)
        weights[inside] = np.maximum(weights[inside], max(rarity.get(word.term, 0.0), 0.05))
    weights[weights == 0] = 1.0
    return np.asarray(weights**_TEMPER, np.float32)


def alignment(question: Vectors, passage: Vectors) -> npt.NDArray[np.float32]:
    """(t, w) x (p, w) -> (p,): how strongly each passage token answers to some question token.

    Both in the space of the token store; works across languages, for highlighting.
    """
    if not len(question) or not len(passage):
        return np.zeros(len(passage), np.float32)
    return np.asarray((passage @ question.T).max(axis=1), np.float32)
