"""Do the citations point at the gold places? Precision and recall over character spans.

A quote supports the answer when it overlaps a gold span of the same document. Copying the top
passage scores high here: never shown without correctness (`quoted@1`) beside it.
"""

from collections.abc import Sequence

from eval.types import Gold, Quote


def overlaps(quote: Quote, gold: Gold) -> bool:
    """Whether they share a character."""
    return quote.document == gold.document and quote.start < gold.end and gold.start < quote.end


def citation_precision(quotes: Sequence[Quote], golds: Sequence[Gold]) -> float:
    """Share of quotes that overlap a gold span; 0.0 without quotes."""
    if not quotes:
        return 0.0
    return sum(any(overlaps(quote, gold) for gold in golds) for quote in quotes) / len(quotes)


def citation_recall(quotes: Sequence[Quote], golds: Sequence[Gold]) -> float:
    """Share of facts with a quote over one of their places; golds of a fact are alternatives."""
    facts = {gold.fact for gold in golds}
    reached = {gold.fact for gold in golds if any(overlaps(quote, gold) for quote in quotes)}
    return len(reached) / len(facts) if facts else 0.0
