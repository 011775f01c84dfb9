"""Late interaction: how well each word of the question finds its like in a passage.

MaxSim (Khattab & Zaharia 2020, ColBERT) over the encoder's own token vectors: the mean over the
question's tokens of the greatest cosine with any token of the passage. Marks without letters or
digits ask nothing and are left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.stores.base import Rows, Scores, TokenStore
from index.types import Encoded, Spans, Vectors


@dataclass(frozen=True, slots=True)
class LateLeg:
    """One question's tokens (t, w) in the space of the store, with their offsets (t, 2)."""

    store: TokenStore
    tokens: Vectors
    spans: Spans

    def scores(self, rows: Rows) -> Scores:
        """(n,) MaxSim of these rows, in their order."""
        matches = self.store.best_matches(self.tokens, rows)
        return matches.mean(axis=1) if len(self.tokens) else np.zeros(len(rows), np.float32)


def late_leg(store: TokenStore, question: str, encoded: Encoded, language: str) -> LateLeg | None:
    """Prepare the leg for one question; None when its tokens were not encoded."""
    if not encoded.tokens:
        return None
    spans = encoded.spans[0]
    telling = [any(map(str.isalnum, question[start:end])) for start, end in spans.tolist()]
    kept = np.array(telling, bool) if any(telling) else np.ones(len(spans), bool)
    return LateLeg(store, store.question(encoded.tokens[0][kept], language), spans[kept])


def alignment(question: Vectors, passage: Vectors) -> npt.NDArray[np.float32]:
    """(t, w) x (p, w) -> (p,): how strongly each passage token answers to some question token.

    Both in the space of the token store; works across languages, for highlighting.
    """
    if not len(question) or not len(passage):
        return np.zeros(len(passage), np.float32)
    return np.asarray((passage @ question.T).max(axis=1), np.float32)
