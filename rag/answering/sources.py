"""The passages a question is answered from, with the token vectors of both."""

from dataclasses import dataclass

import numpy as np

from index.search.lexical import idf
from index.search.question import Query
from index.search.searcher import Found, Searcher
from index.types import Hit, Spans, Vectors


@dataclass(frozen=True, slots=True)
class Passages:
    """The best passages and how they were encoded.

    `question` (q, d) and `question_spans` (q, 2) are the question's tokens; `tokens[i]` (t_i, d)
    and `spans[i]` (t_i, 2) those of `hits[i]`, offsets into the passage's text. `rarity` is the
    idf of the query's terms in this index.
    """

    hits: tuple[Hit, ...]
    query: Query
    question: Vectors
    question_spans: Spans
    tokens: tuple[Vectors, ...]
    spans: tuple[Spans, ...]
    rarity: dict[str, float]


def gather(searcher: Searcher, found: Found) -> Passages:
    """Token vectors from the index where it keeps them, else from encoding the few passages now."""
    encoded = found.encoded
    if not encoded.tokens:
        encoded = searcher.encoder.encode_queries([found.query.text], tokens=True)
    tokens: tuple[Vectors, ...] = ()
    spans: tuple[Spans, ...] = ()
    if found.hits and searcher.settings.late and searcher.reader.has("tokens"):
        tokens, spans = searcher.tokens(found)
    elif found.hits:
        texts = [hit.chunk.text for hit in found.hits]
        fresh = searcher.encoder.encode_passages(texts, tokens=True)
        tokens, spans = fresh.tokens, fresh.spans
    return Passages(
        hits=found.hits,
        query=found.query,
        question=np.asarray(encoded.tokens[0], np.float32),
        question_spans=encoded.spans[0],
        tokens=tuple(np.asarray(each, np.float32) for each in tokens),
        spans=spans,
        rarity=_rarity(searcher, found.query),
    )


def _rarity(searcher: Searcher, query: Query) -> dict[str, float]:
    total = int(searcher.reader.dense.rows().size)
    terms = [term.term for term in query.terms]
    frequency = searcher.reader.terms.document_frequency(terms)
    return {term: idf(frequency.get(term, 0), total) for term in terms}
