"""Logistic regression with L2 decay by Newton's method, and the curve of precision above."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_FOLDS = 5
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(bias + ((row - mean) / scale) . weights)))."""

    bias: float
    weights: Array
    mean: Array
    scale: Array

    def probability(self, rows: Array) -> Array:
        """(n,) probabilities of (n, features) rows."""
        logits = self.bias + ((rows - self.mean) / self.scale) @ self.weights
        probabilities: Array = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return probabilities


def fit_logistic(rows: Array, right: Array, share: Array, decay: float | Array) -> Logistic:
    """Minimise the mean log loss, rows weighted by `share`, plus decay / 2 * weights^2; `decay` is
    one for all columns or one for each (features,)."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    design = np.hstack([np.ones((len(rows), 1)), (rows - mean) / scale])
    penalty = np.diag(np.concatenate([[1e-9], np.broadcast_to(decay, rows.shape[1])]))
    weights = np.zeros(design.shape[1])
    parts = share / share.sum()
    for _ in range(_ROUNDS):
        probability = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (parts * (probability - right)) + penalty @ weights
        curvature = (design * (parts * probability * (1 - probability))[:, None]).T @ design
        step = np.linalg.solve(curvature + penalty + 1e-9 * np.eye(len(weights)), slope)
        weights -= step
        if np.abs(step).max() < 1e-7:
            break
    return Logistic(float(weights[0]), weights[1:], mean, scale)


def held_out(rows: Array, right: Array, share: Array, groups: Array, decay: float | Array) -> Array:
    """(n,) probabilities, each from a fit without the row's group (5 folds)."""
    found = np.zeros(len(rows))
    for fold in range(_FOLDS):
        out = groups % _FOLDS == fold
        model = fit_logistic(rows[~out], right[~out], share[~out], decay)
        found[out] = model.probability(rows[out])
    return found


def precision_curve(
    probability: Array, right: Array, share: Array, points: int = 160
) -> list[tuple[float, float]]:
    """Pairs (p, share of right answers among those at least as probable), p ascending."""
    order = np.argsort(-probability, kind="stable")
    worth = np.cumsum((right * share)[order]) / np.cumsum(share[order])
    places = np.unique(np.linspace(0, len(order) - 1, points).astype(int))
    pairs = [(float(probability[order[at]]), float(worth[at])) for at in places]
    return pairs[::-1]


def calibration_error(probability: Array, right: Array, bins: int = 10) -> float:
    """Expected calibration error over equally wide bins (Guo et al. 2017)."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    total = 0.0
    for each in range(bins):
        inside = place == each
        if inside.any():
            total += inside.mean() * abs(probability[inside].mean() - right[inside].mean())
    return float(total)
