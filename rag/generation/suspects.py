"""The passages of an index that speak to a model, for administrators."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.reader import Reader
from rag.generation.suspicion import Kind, suspicions

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Suspect:
    """A passage at characters [start, end) of the document at `path`, and what it looks like."""

    path: str
    page: int
    start: int
    end: int
    kinds: tuple[Kind, ...]
    text: str


def find(reader: Reader) -> Iterator[Suspect]:
    """All suspicious passages of the live generation, in the order of the index."""
    rows = np.sort(reader.dense.rows())
    for begin in range(0, len(rows), _AT_ONCE):
        for chunk in reader.chunks(rows[begin : begin + _AT_ONCE]):
            kinds = suspicions(chunk.text)
            if kinds:
                page = chunk.pages[0] if chunk.pages else 1
                path = reader.document(chunk.document_id).path
                yield Suspect(path, page, chunk.start, chunk.end, kinds, chunk.text)
