"""The linear ranker: a softmax over the candidates of a question, fitted by L-BFGS."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Row = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rated:
    """The feature rows (n, features) of one question's candidates, which are right, and whether
    each is in the question's language; `weight` of the question in the fit."""

    rows: Row
    right: npt.NDArray[np.bool_]
    same: npt.NDArray[np.bool_]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Standardisation and weights, all (features,)."""

    mean: Row
    scale: Row
    same: Row
    cross: Row


def fit_ranker(rated: Sequence[Rated], decay: float = 3e-3) -> Fitted:
    """Weights that make the right candidates probable: minimise the mean of
    -log sum_{right} softmax(score), plus decay * |weights|^2."""
    import torch

    usable = [each for each in rated if each.right.any()]
    stacked = np.concatenate([each.rows for each in usable])
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0) + 1e-6
    rows = torch.from_numpy((stacked - mean) / scale)
    same = torch.from_numpy(np.concatenate([each.same for each in usable]))
    right = torch.from_numpy(np.concatenate([each.right for each in usable]))
    sizes = [len(each.right) for each in usable]
    group = torch.repeat_interleave(torch.arange(len(usable)), torch.tensor(sizes))
    share = torch.tensor([each.weight for each in usable])
    weights = torch.zeros(2, rows.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def total(scores: "torch.Tensor") -> "torch.Tensor":
        top = torch.full((len(usable),), -1e9).scatter_reduce(0, group, scores.detach(), "amax")
        powers = torch.exp(scores - top[group])
        return top + torch.log(torch.zeros(len(usable)).index_add(0, group, powers) + 1e-12)

    def closure() -> "torch.Tensor":
        optimiser.zero_grad()
        scores = torch.where(same, rows @ weights[0], rows @ weights[1])
        chosen = torch.where(right, scores, torch.full_like(scores, -1e9))
        loss = ((total(scores) - total(chosen)) * share).sum() / share.sum()
        loss = loss + decay * (weights**2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    own, other = weights.detach().numpy()
    return Fitted(mean, scale, own, other)
