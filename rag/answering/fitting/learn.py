"""What is learned over token vectors: which question tokens count, what an answer looks like."""

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
from rag.answering.ranker import AnswerHead

if TYPE_CHECKING:
    import torch

RANK = 8
_BATCH = 16
_WINDOW = 31
_SEED = 0


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


def learn(found: list[Example], epochs: int = 2) -> tuple[npt.NDArray[np.float32], AnswerHead]:
    """(importance, head) by AdamW on two losses summed: which token of the gold passage is the
    answer, and which of its sentences, by the weighted match alone."""
    import torch

    torch.manual_seed(_SEED)
    width = found[0].question.shape[1]
    sizes = {"importance": (width,), "pool": (width,), "bias": (width,)}
    kept: dict[str, torch.Tensor] = {
        name: torch.zeros(size, requires_grad=True) for name, size in sizes.items()
    }
    for name in ("query", "token"):
        start = torch.randn(width, RANK) / width**0.5
        kept[name] = start.requires_grad_()
    kept["scalars"] = torch.tensor([20.0, 0.0], requires_grad=True)
    scalars = kept.pop("scalars")
    optimiser = torch.optim.AdamW(
        [
            {"params": list(kept.values()), "weight_decay": 0.3},
            {"params": [scalars], "weight_decay": 0.0},
        ],
        lr=1e-3,
    )
    steps = epochs * (len(found) // _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: max(0.05, 1 - step / steps)
    )
    order = list(found)
    for epoch in range(epochs):
        random.Random(epoch).shuffle(order)
        for at in range(0, len(order) - _BATCH + 1, _BATCH):
            batch = order[at : at + _BATCH]
            loss = torch.stack([_loss(kept, scalars, example) for example in batch]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    arrays = {name: value.detach().numpy() for name, value in kept.items()}
    near, seen = scalars.detach().numpy()
    head = AnswerHead(
        arrays["pool"], arrays["query"], arrays["token"], arrays["bias"], float(near), float(seen)
    )
    return arrays["importance"], head


def _loss(
    kept: dict[str, "torch.Tensor"], scalars: "torch.Tensor", example: Example
) -> "torch.Tensor":
    import torch

    question, passage = torch.from_numpy(example.question), torch.from_numpy(example.passage)
    answer = torch.from_numpy(example.answer)
    similar = question @ passage.T
    asked = torch.softmax(8 * (question @ kept["pool"]), 0) @ question
    asked = asked / (asked.norm() + 1e-6)
    drop = torch.nn.functional.dropout
    typed = 12 * (drop(passage, 0.5) @ kept["token"]) @ (drop(asked, 0.5) @ kept["query"])
    near = torch.nn.functional.max_pool1d(
        similar[None], kernel_size=_WINDOW, stride=1, padding=_WINDOW // 2
    )[0].mean(0)
    looks = typed + 6 * (passage @ kept["bias"]) + scalars[0] * near
    looks = looks + scalars[1] * similar.max(0).values
    token_loss = torch.logsumexp(looks, 0) - torch.logsumexp(looks[answer], 0)
    place = torch.from_numpy(example.sentence)
    held = place >= 0
    count = int(place.max()) + 1
    best = torch.full((len(question), count), -1.0).scatter_reduce(
        1, place[held][None].expand(len(question), -1), similar[:, held], "amax"
    )
    weights = torch.softmax(6 * (question @ kept["importance"]), 0)
    scores = 25 * (weights @ best)
    right = torch.zeros(count, dtype=torch.bool)
    right[place[answer]] = True
    return token_loss + torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0)
