"""Which questions of a data set a run asks."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from corpus.errors import UsageError
from eval.settings import RunSettings
from eval.types import Question


def half_of(group: str) -> str:
    """ "a" or "b", the same for ever for one group (an article, a document)."""
    return "ab"[hashlib.sha256(f"half {group}".encode()).digest()[0] & 1]


def part_of(question: Question) -> str:
    """ "a" for what is fitted on, "b" for what is reported: by the split, else by the group."""
    if question.split:
        return "a" if question.split == "dev" else "b"
    return half_of(question.group)


def selected(questions: Sequence[Question], settings: RunSettings) -> tuple[Question, ...]:
    """The questions of the pairs, half and number asked for, in the data set's order.

    Raises `UsageError` when nothing is left.
    """
    pairs = {question.pair for question in questions}
    unknown = set(settings.pairs) - pairs
    if unknown:
        raise UsageError(
            f"The data set has no pair {', '.join(sorted(unknown))}; "
            f"it has {', '.join(sorted(pairs))}."
        )
    wanted = [
        question
        for question in questions
        if (not settings.pairs or question.pair in settings.pairs)
        and (not settings.half or part_of(question) == settings.half)
        and (not settings.split or question.split == settings.split)
    ]
    chosen = _limited(wanted, settings) if settings.limit else {q.id for q in wanted}
    kept = tuple(question for question in wanted if question.id in chosen)
    if not kept:
        raise UsageError("No question is left; widen the pairs, the half, the split or the limit.")
    return kept


def _limited(questions: Sequence[Question], settings: RunSettings) -> set[str]:
    def draw(question: Question) -> bytes:
        # Without the pair: one question is drawn in all its directions, so that they compare.
        name = question.id.rpartition("/")[0] or question.id
        return hashlib.sha256(f"{settings.seed} {name}".encode()).digest()

    taken: Counter[str] = Counter()
    chosen = set()
    for question in sorted(questions, key=draw):
        if taken[question.pair] < settings.limit:
            taken[question.pair] += 1
            chosen.add(question.id)
    return chosen
