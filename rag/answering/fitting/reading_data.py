"""What the joint reader is fitted on: questions with windows of text, some holding the answer."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from index.encoders.joint_reader import (
    LowerLayers,
    Matchable,
    Said,
    likeness,
    own_tokens,
    question_signs,
    text_signs,
)
from index.encoders.onnx_session import Tokenized
from index.types import Vectors
from rag.answering.evidence import Evidence, weigh
from rag.answering.fitting.gold import AskedGold, spots_of
from rag.answering.fitting.passages import Corpus, right
from rag.answering.fitting.tasks import Task
from rag.answering.grouping import Group, alone, groups
from rag.answering.ranker import Ranker
from rag.answering.reading import cut_out, said_in, window_around
from rag.answering.sources import Passages

WINDOW = 150  # tokens of a text that are read at once
_READ = 5  # quotes: one more than are read when answering
_WRONG = 2  # of these, how many wrong ones are read beside a right one
_FAR = 99.0  # log-odds behind the best: all of them
_TAKEN_OUT = 0.12  # of public questions
_ROOM = (200, 380)  # characters of a window, and which part of what is free of the quote stands
_BEFORE = (0.3, 0.7)  # before it: drawn, so that the window is not learned by heart (decision 0317)
_HALVES = npt.NDArray[np.float16]  # enough for states, which fill the memory


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a window of text as the joint layers take them in; `answer` and `own` (t,)
    tell which tokens of the window are the answer, and which are its own."""

    question: Vectors | _HALVES
    text: Vectors | _HALVES
    question_signs: Vectors
    text_signs: Vectors
    answer: npt.NDArray[np.bool_]
    own: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Quote:
    """A window of text as the encoder reads it, what it says of the question, and which of its
    tokens (t,) are the answer."""

    text: Matchable
    read: Tokenized
    said: Said
    answer: npt.NDArray[np.bool_]


class PublicDrill:
    """The questions of public tasks and their near misses; each time one is asked for, its task's
    passages are searched and weighed anew."""

    def __init__(self, lower: LowerLayers, tasks: Iterable[Task], ranker: Ranker) -> None:
        self._lower = lower
        self._ranker = ranker
        self._asked = [
            (corpus, asked)
            for task in tasks
            for corpus in (Corpus(task),)
            for asked in (*task.asked, *task.misses)
        ]

    def __len__(self) -> int:
        return len(self._asked)

    def pairs(self, number: int, chance: random.Random) -> list[Pair]:
        """A right quote of one question and some wrong ones; now and then the passage that answers
        is taken out."""
        corpus, asked = self._asked[number]
        without = tuple(asked.places) if chance.random() < _TAKEN_OUT else ()
        numbers = corpus.best(asked.question, without=without)
        if not without and asked.passage not in numbers:
            numbers[-1] = asked.passage
        passages = corpus.passages(asked.question, numbers)
        evidence = weigh(passages, corpus.task.questions.language, self._ranker)
        if evidence is None:
            return []
        good = right(evidence, asked, numbers)

        def spots(passage: int, start: int, end: int) -> Iterator[tuple[int, int]]:
            for first, last in asked.places.get(numbers[passage], ()):
                if first < end and last > start:
                    yield first - start, last - start

        known = bool(asked.spans) and not without
        quotes = quotes_of(self._lower, passages, evidence, good, spots, chance)
        return pairs_of(self._lower, passages, _drawn(quotes, known, chance))


class OwnDrill:
    """Questions over documents like the product's own, with the quotes that the ranker prefers."""

    def __init__(self, lower: LowerLayers, asked: Iterable[AskedGold]) -> None:
        self._lower = lower
        self._chance = random.Random(0)
        self._found = [(self._pairs(one), bool(one.gold.answers)) for one in asked]

    def __len__(self) -> int:
        return len(self._found)

    def pairs(self, number: int, chance: random.Random) -> list[Pair]:
        """A right quote of one question, if it has one, and some wrong ones."""
        found, known = self._found[number]
        return _drawn(found, known, chance)

    def _pairs(self, asked: AskedGold) -> list[Pair]:
        def spots(passage: int, start: int, end: int) -> Iterator[tuple[int, int]]:
            text = asked.passages.hits[passage].chunk.text[start:end]
            return spots_of(asked, passage, text)

        chance = self._chance
        quotes = quotes_of(self._lower, asked.passages, asked.evidence, asked.right, spots, chance)
        return pairs_of(self._lower, asked.passages, quotes)


