"""Sentences that answer together are quoted together: two or three that stand side by side.

The best sentence takes its neighbour along when it begins with a pronoun or is very short (the one
before), when it opens a list (those after), when it has no value of the kind asked for and the
neighbour has, or when the neighbour is nearly as good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.candidates import Candidate
from rag.answering.evidence import Evidence
from rag.answering.pronouns import begins_with_pronoun

TIE = 2.0  # log-odds within which a neighbour is nearly as good
GAP = 3.0  # behind the best: a sentence this far adds nothing
_MEMBERS = 3
_SHORT = 6  # words: fewer say nothing alone, "Total 19 participants."
_CHARACTERS = 700


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences of one passage side by side, in reading order; `best` made the group."""

    members: tuple[Candidate, ...]
    best: Candidate

    @property
    def passage(self) -> int:
        """The passage's place among the hits."""
        return self.best.passage

    @property
    def start(self) -> int:
        """The first character, in the passage's text."""
        return self.members[0].start

    @property
    def end(self) -> int:
        """The end of the last sentence."""
        return self.members[-1].end


def groups(evidence: Evidence, limit: int, gap: float = GAP) -> tuple[Group, ...]:
    """At most `limit` groups, best first, those more than `gap` log-odds behind it left out; no
    sentence is in two."""
    order = evidence.order()
    top = float(evidence.scores[order[0]])
    used: set[int] = set()
    found: list[Group] = []
    for at in order:
        if len(found) == limit or top - evidence.scores[at] > gap:
            break
        if at not in used:
            places = _around(evidence, at, used)
            used |= set(places)
            members = tuple(evidence.candidates[place] for place in places)
            found.append(Group(members, evidence.candidates[at]))
    return tuple(found)


def alone(candidate: Candidate) -> Group:
    """A group of one."""
    return Group((candidate,), candidate)


def together(found: Sequence[Group]) -> tuple[Group, ...]:
    """Groups that stand side by side in their passage as one, in the place of the better one: what
    is shown anyway is read more easily in one piece."""
    joined: list[Group] = []
    for group in found:
        beside = next((at for at, one in enumerate(joined) if _touch(one, group)), None)
        if beside is None:
            joined.append(group)
        else:
            better = joined[beside]
            members = sorted({*better.members, *group.members}, key=lambda one: one.start)
            joined[beside] = Group(tuple(members), better.best)
    return tuple(joined) if len(joined) == len(found) else together(joined)


def _touch(one: Group, other: Group) -> bool:
    """Whether nothing stands between two groups of one passage."""
    first, second = sorted((one, other), key=lambda group: group.start)
    return first.passage == second.passage and (
        first.members[-1].order + 1 >= second.members[0].order
    )


def _around(evidence: Evidence, at: int, used: set[int]) -> list[int]:
    """Places of the sentence and those it takes along, ascending."""
    places = [at]
    for place, step in _steps(evidence, at):
        edge = places[0] if step < 0 else places[-1]
        beside = place == edge + step and place not in used
        if not beside or not _adjoin(evidence, edge, place):
            continue
        first, last = min(places[0], place), max(places[-1], place)
        length = evidence.candidates[last].end - evidence.candidates[first].start
        if len(places) < _MEMBERS and length <= _CHARACTERS and _joins(evidence, edge, place):
            places = sorted([*places, place])
    return places


def _steps(evidence: Evidence, at: int) -> Iterator[tuple[int, int]]:
    """Neighbours in the order in which they are considered: before, after, after that."""
    for step in (-1, 1, 2):
        place = at + step
        if 0 <= place < len(evidence.candidates):
            yield place, -1 if step < 0 else 1


def _adjoin(evidence: Evidence, one: int, other: int) -> bool:
    """Whether two candidates stand side by side in their passage."""
    a, b = evidence.candidates[min(one, other)], evidence.candidates[max(one, other)]
    return a.passage == b.passage and b.order == a.order + 1


def _joins(evidence: Evidence, edge: int, place: int) -> bool:
    columns, scores = evidence.columns, evidence.scores
    if scores[place] >= scores[edge] - TIE:
        return True
    if place < edge:
        text = evidence.candidates[edge].text
        return begins_with_pronoun(text) or (len(text.split()) < _SHORT and " | " not in text)
    if evidence.candidates[edge].text.endswith(":"):
        return True
    return any(
        columns[f"lacks_{sort}"][edge] > 0.5 and columns[f"offers_{sort}"][place] > 0.5
        for sort in ("figure", "name")
    )
