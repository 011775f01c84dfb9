"""A text as the rules of this folder see it: its terms, its words with their stems, its places.

Analysed once per passage and kept for a while, because the same passages answer many questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.analyzer import Analyzer
from index.analysis.stopwords import STOPWORDS
from index.analysis.types import Term

_ANALYZER = Analyzer()


@dataclass(frozen=True, slots=True)
class Word:
    """The word at characters [start, end): its stem, and whether it only asks or connects."""

    start: int
    end: int
    stem: str
    stop: bool


@lru_cache(maxsize=10_000)
def terms_of(text: str, language: str) -> tuple[Term, ...]:
    """The index terms of a text with their places (see `index.analysis`)."""
    return tuple(_ANALYZER.analyse(text, language))


@lru_cache(maxsize=10_000)
def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words of `text` in order; parts of a hyphenated word stand alone."""
    return words_among(text, terms_of(text, language))


def words_among(text: str, terms: Sequence[Term]) -> tuple[Word, ...]:
    """The words among the terms of `text`."""
    found: list[Word] = []
    end = 0
    for term in terms:
        if term.kind == "word" and term.start >= end:
            stop = text[term.start : term.end].lower() in STOPWORDS
            found.append(Word(term.start, term.end, term.term, stop))
            end = term.end
    return tuple(found)
