"""Whether values and names stand in the sentence beside what they stand beside in the quote.

"The project ended on 12 January 2019" has nothing that its source lacks, and yet it is wrong when
the project began on that day. Where the quote holds several values of a sort, it is cut at the
pauses between them into parts, one for each. Two parts are told apart by the words in which they
contrast ("started" and "ended"); the others are common to both, since the second part of such a
sentence leaves out what it shares with the first. A sentence that says a value of one part with
the words of another is wrong. Words are compared by the cosine of the encoder's token vectors
(after their language's mean is taken off), which works across languages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.generation.checks.counterparts import counterparts
from rag.generation.checks.elements import SILENT, Element, Item, Text, Word, words
from rag.generation.checks.opposites import opposed, opposite

_PAUSE = re.compile(
    r"[;:()]|,(?!\d)|\b(?:and|while|whereas|but|of which|of them|а|и|но|тогда как|из них)\b",
    re.IGNORECASE,
)
_SAME = 0.9  # likeness from which two words say the same
_RIVAL = 0.1  # likeness from which two words can be in contrast
_RESUMES = re.compile(r"\s*(?:it|they|he|she|он|она|оно|они)\b", re.IGNORECASE)
_WITH = frozenset(["with", "without", "с", "со", "без"])
_WITHOUT = re.compile(r"\b(?:without|без)\b", re.IGNORECASE)
MARGIN = 0.035  # by how much another part has to fit better before the sentence counts as wrong


def misbound(
    sentence: Text, mine: Sequence[Item], quote: Text, theirs: Sequence[Item]
) -> Item | None:
    """The first item of the sentence that stands where another of its sort stands in the quote."""
    crossed = _crossed(sentence, mine, quote, theirs)
    if crossed is not None:
        return crossed
    for sort in dict.fromkeys(item.sort for item in mine):
        against = contradicted(sentence, mine, quote, theirs, sort)
        if against is not None:
            return against
        worst = weakest(sentence, mine, quote, theirs, sort)
        if worst is not None and worst[1] < -MARGIN:
            return worst[0]
    return None


def _crossed(
    sentence: Text, mine: Sequence[Item], quote: Text, theirs: Sequence[Item]
) -> Item | None:
    """A name that the sentence puts together with another, though no part of the quote does."""
    parts = _parts(quote, [item for item in theirs if item.sort == "name"])
    for own in _parts(sentence, [item for item in mine if item.sort == "name"]):
        held = [
            {at for at, part in enumerate(parts) if part.places & item.places} for item in own.items
        ]
        for item, one, other in zip(own.items[1:], held, held[1:], strict=False):
            if one and other and one.isdisjoint(other):
                return item
    return None


def contradicted(
    sentence: Text, mine: Sequence[Item], quote: Text, theirs: Sequence[Item], sort: str
) -> Item | None:
    """An item beside which the sentence has the opposite of a word of its part of the quote."""
    parts = _parts(quote, [item for item in theirs if item.sort == sort])
    if len(parts) < 2:
        return None
    for own in _parts(sentence, [item for item in mine if item.sort == sort]):
        said = sentence.text[own.start : own.end]
        held = [part for part in parts if part.places & own.places]
        if held and all(
            next(opposed(said, quote.text[part.start : part.end]), "") for part in held
        ):
            return own.items[0]
    return None


def weakest(
    sentence: Text, mine: Sequence[Item], quote: Text, theirs: Sequence[Item], sort: str
) -> tuple[Item, float] | None:
    """The item of this sort that fits its own part of the quote least, compared with the others,
    and by how much it fits better (below 0: worse); None when there is nothing to compare."""
    parts = _parts(quote, [item for item in theirs if item.sort == sort])
    own_parts = _parts(sentence, [item for item in mine if item.sort == sort])
    # "With" says something only beside a "without".
    silent = SILENT - _WITH if _WITHOUT.search(quote.text) else SILENT
    held = _elements(quote, theirs, sort, silent)
    said = _elements(sentence, mine, sort, silent)
    found: tuple[Item, float] | None = None
    for own in own_parts:
        around = [each for each in said if own.start <= each.start < own.end]
        for item in own.items:
            gap = _gap(item, around, quote, parts, held) if len(own.items) == 1 else None
            if gap is not None and (found is None or gap < found[1]):
                found = (item, gap)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """Characters [start, end) of a text around items between which there is no pause."""

    start: int
    end: int
    items: tuple[Item, ...]

    @property
    def places(self) -> frozenset[int]:
        return frozenset().union(*(item.places for item in self.items))


def _parts(text: Text, items: Sequence[Item]) -> list[_Part]:
    """`text` cut at the last pause between neighbouring items."""
    ordered = sorted(items, key=lambda item: item.start)
    found: list[_Part] = []
    start, group = 0, ordered[:1]
    for before, item in pairwise(ordered):
        pauses = list(_PAUSE.finditer(text.text, before.end, item.start))
        if pauses and not before.places & item.places:
            found.append(_Part(start, pauses[-1].start(), tuple(group)))
            start, group = pauses[-1].end(), []
        group.append(item)
    if group:
        found.append(_Part(start, len(text.text), tuple(group)))
    return found


def _elements(
    text: Text, items: Sequence[Item], sort: str, silent: frozenset[str]
) -> list[Element]:
    """What can tell the parts of a text apart: its words, and its items of other sorts."""
    return [*words(text, items, silent), *(item for item in items if item.sort != sort)]


def _gap(
    item: Item,
    around: Sequence[Element],
    quote: Text,
    parts: Sequence[_Part],
    held: Sequence[Element],
) -> float | None:
    """How much better an item's surroundings fit its own part of the quote than the best other."""
    own = [part for part in parts if part.places & item.places]
    others = [part for part in parts if not part.places & item.places]
    if not own or not others or not around:
        return None
    gaps = []
    for part in own:
        if _RESUMES.match(quote.text, part.start):
            return None  # "it may be extended": all that came before is shared
        ours = [each for each in held if part.start <= each.start < part.end]
        rivals = ([e for e in held if other.start <= e.start < other.end] for other in others)
        gaps.append(min(_difference(around, ours, rival, part, others) for rival in rivals))
    return max(gaps)


