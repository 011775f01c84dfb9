"""Passages beside the best ones: what a section's opening announces often stands in the next chunk.

A chunk "Tajikistan: it took place online, 14 participants" does not say what took place; the one
before it does, and is found. Chunks of a document have consecutive rows, in reading order.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from index.reader import Reader
from index.search.found import Found
from index.types import Hit
from rag.answering.options import AnswerOptions


def with_neighbours(
    found: Found, reader: Reader, languages: frozenset[str], options: AnswerOptions
) -> Found:
    """`found` with the chunks around its best hits behind it, each once; they carry no evidence of
    their own. `languages` are those a filter allows; empty for all."""
    have = set(found.rows.tolist())
    rows: list[int] = []
    parents: list[Hit] = []
    for parent, row in zip(found.hits[: options.widened], found.rows.tolist(), strict=False):
        for place in _beside(reader, row, options):
            if place not in have:
                have.add(place)
                rows.append(place)
                parents.append(parent)
    hits: list[Hit] = []
    kept: list[int] = []
    for row, chunk, parent in zip(rows, reader.chunks(rows), parents, strict=True):
        if not languages or chunk.language in languages:
            rank = len(found.hits) + len(hits) + 1
            hits.append(Hit(chunk, parent.score, rank, ()))
            kept.append(row)
    return replace(
        found,
        hits=(*found.hits, *hits),
        rows=np.concatenate([found.rows, np.array(kept, found.rows.dtype)]),
    )


def _beside(reader: Reader, row: int, options: AnswerOptions) -> Iterator[int]:
    """Rows of the same document just before and after `row`, the nearest first."""
    columns = reader.columns
    at = int(np.searchsorted(columns.rows, row))
    for step in range(1, max(options.before, options.after) + 1):
        for place in (at + step,) * (step <= options.after) + (at - step,) * (
            step <= options.before
        ):
            inside = 0 <= place < len(columns.rows)
            if inside and columns.documents[place] == columns.documents[at]:
                yield int(columns.rows[place])