_Any = TypeVar("_Any", Pair, Quote)


def _drawn(found: list[_Any], known: bool, chance: random.Random) -> list[_Any]:
    """A right quote, where there is an answer, and some wrong ones; nothing where the right one was
    not found."""
    right = [pair for pair in found if pair.answer.any()]
    wrong = [pair for pair in found if not pair.answer.any()]
    if known != bool(right):
        return []
    return chance.sample(right, min(len(right), 1)) + chance.sample(wrong, min(len(wrong), _WRONG))


def quotes_of(
    lower: LowerLayers,
    passages: Passages,
    evidence: Evidence,
    good: npt.NDArray[np.bool_],
    spots: Callable[[int, int, int], Iterator[tuple[int, int]]],
    chance: random.Random,
) -> list[Quote]:
    """The quotes that the ranker prefers, with more or less text around them. `good` (n,) are the
    right candidates, `spots(passage, start, end)` where the answer stands in that part of a
    passage."""
    found = []
    for group in _groups(evidence, good):
        room, before = chance.randint(*_ROOM), chance.uniform(*_BEFORE)
        start, end = window_around(group, passages, room, before)
        text = cut_out(passages, group.passage, start, end)
        read = lower.passage(text.text, text.context)
        read = Tokenized(read.ids[:WINDOW], read.spans[:WINDOW])
        answer = np.zeros(len(read.ids), bool)
        for first, last in spots(group.passage, start, end):
            answer |= (read.spans[:, 0] < last) & (read.spans[:, 1] > first) & own_tokens(read)
        said = said_in(evidence, passages, group.passage, start, end)
        found.append(Quote(text, read, said, answer))
    return found


def pairs_of(lower: LowerLayers, passages: Passages, quotes: Sequence[Quote]) -> list[Pair]:
    """The question beside each of the quotes, as the reader gets them."""
    own = Matchable(passages.query.text, passages.question, passages.question_spans)
    (item,) = lower.questions([own.text])
    question = (item, lower.states(item)[0], own)
    found = []
    for one in quotes:
        states = lower.states(one.read)[0].astype(np.float16)
        found.append(pair_of(question, (one.read, states, one.text), one.said, one.answer))
    return found


def _groups(evidence: Evidence, good: npt.NDArray[np.bool_]) -> list[Group]:
    """The quotes that the ranker prefers, and the best right one where it is none of them."""
    found = list(groups(evidence, _READ, _FAR))
    known = {candidate for group in found for candidate in group.members}
    every = evidence.candidates
    right = [at for at in evidence.order() if good[at]]
    if right and not any(every[at] in known for at in right):
        found.append(alone(every[right[0]]))
    return found


_Read = tuple[Tokenized, Vectors | _HALVES, Matchable]


def pair_of(question: _Read, text: _Read, said: Said, answer: npt.NDArray[np.bool_]) -> Pair:
    """A question and a window of text, each as read, with its states of the lower layers and its
    vectors of the token store; `answer` (t,) of the window's tokens."""
    asked, told = question[0], text[0]
    alike = likeness(question[2], asked, text[2], told)
    return Pair(
        question[1],
        text[1],
        question_signs(alike, asked, told, said),
        text_signs(alike, asked, told, said),
        answer,
        own_tokens(told),
    )


def shuffled(count: int, chance: random.Random) -> Iterator[int]:
    """The numbers below `count` again and again, each time in another order."""
    while count:
        order = list(range(count))
        chance.shuffle(order)
        yield from order