def _difference(
    around: Sequence[Element],
    ours: Sequence[Element],
    rival: Sequence[Element],
    part: _Part,
    others: Sequence[_Part],
) -> float:
    """Fit to our part less fit to the rival's, over the words in which they contrast."""
    later = all(part.start <= other.start for other in others)
    one, two = (
        _contrast(ours, rival) if later or len(ours) >= len(rival) else _contrast(rival, ours)
    )
    if not (later or len(ours) >= len(rival)):
        one, two = two, one
    return _best(around, one) - _best(around, two)


def _contrast(
    longer: Sequence[Element], shorter: Sequence[Element]
) -> tuple[list[Element], list[Element]]:
    """The elements of the longer part that have a rival in the shorter one, and all of that.

    Each of the shorter part, best matches first, takes one of the longer part that is not taken.
    """
    pairs = sorted(
        (
            (_alike(a, b, near=True), i, j)
            for i, a in enumerate(longer)
            for j, b in enumerate(shorter)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in taken and j not in taken.values():
            taken[i] = j
    same = {(i, j) for i, j in taken.items() if _alike(longer[i], shorter[j]) >= _SAME}
    taken = {i: j for i, j in taken.items() if _alike(longer[i], shorter[j], near=True) >= _RIVAL}
    ours = [longer[i] for i, j in taken.items() if (i, j) not in same]
    gone = {j for _, j in same}
    return ours, [each for j, each in enumerate(shorter) if j not in gone]


def _best(around: Sequence[Element], held: Sequence[Element]) -> float:
    """The mean over `around` of the best likeness to anything held."""
    if not held:
        return 0.0
    return sum(max(_alike(one, other) for other in held) for one in around) / len(around)


def _alike(one: Element, other: Element, *, near: bool = False) -> float:
    """From 0 to 1. `near`: opposites and rival items count as near, since they contrast."""
    if isinstance(one, Word) and isinstance(other, Word):
        side = 0 if near else opposite(one.text, other.text)
        if side:
            return 1.0 if side > 0 else 0.0
        if one.stem == other.stem or other.stem in counterparts(one.stem):
            return 1.0
        return max(float(one.vector @ other.vector), 0.0) ** 2
    if isinstance(one, Item) and isinstance(other, Item):
        if near:
            return float(one.sort == other.sort)
        return float(bool(one.places & other.places))
    return 0.0
