"""Token vectors by sign: likeness, place, size and the space of the question."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.stores import token_codec as codec
from index.stores.tokens_store import SignTokenStore


def unit(count: int, dimension: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def places(count: int) -> np.ndarray:
    starts = np.arange(count, dtype=np.int32) * 5
    return np.stack([starts, starts + 4], axis=1)


@given(st.sampled_from([8, 24, 64, 100, 384]))
def test_the_rotation_keeps_lengths(dimension: int) -> None:
    width = codec.padded(dimension)
    turned = codec.rotation(width)
    assert np.allclose(turned @ turned.T, np.eye(width), atol=1e-5)


def test_signs_estimate_cosines_without_bias() -> None:
    mean = np.zeros(384, np.float32)
    tokens = unit(150, 384, 1)
    asked = (tokens[:40] * 0.7 + unit(40, 384, 2) * 0.7).astype(np.float32)
    codes, _ = codec.encode(tokens, places(150), mean)
    question = codec.turned(asked, mean)
    estimate = (codec.decode(codes)[:40] * question).sum(axis=1)
    truth = (tokens[:40] * (asked / np.linalg.norm(asked, axis=1, keepdims=True))).sum(axis=1)
    assert abs(float((estimate - truth).mean())) < 0.03
    assert float(np.abs(estimate - truth).max()) < 0.2


def test_a_passage_of_180_tokens_takes_at_most_8_kb(tmp_path: Path) -> None:
    store = SignTokenStore.open(tmp_path, writable=True)
    count = 50
    store.add(np.arange(count), [unit(180, 384, n) for n in range(count)], [places(180)] * count)
    store.save()
    for ending, limit in (("codes", 160 * 48), ("places", 160 * 3)):
        (path,) = tmp_path.glob(f"*.{ending}")
        assert path.stat().st_size <= count * limit
    assert 160 * 51 <= 8 * 1024


@given(st.integers(0, 400), st.integers(0, 5))
def test_joined_tokens_cover_the_places_of_all(count: int, seed: int) -> None:
    vectors, spans = codec.pool(unit(max(count, 1), 16, seed), places(max(count, 1)))
    assert len(vectors) == len(spans) <= max(count, 1)
    assert spans[0, 0] == 0 and spans[-1, 1] == places(max(count, 1))[-1, 1]
    assert (spans[1:, 0] >= spans[:-1, 1]).all()


def test_best_matches_agree_with_what_is_read(tmp_path: Path) -> None:
    store = SignTokenStore.open(tmp_path, writable=True)
    tokens = [unit(count, 64, count) for count in (5, 0, 200, 30)]
    rows = np.array([3, 7, 8, 20])
    store.add(rows, tokens, [places(len(own)) for own in tokens], ["en", "en", "ru", "ru"])
    store.save()
    question = store.question(unit(6, 64, 99), "en")
    wanted = np.array([20, 7, 3])
    vectors, _ = store.read(wanted)
    slow = np.stack([(own @ question.T).max(axis=0, initial=-9) for own in vectors])
    slow[1] = 0.0  # without tokens
    assert np.allclose(store.best_matches(question, wanted), slow, atol=1e-5)
    with pytest.raises(KeyError):
        store.read(np.array([4]))
