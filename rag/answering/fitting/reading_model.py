"""The joint layers in torch, for fitting; `index.models.joint_graph` writes the product's."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.encoders.joint_reader import QUESTION_SIGNS, TEXT_SIGNS
from index.models.wheel import Matrix, ModelShape
from rag.answering.fitting.reading_data import Pair

_DROPOUT = 0.1
_TOGETHER = 8  # pairs
_OUTSIDE = -1e9
PRODUCTS = ("q", "k", "v", "ao", "fi", "fo")
_NORMS = ("aln", "oln")
_WEIGHTS = ("weight", "bias")  # "w" and "b" in our names


class Layer(nn.Module):
    """One post-norm transformer layer, from the encoder's tensors of one layer."""

    def __init__(self, shape: ModelShape, tensors: Mapping[str, Matrix], name: str) -> None:
        super().__init__()
        self.heads = shape.heads
        self.parts = nn.ModuleDict()
        for part in PRODUCTS:
            bias = tensors[f"{name}.{part}.b"]
            weight = tensors[f"{name}.{part}.w"].reshape(len(bias), -1)
            self.parts[part] = nn.Linear(weight.shape[1], weight.shape[0])
        for part in _NORMS:
            self.parts[part] = nn.LayerNorm(shape.hidden, eps=shape.norm_epsilon)
        self.load(tensors, name)

    def load(self, tensors: Mapping[str, Matrix], name: str) -> None:
        """Take over the weights of the layer with this name."""
        for part, module in self.parts.items():
            for own, key in ((module.get_parameter(w), f"{name}.{part}.{w[0]}") for w in _WEIGHTS):
                own.data = _tensor(tensors[key]).reshape(own.shape)

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        """(b, s, d) to (b, s, d); `mask` (b, 1, 1, s) is true where there is a token."""
        batch, length, width = state.shape
        query, key, value = (
            self.parts[part](state).view(batch, length, self.heads, -1).transpose(1, 2)
            for part in ("q", "k", "v")
        )
        mixed = _attention(query, key, value, mask)
        mixed = self.parts["ao"](mixed.transpose(1, 2).reshape(batch, length, width))
        mixed = functional.dropout(mixed, _DROPOUT, self.training)
        state = self.parts["aln"](state + mixed)
        outer = self.parts["fo"](functional.gelu(self.parts["fi"](state)))
        outer = functional.dropout(outer, _DROPOUT, self.training)
        return cast(Tensor, self.parts["oln"](state + outer))


