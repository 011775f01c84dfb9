"""What the checks by vectors look at: words with their vectors, values and names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.analysis.stemming import fold, snowball
from index.analysis.stopwords import STOPWORDS
from index.types import Spans, Vectors

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Limits belong to their number and have a check of their own.
SILENT = STOPWORDS | {
    "less", "least", "more", "most", "fewer", "менее", "более", "меньше", "больше", "свыше",
    "около",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the vectors (t, d) of its tokens, unit rows, and their spans (t, 2)."""

    text: str
    tokens: Vectors
    spans: Spans


@dataclass(frozen=True, slots=True)
class Item:
    """A value or name at characters [start, end).

    Items of one `sort` could be taken for each other. `places` are the items of the quote (by
    their number) that this one may stand for; an item of the quote stands for itself.
    """

    sort: str
    start: int
    end: int
    places: frozenset[int]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that says something, with the mean of its tokens' vectors (d,), of unit length."""

    text: str
    stem: str
    start: int
    end: int
    vector: npt.NDArray[np.float32]


Element = Word | Item


def words(text: Text, items: Sequence[Item], silent: frozenset[str] = SILENT) -> list[Word]:
    """The words that say something and belong to no item; `silent` ones say nothing."""
    found = []
    for match in _WORD.finditer(text.text):
        start, end = match.span()
        if match.group().lower() in silent or any(
            item.start < end and start < item.end for item in items
        ):
            continue
        inside = (text.spans[:, 0] < end) & (text.spans[:, 1] > start)
        if inside.any():
            vector = text.tokens[inside].mean(axis=0)
            length = float(np.linalg.norm(vector))
            stem = snowball()(fold(match.group()))
            found.append(Word(match.group(), stem, start, end, vector / max(length, 1e-6)))
    return found
