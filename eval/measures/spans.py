"""Span exact match and F1 (Rajpurkar et al. 2016), with our normalisation."""

from collections import Counter
from collections.abc import Iterable

from eval.measures.normalise import words_of


def exact_match(predicted: str, golds: Iterable[str]) -> float:
    """1.0 when the normalised words equal those of one gold answer."""
    own = words_of(predicted)
    return float(any(own == words_of(gold) for gold in golds) and bool(own))


def f1(predicted: str, golds: Iterable[str]) -> float:
    """Best word F1 against a gold answer: 2PR/(P+R) over bags of words."""
    own = Counter(words_of(predicted))
    return max((_f1(own, Counter(words_of(gold))) for gold in golds), default=0.0)


def _f1(own: Counter[str], gold: Counter[str]) -> float:
    same = sum((own & gold).values())
    if not same:
        return 0.0
    precision, recall = same / sum(own.values()), same / sum(gold.values())
    return 2 * precision * recall / (precision + recall)
