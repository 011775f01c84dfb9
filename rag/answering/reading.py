"""The best quotes read together with the question, and put in the order in which they answer it.

The features of `ranker` see how a sentence resembles the question, not whether it answers it. Each
of the best quotes is read with the text around it by `index.encoders.joint_reader`; the log-odds of
its tokens together to be the answer are added to the log-odds of its sentence. The four best are
read again by a deeper reader. Decisions 0506 and 0319 to 0325 have the measurements.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.encoders.joint_reader import JointReader, Matchable, Said
from rag.answering.evidence import Evidence, Place
from rag.answering.grouping import GAP, Group, groups
from rag.answering.options import AnswerOptions
from rag.answering.pointed import Pointed
from rag.answering.ranker import Row
from rag.answering.sources import Passages

_RANKED = 0.7  # what the log-odds of the ranker count beside those of a reader
_READ_GAP = 6.0  # log-odds behind the best up to which a quote is read
_SHOWN_GAP = 5.0  # and shown, once read: those of the reader lie farther apart than the ranker's
_AGAIN, _SHARE = 4, 0.6  # how many quotes are read again, and how much that counts
_IN_TIME = 2800  # characters read once for one question, unless its first two quotes have more
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotes to show, best first. `odds` are the log-odds of each quote that was read to
    answer, against none doing so, those of both readers together where it was read again, and
    `read` these quotes: those shown come first, in their order. `once` are the log-odds of the same
    quotes as the first reader alone sees them, `again` those of the quotes read again as the second
    does. `pointed` tells where the readers see the answer, the deeper one first. Empty where
    nothing was read."""

    groups: tuple[Group, ...]
    odds: tuple[float, ...] = ()
    read: tuple[Group, ...] = ()
    once: tuple[float, ...] = ()
    again: tuple[float, ...] = ()
    pointed: tuple[Pointed, ...] = ()

    @property
    def places(self) -> list[Place]:
        """Where the shown ones stand."""
        return [(group.passage, group.start, group.end) for group in self.groups]


def best_quotes(
    evidence: Evidence, passages: Passages, options: AnswerOptions, reader: JointReader | None
) -> Quotes:
    """The quotes that answer best, as `reader` and the ranker see it together."""
    if reader is None:
        return Quotes(groups(evidence, options.sentences))
    near = groups(evidence, max(options.read, options.sentences), _READ_GAP)
    many = min(options.read, _in_time(near, passages, reader.room))
    read, rest = near[:many], near[many:]
    place = {candidate: at for at, candidate in enumerate(evidence.candidates)}
    ranked = np.array([evidence.scores[place[group.best]] for group in near])
    first = answering(read, evidence, passages, reader)
    once = np.array([pointed.whole() for pointed in first])
    odds, again = _read_again(once, near, ranked, evidence, passages, reader)
    scores = _RANKED * ranked[: len(read)] + odds
    order = [int(at) for at in np.argsort(-scores, kind="stable")]
    shown = [at for at in order[: options.sentences] if scores[order[0]] - scores[at] <= _SHOWN_GAP]
    # What was not read comes last, as far as the ranker alone would have shown it.
    close = [
        group
        for group, own in zip(rest, ranked[len(read) :], strict=True)
        if ranked[0] - own <= GAP
    ]
    quotes = [near[at] for at in shown] + close
    every = shown + [at for at in order if at not in shown]
    return Quotes(
        tuple(quotes[: options.sentences]),
        tuple(odds[every].tolist()),
        tuple(near[at] for at in every),
        tuple(once[every].tolist()),
        tuple(pointed.whole() for pointed in again),
        (*again, *first),
    )


