"""From the chunks a system found to the units that judgements speak of."""

from collections.abc import Sequence

from eval.types import Found, Gold, Question

COVERED = 0.5  # of a gold quote's characters must lie in a chunk for it to count as found


def passage_ranking(found: Sequence[Found]) -> tuple[tuple[str, float], ...]:
    """Documents by their best chunk, each once (the usual maximum over passages)."""
    best: dict[str, float] = {}
    for hit in found:
        best.setdefault(hit.document, hit.score)
    return tuple(best.items())


def fact_ranking(found: Sequence[Found], question: Question) -> tuple[tuple[str, float], ...]:
    """Facts where a chunk covers one for the first time, else the chunk itself, not relevant.

    However documents are cut, a fact counts once; a second chunk over the same quote is no gain.
    """
    units: dict[str, float] = {}
    for hit in found:
        facts = {f"fact {g.fact}" for g in question.gold if covers(hit, g)} - units.keys()
        for unit in sorted(facts) or [f"{hit.document}:{hit.start}-{hit.end}"]:
            units.setdefault(unit, hit.score)
    return tuple(units.items())


def covers(hit: Found, gold: Gold) -> bool:
    """Whether at least half of the gold quote lies in the chunk."""
    if hit.document != gold.document or gold.start < 0:
        return False
    shared = min(hit.end, gold.end) - max(hit.start, gold.start)
    return shared >= COVERED * (gold.end - gold.start)
