"""What `index` produces: chunks of documents, and hits with the evidence for them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]  # (n, dimension), unit rows
Spans = npt.NDArray[np.int32]  # (n, 2), character offsets [start, end)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: `text == document.text[start:end]`, always.

    `id` is made of the document's id and the span, so that it survives a rebuild. `pages` are the
    page numbers the span touches, `heading` the path of headings above it (" > "-joined).
    """

    id: str
    document_id: str
    start: int
    end: int
    pages: tuple[int, ...]
    heading: str
    language: str
    label: str
    text: str


def chunk_id(document_id: str, start: int, end: int) -> str:
    """The stable id of a span of a document."""
    return f"{document_id}:{start}-{end}"


@dataclass(frozen=True, slots=True)
class Encoded:
    """Vectors of some texts, and on request the vectors of their tokens.

    `vectors` (n, d) float32 unit rows. `tokens[i]` (t_i, d) float32 unit rows of text i's tokens in
    its last layer, without special and prefix tokens; `spans[i]` (t_i, 2) their character offsets
    in text i. Both are empty tuples when tokens were not asked for.
    """

    vectors: Vectors
    tokens: tuple[Vectors, ...] = ()
    spans: tuple[Spans, ...] = ()


LegName = Literal["dense", "lexical", "late", "subject", "reranker", "sentence"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why one leg of the search proposes a passage.

    `score` is the leg's own score, `rank` (from 1) its place in that leg's list, 0 when the leg did
    not list it. `terms` are the words of the question that matched, with how ("ФАТФ = FATF").
    """

    leg: LegName
    score: float
    rank: int
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, best first: `rank` counts from 1.

    `same_as` is the rank of an earlier hit that says the same: of a near-duplicate, or of the same
    passage in a parallel version of the document in another language.
    """

    chunk: Chunk
    score: float
    rank: int
    evidence: tuple[Evidence, ...]
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """What may be found; an empty field allows everything. Applied before scoring.

    `languages` of chunks; `documents` by id; `publishers`, `labels`, `formats` by exact value;
    `after`/`before` ISO dates, compared with the document's date (inclusive, by prefix).
    """

    languages: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    after: str = ""
    before: str = ""
