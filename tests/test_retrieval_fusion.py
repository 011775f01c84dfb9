"""Fusion that knows languages."""

import numpy as np

from index.search.fusion import OTHER, Candidates, fuse
from index.search.settings import SearchSettings

SETTINGS = SearchSettings()


def pool(language: str, late: list[float], share: list[float]) -> Candidates:
    scores = np.array(late, np.float32)
    return Candidates(
        language=language,
        rows=np.arange(len(late)),
        core=np.ones(len(late), bool),
        dense=scores,
        share=np.array(share, np.float32),
        late=scores,
    )


def test_a_language_that_cannot_hold_the_words_is_not_punished() -> None:
    """The other language's scores are the same whether or not words match in the question's."""
    foreign = pool("ru", [0.5, 0.4, 0.3], [0, 0, 0])
    silent, speaking = pool("en", [0.5, 0.4], [0, 0]), pool("en", [0.5, 0.4], [0.6, 0.1])
    without = fuse([silent, foreign], "en", SETTINGS)[1]
    assert np.array_equal(without, fuse([speaking, foreign], "en", SETTINGS)[1])


def test_within_a_language_words_order_what_vectors_leave_open() -> None:
    (scores,) = fuse([pool("en", [0.4, 0.4], [0.1, 0.5])], "en", SETTINGS)
    assert scores[1] > scores[0]


def test_a_name_that_only_the_other_language_holds_comes_first() -> None:
    own = pool("en", [0.50, 0.40, 0.30], [0, 0, 0])
    other = pool("ru", [0.50, 0.40, 0.30], [0.5, 0, 0])
    english, russian = fuse([own, other], "en", SETTINGS)
    assert russian[0] > english.max() + 1


def test_the_level_of_a_language_does_not_count() -> None:
    low, high = pool("en", [0.3, 0.2, 0.1], [0] * 3), pool("ru", [0.8, 0.7, 0.6], [0] * 3)
    first, second = fuse([low, high], "en", SETTINGS)
    assert np.allclose(first, second, atol=1e-4)


def test_third_languages_are_measured_by_the_others() -> None:
    """The best of three Kazakh passages stands out among them, and is behind all the same."""
    own = pool("en", [0.60, 0.50, 0.45, 0.40], [0] * 4)
    few = pool(OTHER, [0.30, 0.10, 0.10], [0] * 3)
    english, third = fuse([own, few], "en", SETTINGS)
    assert third.max() < english.min()
    (alone,) = fuse([few], "en", SETTINGS)
    assert alone[0] > 1


def test_one_candidate_and_none() -> None:
    assert np.isfinite(fuse([pool("en", [0.4], [0.2])], "en", SETTINGS)[0]).all()
    assert fuse([], "en", SETTINGS) == []
