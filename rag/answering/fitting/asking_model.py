"""The question layers in torch, for fitting; `index.models.question_layers` adds them up."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.models.wheel import Matrix, ModelShape
from index.search.fusion import LATE_SPREAD
from index.stores import token_codec as codec
from rag.answering.fitting.asking_data import Lesson
from rag.answering.fitting.reading_model import PRODUCTS, Layer, padded

_TEMPERATURE = 0.02  # of the cosines of vectors
_SHARP = 25.0  # of the matches of sentences
_VECTORS, _SENTENCES = 0.5, 1.0  # what the choice among vectors and among sentences counts
_WRONG, _RIGHT = 30, 6  # passages of one question that are scored by their tokens
_READ_RIGHT, _READ_WRONG = 3, 5  # those whose sentences are


class Thin(nn.Module):
    """A matrix product beside which two thin ones learn (LoRA, Hu et al. 2022)."""

    def __init__(self, product: nn.Linear, rank: int) -> None:
        super().__init__()
        self.product = product
        self.into = nn.Parameter(torch.randn(rank, product.in_features))
        self.into.data /= math.sqrt(product.in_features)
        self.out = nn.Parameter(torch.zeros(product.out_features, rank))

    def forward(self, state: Tensor) -> Tensor:
        """(..., inputs) to (..., outputs)."""
        return cast(Tensor, self.product(state) + state @ self.into.T @ self.out.T)


class Asker(nn.Module):
    """The encoder's layers from number `lower` on, of which only what is thin learns."""

    def __init__(
        self, shape: ModelShape, tensors: Mapping[str, Matrix], lower: int, rank: int
    ) -> None:
        super().__init__()
        self.names = [f"l{number}" for number in range(lower, shape.layers)]
        self.layers = nn.ModuleList(Layer(shape, tensors, name) for name in self.names)
        self.requires_grad_(False)
        self.thin: dict[str, Thin] = {}
        for name, layer in zip(self.names, self.layers, strict=True):
            for part in PRODUCTS:
                parts = cast(Layer, layer).parts
                parts[part] = self.thin[f"{name}.{part}"] = Thin(cast(nn.Linear, parts[part]), rank)
        self.eval()  # nothing is dropped: the questions are few and short

    def forward(self, states: Sequence[Matrix]) -> list[Tensor]:
        """(s_i, d) states of the lower layers to those of the last one."""
        state, held = padded(states)
        for layer in self.layers:
            state = layer(state, held[:, None, None, :])
        return [row[: len(own)] for row, own in zip(state, states, strict=True)]

    def load(self, factors: Mapping[str, Matrix], kept: float) -> None:
        """Go on from written factors, of which the outer ones were kept in this part."""
        for name, thin in self.thin.items():
            thin.into.data = torch.from_numpy(factors[f"{name}.in"].astype(np.float32))
            thin.out.data = torch.from_numpy(factors[f"{name}.out"].astype(np.float32) / kept)

    def factors(self) -> dict[str, Matrix]:
        """As `index.models.question_layers.updated` takes them."""
        found: dict[str, nn.Parameter] = {}
        for name, thin in self.thin.items():
            found |= {f"{name}.in": thin.into, f"{name}.out": thin.out}
        return {name: own.detach().numpy() for name, own in found.items()}


def loss_of(states: Tensor, lesson: Lesson) -> Tensor:
    """How far one question is from its answer: in the choice among the candidates by their tokens,
    among all passages by their vectors, and among the sentences of some passages."""
    tokens = _turned(states[lesson.asking], lesson)
    losses = [
        _among_candidates(tokens, lesson),
        _VECTORS * _among_vectors(functional.normalize(states.mean(0), dim=0), lesson),
        _SENTENCES * _among_sentences(tokens, lesson),
    ]
    return torch.stack(losses).sum()


def _turned(states: Tensor, lesson: Lesson) -> Tensor:
    """(q, d) tokens in the space of the token store, as `token_codec.turned`."""
    mean = torch.from_numpy(codec.mean_for(lesson.language, lesson.library.means))
    unit = functional.normalize(functional.normalize(states, dim=1) - mean, dim=1)
    return unit @ torch.from_numpy(codec.rotation(unit.shape[1]))


def _matches(tokens: Tensor, codes: Sequence[codec.Codes], lesson: Lesson) -> Tensor:
    """(n,) weighted MaxSim of texts; `codes[i]` (q, b) are those best matched by each token."""
    signs = np.unpackbits(np.stack(codes), axis=2).astype(np.float32) * 2 - 1
    scale = float(codec.scale(tokens.shape[1]))
    return (torch.from_numpy(signs) * tokens).sum(-1) * scale @ torch.from_numpy(lesson.weights)


def _among_candidates(tokens: Tensor, lesson: Lesson) -> Tensor:
    right = np.isin(lesson.candidates, list(lesson.spots))
    order = np.argsort(right, kind="stable")  # wrong ones first, each in the order of the search
    wrong = order[: (~right).sum()][:_WRONG]
    chosen = np.concatenate([order[(~right).sum() :][:_RIGHT], wrong])
    if not right.any() or right.all():
        return torch.zeros(())
    asked = tokens.detach().numpy()
    best = []
    for place in lesson.candidates[chosen].tolist():
        codes = lesson.library.codes[place]
        best.append(codes[codec.cosines(codes, asked).argmax(axis=0)])
    scores = _matches(tokens, best, lesson) / LATE_SPREAD + torch.from_numpy(lesson.fixed[chosen])
    return _loss(scores, torch.from_numpy(right[chosen]))


def _among_vectors(vector: Tensor, lesson: Lesson) -> Tensor:
    """In each language that holds an answer, against all its passages."""
    library = lesson.library
    scores = torch.from_numpy(library.vectors) @ vector / _TEMPERATURE
    right = np.isin(np.arange(len(library.vectors)), list(lesson.spots))
    losses = []
    for language in np.unique(library.languages[right]):
        own = library.languages == language
        losses.append(_loss(scores[torch.from_numpy(own)], torch.from_numpy(right[own])))
    return torch.stack(losses).mean()


def _among_sentences(tokens: Tensor, lesson: Lesson) -> Tensor:
    known = [place for place in lesson.spots if lesson.spots[place]]
    every = lesson.candidates.tolist()
    near = [place for place in every if place in known] or known
    read = near[:_READ_RIGHT] + [one for one in every if one not in lesson.spots][:_READ_WRONG]
    asked = tokens.detach().numpy()
    best, right = [], []
    for place in read:
        codes, sentences = lesson.library.codes[place], lesson.library.sentences[place]
        alike = codec.cosines(codes, asked)
        for number in range(int(sentences.max(initial=-1)) + 1):
            own = np.flatnonzero(sentences == number)
            if len(own):
                best.append(codes[own[alike[own].argmax(axis=0)]])
                right.append(number in lesson.spots.get(place, ()))
    if not any(right) or all(right):
        return torch.zeros(())
    return _loss(_SHARP * _matches(tokens, best, lesson), torch.tensor(right))


def _loss(scores: Tensor, right: Tensor) -> Tensor:
    """Minus the log of the probability of all right ones together."""
    return torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0)
