"""Pairs of neighbouring words: "beneficial owner" says more than "beneficial" and "owner" apart."""

from collections.abc import Iterable, Iterator

from index.analysis.stopwords import STOPWORDS
from index.analysis.types import Term


def pair_terms(text: str, terms: Iterable[Term]) -> Iterator[Term]:
    """Each content word with the next one, function words between them left out: "&benefici_owner".

    `terms` are those of `text` in reading order.
    """
    before: Term | None = None
    for term in terms:
        if term.kind == "name" or (before is not None and term.start < before.end):
            continue  # a second term of the same place
        if text[term.start : term.end].lower() in STOPWORDS:
            continue
        if before is not None:
            yield Term(f"&{before.term}_{term.term}", before.start, term.end, "pair")
        before = term
