"""What the joint reader is fitted on: questions with windows of text, some holding the answer."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoders.joint_reader import (
    LowerHalf,
    Matchable,
    likeness,
    own_tokens,
    question_signs,
    text_signs,
)
from index.encoders.onnx_session import Tokenized
from index.types import Vectors
from rag.answering.fitting.gold import AskedGold, spots_of
from rag.answering.fitting.tasks import Asked, Task
from rag.answering.fitting.texts import Texts, languages_of
from rag.answering.grouping import Group, alone, groups
from rag.answering.reading import cut_out, window_around

WINDOW = 120  # tokens of a text that are read at once
_NEAR = 3  # the passages of a language most like the question that do not hold the answer
_READ = 5  # quotes of own documents: one more than are read when answering
_WRONG = 3  # of these, how many wrong ones are read beside a right one
_FAR = 99.0  # log-odds behind the best: all of them
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


class Shelf:
    """Texts, and in 16 bits the states of the lower layers of those asked for once; `states` has
    these by text, so that shelves with the same texts may share them."""

    def __init__(
        self, half: LowerHalf, texts: Texts, states: dict[str, _HALVES], *, questions: bool
    ) -> None:
        self.texts = texts
        read = half.questions if questions else half.passages
        self.items = read(texts.texts)
        self._half = half
        self._states = states

    def item(self, number: int) -> tuple[Tokenized, Vectors, Matchable]:
        """One text as read, its states, and its vectors of the token store."""
        own = Matchable(
            self.texts.texts[number], self.texts.tokens[number], self.texts.spans[number]
        )
        item = self.items[number]
        if own.text not in self._states:
            self._states[own.text] = self._half.states(item)[0].astype(np.float16)
        return item, self._states[own.text].astype(np.float32), own


class PublicDrill:
    """The questions of public tasks; windows are cut anew each time one is asked for."""

    def __init__(self, half: LowerHalf, tasks: Sequence[Task]) -> None:
        self._shelves: dict[int, Shelf] = {}
        self._states: dict[bool, dict[str, _HALVES]] = {True: {}, False: {}}
        self._half = half
        self._asked = [(task, asked) for task in tasks for asked in task.asked]

    def __len__(self) -> int:
        return len(self._asked)

    def pairs(self, number: int, chance: random.Random) -> list[Pair]:
        """The right window of one question nearly always, and often a wrong one in each language
        of the texts."""
        task, asked = self._asked[number]
        found = []
        right = chance.random() < 0.85
        if right:
            found = [self._pair(task, asked, asked.passage, chance)]
        for near in self._wrong(task, asked):
            if not right or chance.random() < 0.7:
                found.append(self._pair(task, asked, chance.choice(near), chance))
        return found if not right or found[0].answer.any() else found[1:]

    def _shelf(self, texts: Texts, *, questions: bool) -> Shelf:
        if id(texts) not in self._shelves:
            states = self._states[questions]
            self._shelves[id(texts)] = Shelf(self._half, texts, states, questions=questions)
        return self._shelves[id(texts)]

    def _wrong(self, task: Task, asked: Asked) -> list[list[int]]:
        own = task.passages
        alike = own.vectors @ task.questions.vectors[asked.question]
        alike[list(asked.places)] = -np.inf
        pools = [np.flatnonzero(one) for one in languages_of(own)]
        return [pool[np.argsort(-alike[pool])[:_NEAR]].tolist() for pool in pools]

    def _pair(self, task: Task, asked: Asked, passage: int, chance: random.Random) -> Pair:
        question = self._shelf(task.questions, questions=True).item(asked.question)
        item, states, text = self._shelf(task.passages, questions=False).item(passage)
        answer = np.zeros(len(item.ids), bool)
        for start, end in asked.spans if passage == asked.passage else ():
            answer |= (item.spans[:, 0] < end) & (item.spans[:, 1] > start) & own_tokens(item)
        start, end = _some_window(answer, chance)
        item = Tokenized(item.ids[start:end], item.spans[start:end])
        return pair_of(question, (item, states[start:end], text), answer[start:end])


class OwnDrill:
    """Questions over documents like the product's own, with the quotes that the ranker prefers."""

    def __init__(self, half: LowerHalf, asked: Iterable[AskedGold]) -> None:
        self._half = half
        self._found = [found for one in asked if (found := self._pairs(one))]

    def __len__(self) -> int:
        return len(self._found)

    def pairs(self, number: int, chance: random.Random) -> list[Pair]:
        """A right quote of one question, if it has one, and some wrong ones."""
        found = self._found[number]
        right = [pair for pair in found if pair.answer.any()]
        wrong = [pair for pair in found if not pair.answer.any()]
        return chance.sample(right, min(len(right), 1)) + chance.sample(
            wrong, min(len(wrong), _WRONG)
        )

    def _pairs(self, asked: AskedGold) -> list[Pair]:
        passages = asked.passages
        own = Matchable(passages.query.text, passages.question, passages.question_spans)
        (item,) = self._half.questions([own.text])
        question = (item, self._half.states(item)[0], own)
        found = []
        for group in _quotes(asked):
            start, end = window_around(group, passages)
            text = cut_out(passages, group.passage, start, end)
            (read,) = self._half.passages([text.text])
            read = Tokenized(read.ids[:WINDOW], read.spans[:WINDOW])
            answer = np.zeros(len(read.ids), bool)
            for first, last in spots_of(asked, group.passage, text.text):
                answer |= (read.spans[:, 0] < last) & (read.spans[:, 1] > first) & own_tokens(read)
            states = self._half.states(read)[0].astype(np.float16)
            found.append(pair_of(question, (read, states, text), answer))
        known = any(pair.answer.any() for pair in found)
        return found if known or not asked.gold.answers else []


def _quotes(asked: AskedGold) -> list[Group]:
    """The quotes that the ranker prefers, and the best right one where it is none of them."""
    found = list(groups(asked.evidence, _READ, _FAR))
    known = {candidate for group in found for candidate in group.members}
    every = asked.evidence.candidates
    right = [at for at in asked.evidence.order() if asked.right[at]]
    if right and not any(every[at] in known for at in right):
        found.append(alone(every[right[0]]))
    return found


_Read = tuple[Tokenized, Vectors | _HALVES, Matchable]


def pair_of(question: _Read, text: _Read, answer: npt.NDArray[np.bool_]) -> Pair:
    """A question and a window of text, each as read, with its states of the lower layers and its
    vectors of the token store; `answer` (t,) of the window's tokens."""
    asked, told = question[0], text[0]
    alike = likeness(question[2], asked, text[2], told)
    return Pair(
        question[1],
        text[1],
        question_signs(alike, asked, told),
        text_signs(alike, asked, told),
        answer,
        own_tokens(told),
    )


def _some_window(answer: npt.NDArray[np.bool_], chance: random.Random) -> tuple[int, int]:
    """Tokens [start, end) with the answer somewhere inside, or any where there is none."""
    size = len(answer)
    if size <= WINDOW:
        return 0, size
    places = np.flatnonzero(answer)
    if not len(places):
        start = chance.randint(0, size - WINDOW)
        return start, start + WINDOW
    first, last = int(places[0]), min(int(places[-1]), int(places[0]) + WINDOW - 1)
    start = chance.randint(max(0, last - WINDOW + 1), min(first, size - WINDOW))
    return start, start + WINDOW


def shuffled(count: int, chance: random.Random) -> Iterator[int]:
    """The numbers below `count` again and again, each time in another order."""
    while count:
        order = list(range(count))
        chance.shuffle(order)
        yield from order
