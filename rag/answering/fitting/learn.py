"""What is learned over token vectors: how much each of a question's tokens counts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.sentences import sentence_spans
from index.types import Vectors
from rag.answering.alignment import inside
from rag.answering.fitting.tasks import Task

if TYPE_CHECKING:
    import torch

_BATCH = 16


@dataclass(frozen=True, slots=True)
class Example:
    """A question's tokens, its gold passage's, which of those are the answer, and the sentence
    each stands in (-1 for none)."""

    question: Vectors
    passage: Vectors
    answer: npt.NDArray[np.bool_]
    sentence: npt.NDArray[np.int64]


def examples(tasks: Sequence[Task]) -> list[Example]:
    """All questions whose answer the encoder read."""
    found = []
    for task in tasks:
        own = task.passages
        sentences = [sentence_spans(text, own.language) for text in own.texts]
        for asked in task.asked:
            spans = own.spans[asked.passage]
            answer = np.zeros(len(spans), bool)
            for start, end in asked.spans:
                answer |= inside(spans, start, end)
            place = np.full(len(spans), -1, np.int64)
            for number, (start, end) in enumerate(sentences[asked.passage]):
                place[inside(spans, start, end)] = number
            if answer.any() and (place[answer] >= 0).all():
                question = task.questions.tokens[asked.question]
                found.append(Example(question, own.tokens[asked.passage], answer, place))
    return found


def learn(found: list[Example], epochs: int = 2) -> npt.NDArray[np.float32]:
    """(w,) by AdamW on the choice of the answering sentence in its passage by the match alone."""
    import torch

    importance = torch.zeros(found[0].question.shape[1], requires_grad=True)
    optimiser = torch.optim.AdamW([importance], lr=1e-3, weight_decay=0.3)
    order = list(found)
    for epoch in range(epochs):
        random.Random(epoch).shuffle(order)
        for at in range(0, len(order) - _BATCH + 1, _BATCH):
            batch = order[at : at + _BATCH]
            loss = torch.stack([_loss(importance, example) for example in batch]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    learned: npt.NDArray[np.float32] = importance.detach().numpy()
    return learned


def _loss(importance: "torch.Tensor", example: Example) -> "torch.Tensor":
    import torch

    question, passage = torch.from_numpy(example.question), torch.from_numpy(example.passage)
    similar = question @ passage.T
    place = torch.from_numpy(example.sentence)
    held = place >= 0
    count = int(place.max()) + 1
    best = torch.full((len(question), count), -1.0).scatter_reduce(
        1, place[held][None].expand(len(question), -1), similar[:, held], "amax"
    )
    weights = torch.softmax(6 * (question @ importance), 0)
    scores = 25 * (weights @ best)
    right = torch.zeros(count, dtype=torch.bool)
    right[place[torch.from_numpy(example.answer)]] = True
    return torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0)