def _read_again(
    once: Row,
    near: Sequence[Group],
    ranked: Row,
    evidence: Evidence,
    passages: Passages,
    reader: JointReader,
) -> tuple[Row, list[Pointed]]:
    """The log-odds of the quotes read `once`, where the best are read again and have a mean of
    both; and what the second reader alone says of these."""
    if reader.again is None:
        return once, []
    odds = once.copy()
    best = np.argsort(-(_RANKED * ranked[: len(once)] + once), kind="stable")[:_AGAIN]
    again = answering([near[at] for at in best], evidence, passages, reader.again)
    odds[best] += _SHARE * (np.array([pointed.whole() for pointed in again]) - odds[best])
    return odds, again


def answering(
    near: Sequence[Group], evidence: Evidence, passages: Passages, reader: JointReader
) -> list[Pointed]:
    """For each quote the log-odds of its tokens to be of the answer, against there being none
    around it."""
    windows = [window_around(group, passages, reader.room) for group in near]
    texts = [
        cut_out(passages, group.passage, start, end)
        for group, (start, end) in zip(near, windows, strict=True)
    ]
    said = [
        said_in(evidence, passages, group.passage, start, end)
        for group, (start, end) in zip(near, windows, strict=True)
    ]
    question = Matchable(passages.query.text, passages.question, passages.question_spans)
    found = []
    read = reader.read(question, texts, said)
    for group, (start, _), (odds, spans) in zip(near, windows, read, strict=True):
        inside = (spans[:, 0] < group.end - start) & (spans[:, 1] > group.start - start)
        found.append(Pointed(group.passage, odds[inside], spans[inside] + start))
    return found


def _in_time(near: tuple[Group, ...], passages: Passages, room: int) -> int:
    """How many of the quotes are short enough together to be read once in time; what is read again
    is not counted."""
    windows = (window_around(group, passages, room) for group in near)
    lengths = np.array([end - start for start, end in windows])
    return max(2, int(np.searchsorted(np.cumsum(lengths), _IN_TIME, side="right")))


def window_around(
    group: Group, passages: Passages, room: int, before: float = 0.5
) -> tuple[int, int]:
    """The characters read for a quote: it, and words around it as long as there is room, that part
    of them `before` it."""
    text = passages.hits[group.passage].chunk.text
    free = max(0, room - (group.end - group.start))
    left = int(free * before)
    start, end = max(0, group.start - left), min(len(text), group.end + free - left)
    if start > 0:
        start = min(text.find(" ", start, group.start) + 1 or group.start, group.start)
    if end < len(text):
        end = max(text.rfind(" ", group.end, end), group.end)
    return start, end


def cut_out(passages: Passages, passage: int, start: int, end: int) -> Matchable:
    """Characters [start, end) of a passage with the vectors of their tokens, and what stands over
    them."""
    spans = passages.spans[passage]
    inside = (spans[:, 0] < end) & (spans[:, 1] > start)
    text = passages.hits[passage].chunk.text[start:end]
    tokens = passages.tokens[passage][inside]
    return Matchable(text, tokens, spans[inside] - start, passages.contexts[passage])


def said_in(evidence: Evidence, passages: Passages, passage: int, start: int, end: int) -> Said:
    """What characters [start, end) of a passage say of what the question names, and the rest of the
    passage, its headings and title."""
    question, text = passages.query.text, passages.hits[passage].chunk.text
    concepts, spots = evidence.concepts, evidence.held.spots(passage, start, end)
    inside, around = {at for at, _ in spots}, evidence.held.passage(passage)
    asked = np.zeros((len(question), 2), np.float32)
    for at in around:
        for place in re.finditer(re.escape(concepts[at].surface), question):
            asked[place.start() : place.end(), 0 if at in inside else 1] = 1.0
    told = np.zeros((end - start, 1), np.float32)
    most = max((concept.weight for concept in concepts), default=0.0) or 1.0
    for at, spot in spots:
        word = _WORD.match(text, spot, end)
        stop = word.end() if word else spot + 1
        part = told[spot - start : stop - start]
        np.maximum(part, concepts[at].weight / most, out=part)
    return Said(asked, told)
