"""The passages a question is answered from, with the token vectors of both."""

from dataclasses import dataclass

import numpy as np

from index.search.searcher import Found, Searcher
from index.types import Hit, Spans, Vectors


@dataclass(frozen=True, slots=True)
class Passages:
    """The best passages and how they were encoded.

    `vector` (d,) is the question's; `question` (q, d) its tokens'; `tokens[i]` (t_i, d) and
    `spans[i]` (t_i, 2) belong to `hits[i]`, offsets into the passage's text.
    """

    hits: tuple[Hit, ...]
    vector: Vectors
    question: Vectors
    tokens: tuple[Vectors, ...]
    spans: tuple[Spans, ...]


def gather(searcher: Searcher, found: Found) -> Passages:
    """Token vectors from the index where it keeps them, else from encoding the few passages now."""
    encoded = found.encoded
    if not encoded.tokens:
        encoded = searcher.encoder.encode_queries([found.query.text], tokens=True)
    if not found.hits:
        return Passages((), encoded.vectors[0], encoded.tokens[0], (), ())
    if searcher.settings.late and searcher.reader.has("tokens"):
        tokens, spans = searcher.tokens(found)
    else:
        texts = [hit.chunk.text for hit in found.hits]
        fresh = searcher.encoder.encode_passages(texts, tokens=True)
        tokens, spans = fresh.tokens, fresh.spans
    rows = tuple(np.asarray(each, np.float32) for each in tokens)
    return Passages(found.hits, encoded.vectors[0], encoded.tokens[0], rows, spans)
