"""The weights files fit the code that reads them, and the fits find what they should."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.answering import judge
from rag.answering.calibration import Model, load_calibrations
from rag.answering.features import NAMES
from rag.answering.fitting.linear import Rated, fit_ranker
from rag.answering.fitting.logistic import (
    calibration_error,
    fit_logistic,
    held_out,
    precision_curve,
)
from rag.answering.ranker import load_ranker

DATA = Path(__file__).resolve().parents[1] / "rag" / "data"


def shipped() -> Iterator[Model]:
    for read in (True, False):
        for models in load_calibrations(read=read).values():
            yield from (models.right, models.answerable)


def test_the_shipped_files_name_exactly_what_the_code_computes() -> None:
    ranker = json.loads((DATA / "sentence_ranker.json").read_text("utf-8"))
    assert tuple(ranker["features"]) == NAMES
    for model in shipped():
        assert model.weights.shape == (len(judge.NAMES),)
        probabilities = [p for p, _ in model.curve]
        assert probabilities == sorted(probabilities)
    places = [judge.NAMES.index(name) for name in judge.READ]
    for language, models in load_calibrations(read=False).items():
        assert not models.right.weights[places].any()
        assert load_calibrations(read=True)[language].answerable.weights[places].any()


def test_another_encoder_does_without_what_was_learned_over_tokens() -> None:
    ranker = load_ranker("some other encoder", 16)
    assert not ranker.question_means and ranker.importance.shape == (16,)
    weights = ranker.token_weights(np.eye(4, 16, dtype=np.float32))
    assert weights == pytest.approx([0.25] * 4)


def test_a_higher_wanted_precision_never_lowers_the_threshold() -> None:
    for model in shipped():
        thresholds = [model.threshold(share / 20) for share in range(21)]
        assert thresholds == sorted(thresholds)


def test_the_ranker_finds_the_column_that_tells() -> None:
    random = np.random.default_rng(1)
    rated = []
    for _ in range(200):
        rows = random.normal(size=(6, 3)).astype(np.float32)
        right = np.zeros(6, bool)
        right[int(np.argmax(rows[:, 1]))] = True
        rated.append(Rated(rows, right, np.ones(6, bool)))
    fitted = fit_ranker(rated)
    assert fitted.same[1] > 1 and abs(fitted.same[0]) < 0.3 and abs(fitted.same[2]) < 0.3


def test_logistic_regression_is_calibrated_on_what_it_was_made_for() -> None:
    random = np.random.default_rng(2)
    rows = random.normal(size=(4_000, 2))
    truth = 1 / (1 + np.exp(-(0.5 + 1.5 * rows[:, 0])))
    right = (random.random(4_000) < truth).astype(float)
    share, groups = np.ones(4_000), np.arange(4_000)
    model = fit_logistic(rows, right, share, 1e-4)
    assert model.weights[0] / model.scale[0] == pytest.approx(1.5, abs=0.15)
    assert model.weights[1] == pytest.approx(0, abs=0.1)
    fair = held_out(rows, right, share, groups, 1e-4)
    assert calibration_error(fair, right) < 0.03
    curve = precision_curve(fair, right, share)
    assert curve[-1][1] >= curve[0][1]
    assert curve[0][1] == pytest.approx(right.mean())


def test_calibration_error_of_a_liar_is_large() -> None:
    assert calibration_error(np.full(100, 0.95), np.zeros(100)) == pytest.approx(0.95)
