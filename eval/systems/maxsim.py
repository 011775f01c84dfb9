"""Sentence choice without fitting: the simpler baseline that the answerer is held against.

Over the three passages that the product's search puts first when questions are encoded as by the
published model, every sentence scores the mean of its MaxSim (Khattab and Zaharia 2020) and its
passage's; the best three are quoted, none is refused.
"""

from dataclasses import replace

import numpy as np

from eval.settings import RunSettings
from eval.systems.base import QUOTED, Indexed
from eval.systems.product import KordonSystem, search_settings
from eval.types import Question, Quote, Reply
from index.search.searcher import Searcher
from rag.answering.alignment import inside
from rag.answering.candidates import quote_of, sentences_of
from rag.answering.sources import gather


class MaxSimSystem(KordonSystem):
    """The product's search with the plainest choice of sentences."""

    def __init__(self, indexed: Indexed, settings: RunSettings) -> None:
        super().__init__(indexed, settings)
        plain = replace(search_settings(settings), fitted_questions=False)
        self._plain = Searcher(indexed.reader, indexed.encoder, plain)
        self._index = indexed

    def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
        """The three best sentences; confidence grows with the best score."""
        found = self._plain.find(question.text, QUOTED, where=self._index.where(question))
        passages = gather(self._plain, found, {})
        scored: list[tuple[float, Quote]] = []
        for one in sentences_of(passages.hits):
            tokens = passages.tokens[one.passage]
            mask = inside(passages.spans[one.passage], one.start, one.end)
            if not mask.any():
                continue
            similar = passages.question @ tokens.T
            score = similar[:, mask].max(axis=1).mean() + similar.max(axis=1).mean()
            own = quote_of(passages.hits[one.passage], one.start, one.end)
            name = self._index.names[own.document_id]
            scored.append((float(score) / 2, Quote(name, own.start, own.end, own.text, True)))
        scored.sort(key=lambda each: -each[0])
        quotes = tuple(quote for _, quote in scored[:QUOTED])
        sure = float(np.clip(scored[0][0], 0.0, 1.0)) if scored else 0.0
        marks = tuple((place,) for place in range(len(quotes)))
        spans = ("",) * len(quotes)
        return Reply(bool(quotes), sure, question.language, quotes, marks, spans), {}
