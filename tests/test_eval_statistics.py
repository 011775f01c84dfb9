"""Significance held against scipy and against worked examples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from eval.stats.bootstrap import mean_interval, statistic_interval
from eval.stats.correction import holm, smallest_difference
from eval.stats.isotonic import isotonic
from eval.stats.randomisation import paired_randomisation


def _scipy_p(differences: np.ndarray, rounds: int) -> float:
    zeros = np.zeros_like(differences)
    found = stats.permutation_test(
        (differences, zeros),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=rounds,
        rng=np.random.default_rng(1),
    )
    return float(found.pvalue)


def test_darwins_maize_the_classic_example() -> None:
    # Fisher (1935, section 21): 15 pairs, 863 of 2**15 one-sided sums reach the one seen.
    eighths = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    differences = np.asarray(eighths, float)
    p = paired_randomisation(differences, rounds=200_000, seed=3)
    assert p == pytest.approx(2 * 863 / 2**15, abs=0.0015)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-8, 8), min_size=2, max_size=11))
def test_small_sets_are_exact_as_scipy_is(values: list[int]) -> None:
    differences = np.asarray(values, float) / 8
    assert paired_randomisation(differences) == pytest.approx(
        _scipy_p(differences, np.inf), abs=1e-12
    )


def test_large_sets_agree_with_scipy_within_chance() -> None:
    differences = np.random.default_rng(4).normal(0.02, 0.2, 200)
    ours = paired_randomisation(differences, rounds=20_000, seed=1)
    assert ours == pytest.approx(_scipy_p(differences, 20_000), abs=0.012)


def test_no_difference_is_no_evidence_and_the_seed_decides() -> None:
    assert paired_randomisation(np.zeros(30)) == 1.0
    differences = np.random.default_rng(5).normal(0.05, 1, 60)
    first, again = (paired_randomisation(differences, seed=9) for _ in range(2))
    assert first == again
    assert paired_randomisation(-differences, seed=9) == pytest.approx(first)


def test_under_the_null_p_is_uniform() -> None:
    generator = np.random.default_rng(6)
    found = [
        paired_randomisation(generator.normal(0, 1, 40), rounds=300, seed=n) for n in range(150)
    ]
    assert stats.kstest(found, "uniform").pvalue > 0.01


@pytest.mark.parametrize("size", [12, 80, 900])
def test_bca_intervals_agree_with_scipy(size: int) -> None:
    values = np.random.default_rng(size).beta(2, 0.7, size)
    ours = mean_interval(values, rounds=20_000, seed=2)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(8)
    ).confidence_interval
    width = theirs.high - theirs.low
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.04 * width)


def test_percentile_intervals_agree_with_scipy() -> None:
    values = np.random.default_rng(9).exponential(1, 150)
    ours = statistic_interval(lambda places: np.median(values[places]), 150, rounds=5_000)
    theirs = stats.bootstrap(
        (values,),
        np.median,
        n_resamples=5_000,
        method="percentile",
        rng=np.random.default_rng(8),
    ).confidence_interval
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.03)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_an_interval_holds_its_mean_or_is_a_point(values: list[float]) -> None:
    found = np.asarray(values)
    low, high = mean_interval(found, rounds=300)
    assert found.min() - 1e-9 <= low <= high <= found.max() + 1e-9


def test_holm_by_hand() -> None:
    # Holm (1979): .01 * 4, .03 * 2 after .02 * 3, and the largest never below the one before.
    assert holm([0.01, 0.04, 0.03, 0.02]) == pytest.approx([0.04, 0.06, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_smallest_difference_is_found_four_times_out_of_five() -> None:
    generator = np.random.default_rng(10)
    size, spread = 100, 0.3
    pilot = generator.normal(0, spread, 5_000)
    difference = smallest_difference(pilot[:size] * spread / pilot[:size].std(ddof=1))
    found = [
        stats.ttest_1samp(generator.normal(difference, spread, size), 0).pvalue < 0.05
        for _ in range(500)
    ]
    assert np.mean(found) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("differences", [[], [0.3], [0.1, -0.2, 0.3, 0.4, 0.5], [0.1] * 60])
def test_what_could_be_found_is_not_known_from_so_little(differences: list[float]) -> None:
    assert smallest_difference(np.asarray(differences)) is None
    assert paired_randomisation(np.asarray([0.1, 0.2, 0.3, 0.4, 0.5])) > 0.05, "the least of five"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=60),
)
def test_isotonic_regression_is_that_of_scikit_learn(pairs: list[tuple[int, bool]]) -> None:
    from sklearn.isotonic import IsotonicRegression

    x = np.asarray([score for score, _ in pairs], float)
    y = np.asarray([right for _, right in pairs], float)
    knots, fitted = isotonic(x, y)
    theirs = IsotonicRegression().fit(x, y).predict(knots)
    assert fitted == pytest.approx(theirs, abs=1e-9)