class Joint(nn.Module):
    """The encoder's upper layers over question and text, and a head that points at answers."""

    def __init__(self, shape: ModelShape, tensors: Mapping[str, Matrix], lower: int) -> None:
        super().__init__()
        self.shape = shape
        names = [f"l{number}" for number in range(lower, shape.layers)]
        self.layers = nn.ModuleList(Layer(shape, tensors, name) for name in names)
        self.question = nn.Linear(QUESTION_SIGNS, shape.hidden)
        self.text = nn.Linear(TEXT_SIGNS, shape.hidden)
        self.head = nn.Linear(shape.hidden + TEXT_SIGNS, 1)
        self.none = nn.Parameter(torch.zeros(()))
        for linear, spread in ((self.question, 0.05), (self.text, 0.05), (self.head, 0.02)):
            nn.init.normal_(linear.weight, std=spread)
            nn.init.zeros_(linear.bias)

    def forward(self, pairs: Sequence[Pair]) -> list[Tensor]:
        """For each pair (t,) the score of each token to be the answer, against there being none.
        Pairs of like length go together, so that little is padded."""
        order = sorted(range(len(pairs)), key=lambda at: len(pairs[at].own))
        found: dict[int, Tensor] = {}
        for first in range(0, len(order), _TOGETHER):
            places = order[first : first + _TOGETHER]
            found.update(zip(places, self._together([pairs[at] for at in places]), strict=True))
        return [found[at] for at in range(len(pairs))]

    def _together(self, pairs: Sequence[Pair]) -> list[Tensor]:
        asked, asked_mask = padded([pair.question for pair in pairs])
        told, told_mask = padded([pair.text for pair in pairs])
        asked = asked + self.question(padded([pair.question_signs for pair in pairs])[0])
        signs = padded([pair.text_signs for pair in pairs])[0]
        told = told + self.text(signs)
        state = torch.cat([asked, told], 1)
        mask = torch.cat([asked_mask, told_mask], 1)[:, None, None, :]
        for layer in self.layers:
            state = layer(state, mask)
        scores = self.head(torch.cat([state[:, asked.shape[1] :], signs], -1))[..., 0] - self.none
        return [
            row[: len(pair.own)].masked_fill(~torch.from_numpy(pair.own), _OUTSIDE)
            for row, pair in zip(scores, pairs, strict=True)
        ]

    def load(self, tensors: Mapping[str, Matrix]) -> None:
        """Take over weights in the form of `tensors`."""
        for number, layer in enumerate(self.layers):
            cast(Layer, layer).load(tensors, f"l{number}")
        for key, linear in (
            ("question_signs", self.question),
            ("text_signs", self.text),
            ("head", self.head),
        ):
            linear.weight.data = _tensor(tensors[f"{key}.w"].T)
            linear.bias.data = _tensor(tensors[f"{key}.b"])
        nn.init.zeros_(self.none)

    def go_back(self, before: Sequence[Tensor], part: float) -> None:
        """Go this part of the way back to earlier parameters."""
        with torch.no_grad():
            for own, earlier in zip(self.parameters(), before, strict=True):
                own.lerp_(earlier, part)

    def tensors(self) -> dict[str, Matrix]:
        """The weights as `index.models.joint_graph.write_joint_graph` takes them."""
        found = {}
        for number, layer in enumerate(self.layers):
            for part, module in cast(Layer, layer).parts.items():
                for name in _WEIGHTS:
                    values = _array(module.get_parameter(name))
                    found[f"l{number}.{part}.{name[0]}"] = values.reshape(-1)
        for name, linear in (("question", self.question), ("text", self.text)):
            found[f"{name}_signs.w"] = _array(linear.weight).T
            found[f"{name}_signs.b"] = _array(linear.bias)
        found["head.w"] = _array(self.head.weight).T
        found["head.b"] = _array(self.head.bias - self.none)
        return found


def _attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Written out: torch's own for the processor takes twice as long to go back in 16 bits."""
    alike = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
    outside = torch.zeros(mask.shape, dtype=alike.dtype).masked_fill(~mask, _OUTSIDE)
    shares = torch.softmax((alike + outside).float(), -1)
    return shares.to(value.dtype) @ value


def loss_of(scores: Sequence[Tensor], pairs: Sequence[Pair]) -> Tensor:
    """How far one question's windows (with the choice of none, whose score is 0) are from saying
    where its answer is: minus the log of the probability of all right tokens together."""
    every = torch.cat([*(score.float() for score in scores), torch.zeros(1)])
    right = torch.from_numpy(np.concatenate([pair.answer for pair in pairs]))
    wanted = every[:-1][right] if right.any() else every[-1:]
    return torch.logsumexp(every, 0) - torch.logsumexp(wanted, 0)


def padded(rows: Sequence[Matrix | npt.NDArray[np.float16]]) -> tuple[Tensor, Tensor]:
    """(b, s, w) and where there is something (b, s)."""
    longest = max(map(len, rows))
    held = np.zeros((len(rows), longest, rows[0].shape[1]), np.float32)
    mask = np.zeros((len(rows), longest), bool)
    for number, row in enumerate(rows):
        held[number, : len(row)] = row
        mask[number, : len(row)] = True
    return torch.from_numpy(held), torch.from_numpy(mask)


def _tensor(values: Matrix) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32))


def _array(values: Tensor) -> Matrix:
    return values.detach().numpy().astype(np.float32)
