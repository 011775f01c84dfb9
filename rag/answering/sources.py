"""The passages a question is answered from, with the token vectors of both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from textwrap import shorten

import numpy as np

from index.search.found import Found
from index.search.lexical import idf
from index.search.question import Query
from index.search.searcher import Searcher
from index.search.subjects import Spread
from index.stores import token_codec as codec
from index.stores.token_means import COMMON, means_like
from index.types import Hit, Spans, Vectors

_CONTEXT = 56  # characters of a title or a heading
_NAME = 12  # characters; what is no longer may be an abbreviation


@dataclass(frozen=True, slots=True)
class Passages:
    """The best passages and how they were encoded.

    `question` (q, w) and `question_spans` (q, 2) are the question's tokens; `tokens[i]` (t_i, w)
    and `spans[i]` (t_i, 2) those of `hits[i]`, offsets into the passage's text. `rarity` is the
    idf of the query's terms in this index. `titles[i]` is title, date and file name of hit i's
    document; `contexts[i]` what it stands under (`context_of`).
    `spread` tells how much of each document speaks of the question's names.
    """

    hits: tuple[Hit, ...]
    query: Query
    question: Vectors
    question_spans: Spans
    tokens: tuple[Vectors, ...]
    spans: tuple[Spans, ...]
    rarity: dict[str, float]
    titles: tuple[str, ...]
    contexts: tuple[str, ...]
    spread: Spread = field(default_factory=dict)


def gather(searcher: Searcher, found: Found, question_means: Mapping[str, Vectors]) -> Passages:
    """Token vectors from the index where it keeps them, else from encoding the few passages now;
    in both cases in the space of the token store. `question_means` (d,) by language are taken off
    the question's tokens; where there is none, the store's own mean."""
    late = searcher.question_tokens(found)
    if late is not None:
        question, question_spans = late.tokens, late.spans
        own = question_means.get(found.query.language)
        if own is not None:
            raw, places = found.encoded.tokens[0], found.encoded.spans[0]
            kept = np.isin(places[:, 0], question_spans[:, 0])
            question, question_spans = codec.turned(raw[kept], own), places[kept]
        tokens, spans = searcher.tokens(found) if found.hits else ((), ())
    else:
        question, question_spans, tokens, spans = _encoded_now(searcher, found)
    return Passages(
        hits=found.hits,
        query=found.query,
        question=question,
        question_spans=question_spans,
        tokens=tokens,
        spans=spans,
        rarity=_rarity(searcher, found.query),
        titles=tuple(_title(searcher, hit) for hit in found.hits),
        contexts=tuple(_context(searcher, hit) for hit in found.hits),
        spread=found.spread,
    )


def joined(passages: Passages, more: Passages) -> Passages:
    """The passages of one question with those of another behind them, each once."""
    have = {hit.chunk.id for hit in passages.hits}
    new = [at for at, hit in enumerate(more.hits) if hit.chunk.id not in have]
    return replace(
        passages,
        hits=(*passages.hits, *(more.hits[at] for at in new)),
        tokens=(*passages.tokens, *(more.tokens[at] for at in new)),
        spans=(*passages.spans, *(more.spans[at] for at in new)),
        titles=(*passages.titles, *(more.titles[at] for at in new)),
        contexts=(*passages.contexts, *(more.contexts[at] for at in new)),
    )


def _encoded_now(
    searcher: Searcher, found: Found
) -> tuple[Vectors, Spans, tuple[Vectors, ...], tuple[Spans, ...]]:
    """Question and passages through the encoder and the code of the token store."""
    asked = searcher.encode(found.query.text, tokens=True)
    texts = [hit.chunk.text for hit in found.hits]
    fresh = searcher.encoder.encode_passages(texts, tokens=True) if texts else None
    known = np.concatenate(fresh.tokens) if fresh else asked.tokens[0]
    means = means_like(known) or {COMMON: known.mean(axis=0)}
    question = codec.turned(asked.tokens[0], codec.mean_for(found.query.language, means))
    if fresh is None:
        return question, asked.spans[0], (), ()
    coded = [
        codec.encode(own, spans, codec.mean_for(hit.chunk.language, means))
        for own, spans, hit in zip(fresh.tokens, fresh.spans, found.hits, strict=True)
    ]
    tokens = tuple(codec.decode(codes) for codes, _ in coded)
    return question, asked.spans[0], tokens, tuple(spans for _, spans in coded)


def _title(searcher: Searcher, hit: Hit) -> str:
    record = searcher.reader.document(hit.chunk.document_id)
    name = re.sub(r"[_./-]+", " ", PurePath(record.path).stem)
    return f"{record.title} {record.date} {name}".strip()


def _context(searcher: Searcher, hit: Hit) -> str:
    record = searcher.reader.document(hit.chunk.document_id)
    return context_of(record.title, hit.chunk.heading)


def context_of(title: str, heading: str) -> str:
    """What tells where a passage stands: the beginning of its document's title, and of the last
    heading above it."""
    last = heading.rpartition(" > ")[2]
    parts = [title] if last in title else [title, last]
    told = [shorten(_small(part), _CONTEXT, placeholder="") for part in parts]
    return f"{'. '.join(filter(None, told))}: " if any(told) else ""


def _small(text: str) -> str:
    # Capitals are cut into twice as many tokens.
    return text.capitalize() if len(text) > _NAME and text.isupper() else text


def _rarity(searcher: Searcher, query: Query) -> dict[str, float]:
    total = int(searcher.reader.dense.rows().size)
    terms = [term.term for term in query.terms]
    frequency = searcher.reader.terms.document_frequency(terms)
    return {term: idf(frequency.get(term, 0), total) for term in terms}
