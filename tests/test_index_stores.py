"""The contract of the parts, over every store of the table; `exact` is the reference."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import IndexDamaged, UsageError
from index.encoders.hashing import HashingEncoder
from index.storage import clone_tree
from index.stores.base import DenseStore, Part, Rows
from index.stores.exact import ExactStore
from index.stores.ranking import best
from index.stores.table import STORES, store_class
from index.types import Vectors

DENSE = sorted(STORES["vectors"])
ALL = [(kind, name) for kind, names in STORES.items() for name in sorted(names)]
WORDS = [
    "банк",
    "клиент",
    "отчёт",
    "сумма",
    "bank",
    "client",
    "report",
    "law",
    "terror",
    "finance",
    "transfer",
    "border",
]


def unit(count: int, seed: int, dimension: int = 24) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def dense(name: str, folder: Path, *, writable: bool = True) -> DenseStore:
    return store_class("vectors", name).open(folder, writable=writable)  # type: ignore[return-value]


def texts(rows: Rows) -> list[str]:
    return [" ".join(WORDS[(row * 7 + n) % len(WORDS)] for n in range(6)) for row in rows.tolist()]


def fill(kind: str, part: Part, rows: Rows) -> None:
    """Add rows to a part of any kind."""
    encoder = HashingEncoder()
    if kind == "vectors":
        part.add(rows, encoder.encode_passages(texts(rows)).vectors)  # type: ignore[attr-defined]
    elif kind == "terms":
        part.add(rows, texts(rows), ["en"] * len(rows))  # type: ignore[attr-defined]
    else:
        encoded = encoder.encode_passages(texts(rows), tokens=True)
        part.add(rows, encoded.tokens, encoded.spans)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_a_part_keeps_rows_over_clones(kind: str, name: str, tmp_path: Path) -> None:
    """Adding and removing in a clone of hard links leaves the original as it was."""
    cls = store_class(kind, name)
    first, second = tmp_path / "first" / kind, tmp_path / "second" / kind
    part = cls.open(first, writable=True)
    assert part.rows().tolist() == []
    fill(kind, part, np.arange(0, 50, dtype=np.int64))
    part.save()
    part.close()
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}

    clone_tree(first, second)
    part = cls.open(second, writable=True)
    part.remove(np.array([3, 4, 49, 1000], np.int64))
    fill(kind, part, np.array([4, 70, 71], np.int64))
    part.save()
    part.close()

    expected = sorted((set(range(50)) - {3, 49}) | {70, 71})
    part = cls.open(second, writable=False)
    assert part.rows().tolist() == expected
    assert list(part.verify()) == []
    part.close()
    part = cls.open(first, writable=False)
    assert part.rows().tolist() == list(range(50))
    part.close()
    assert all(path.read_bytes() == data for path, data in before.items())


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_compacting_keeps_what_lives(kind: str, name: str, tmp_path: Path) -> None:
    """A part that says it can is half as large after half of it went."""
    part = store_class(kind, name).open(tmp_path / kind, writable=True)
    fill(kind, part, np.arange(0, 400, dtype=np.int64))
    part.save()
    part.close()
    before = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    part = store_class(kind, name).open(tmp_path / kind, writable=True)
    part.remove(np.arange(0, 400, 4, dtype=np.int64))
    able = part.compact()
    part.save()
    part.close()
    part = store_class(kind, name).open(tmp_path / kind, writable=False)
    assert part.rows().tolist() == [row for row in range(400) if row % 4]
    assert list(part.verify()) == []
    part.close()
    after = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert not able or after < 0.85 * before


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_an_empty_part_is_readable(kind: str, name: str, tmp_path: Path) -> None:
    part = store_class(kind, name).open(tmp_path / "nothing", writable=False)
    assert part.rows().tolist() == [] and list(part.verify()) == []
    part.close()
    part = store_class(kind, name).open(tmp_path / kind, writable=True)
    part.save()
    part.close()
    part = store_class(kind, name).open(tmp_path / kind, writable=False)
    assert part.rows().tolist() == []
    part.close()


@pytest.mark.parametrize("name", DENSE)
@settings(max_examples=25, deadline=None)
@given(
    operations=st.lists(
        st.tuples(
            st.booleans(), st.lists(st.integers(0, 60), min_size=1, max_size=20, unique=True)
        ),
        min_size=1,
        max_size=6,
    ),
    k=st.integers(1, 30),
    picked=st.one_of(st.none(), st.lists(st.integers(0, 80), unique=True, max_size=40)),
)
def test_dense_stores_agree_with_exact(
    name: str,
    operations: list[tuple[bool, list[int]]],
    k: int,
    picked: list[int] | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """After any adds and removes: the same rows, in the same order, with the same scores."""
    folder = tmp_path_factory.mktemp("dense")
    store, exact = dense(name, folder / "one"), dense("exact", folder / "two")
    for adding, numbers in operations:
        rows = np.array(numbers, np.int64)
        for one in (store, exact):
            one.remove(rows)
            if adding:
                # Some rows have equal vectors, so that ties are met.
                one.add(rows, unit(7, 1)[rows % 7])
    store.save()
    store.close()
    store = dense(name, folder / "one", writable=False)
    allowed = None if picked is None else np.array(sorted(picked), np.int64)
    query = unit(1, 5)[0]
    rows, scores = store.search(query, k, allowed)
    expected_rows, expected_scores = exact.search(query, k, allowed)
    assert np.allclose(scores, expected_scores, atol=1e-5)
    # Sums in another order may part equal scores by one bit, so ties are compared as sets.
    assert {(row, round(float(score), 4)) for row, score in zip(rows, scores, strict=True)} == {
        (row, round(float(score), 4)) for row, score in zip(*ties(exact, query, rows), strict=True)
    }
    assert len(rows) == len(expected_rows) == len(set(rows.tolist()))
    assert np.allclose(store.vectors(store.rows()), exact.vectors(exact.rows()), atol=1e-6)
    store.close()


def ties(exact: DenseStore, query: Vectors, rows: Rows) -> tuple[Rows, Vectors]:
    return rows, exact.scores(query, rows)


@pytest.mark.parametrize("name", DENSE)
def test_ties_are_ordered_by_row(name: str, tmp_path: Path) -> None:
    store = dense(name, tmp_path)
    store.add(np.array([9, 2, 7, 4], np.int64), unit(1, 3).repeat(4, axis=0))
    assert store.search(unit(1, 3)[0], 3, None)[0].tolist() == [2, 4, 7]
    assert store.search(unit(1, 3)[0], 0, None)[0].tolist() == []
    with pytest.raises(KeyError):
        store.vectors(np.array([5], np.int64))


@pytest.mark.parametrize("name", DENSE)
def test_damaged_files_are_refused_or_found(name: str, tmp_path: Path) -> None:
    store = dense(name, tmp_path)
    store.add(np.arange(40, dtype=np.int64), unit(40, 2))
    store.save()
    store.close()
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        try:
            reopened = dense(name, tmp_path, writable=False)
            assert list(reopened.verify()), path
        except IndexDamaged:
            pass
        path.write_bytes(whole)


def test_best_is_a_sort() -> None:
    random = np.random.default_rng(0)
    for size in (0, 1, 5, 200):
        rows = random.permutation(size).astype(np.int64)
        scores = random.integers(0, 9, size).astype(np.float32)
        for k in (0, 1, 3, 250):
            expected = sorted(zip(-scores, rows, strict=True))[:k]
            assert best(rows, scores, k)[0].tolist() == [row for _, row in expected]


def test_unknown_stores_say_what_there_is() -> None:
    with pytest.raises(UsageError, match="exact, faiss, inverted"):
        store_class("vectors", "annoy")
    with pytest.raises(UsageError, match="does not load"):
        store_class("vectors", "no.such.module:Store")
    assert store_class("vectors", "index.stores.exact:ExactStore") is ExactStore


def test_parts_make_links_not_copies(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"x")
    clone_tree(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b" / "file").stat().st_nlink == 2


def clustered(count: int, seed: int, shift: float = 0.0) -> Vectors:
    """Vectors in clumps, as those of texts are; `shift` moves them to another corner."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(60, 32)) + 1.0 + shift * np.arange(32) / 8
    vectors = centres[random.integers(0, 60, count)] + 0.5 * random.normal(size=(count, 32))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def recall(store: DenseStore, exact: DenseStore, allowed: Rows | None) -> float:
    hits = []
    for query in clustered(40, 3):
        truth = set(exact.search(query, 10, allowed)[0].tolist())
        rows, scores = store.search(query, 10, allowed)
        assert np.allclose(scores, exact.scores(query, rows), atol=1e-5), "scores are exact"
        hits.append(len(truth & set(rows.tolist())) / len(truth))
    return float(np.mean(hits))


def test_inverted_file_finds_what_exact_search_finds(tmp_path: Path) -> None:
    count = 6_000
    store, exact = dense("inverted", tmp_path / "ivf"), dense("exact", tmp_path / "exact")
    rows, vectors = np.arange(count, dtype=np.int64) * 3, clustered(count, 1)
    for one in (store, exact):
        one.add(rows, vectors)
    store.save()
    store.close()
    store = dense("inverted", tmp_path / "ivf", writable=False)
    assert "lists, 8 bits" in store.summary
    random = np.random.default_rng(2)
    assert recall(store, exact, None) >= 0.98
    for share in (0.5, 0.1, 0.01):
        allowed = np.sort(random.choice(rows, int(count * share), replace=False))
        assert recall(store, exact, allowed) >= 0.98, share
    assert store.search(clustered(1, 4)[0], 10, np.zeros(0, np.int64))[0].tolist() == []
    assert list(store.verify()) == []


def test_inverted_file_is_kept_up_and_trained_anew_on_drift(tmp_path: Path) -> None:
    rows = np.arange(3_000, dtype=np.int64)
    store, exact = dense("inverted", tmp_path / "ivf"), dense("exact", tmp_path / "exact")
    store.add(rows, clustered(3_000, 1))
    exact.add(rows, clustered(3_000, 1))
    store.save()
    trained = store._inverted.training  # type: ignore[attr-defined]
    more = np.arange(3_000, 4_500, dtype=np.int64)
    for one in (store, exact):
        one.remove(rows[::7])
        one.add(more, clustered(1_500, 5))
    store.save()
    assert store._inverted.training.trained == trained.trained, "alike: no new training"  # type: ignore[attr-defined]
    assert recall(store, exact, None) >= 0.98 and list(store.verify()) == []
    strange = np.arange(9_000, 11_000, dtype=np.int64)
    for one in (store, exact):
        one.add(strange, clustered(2_000, 6, shift=-2.0))
    store.save()
    assert store._inverted.training.trained > trained.trained, "drifted: trained anew"  # type: ignore[attr-defined]
    assert recall(store, exact, None) >= 0.98 and list(store.verify()) == []
    for one in (store, exact):
        one.remove(one.rows())
    store.save()
    assert store.rows().tolist() == [] and list(store.verify()) == []


def test_dead_vectors_do_not_pile_up(tmp_path: Path) -> None:
    store = dense("faiss", tmp_path)
    for number in range(12):
        store.remove(np.arange(100, dtype=np.int64))
        store.add(np.arange(100, dtype=np.int64), unit(100, number))
        store.save()
    assert sum(path.stat().st_size for path in tmp_path.glob("*.f32")) <= 2 * 100 * 24 * 4
    assert np.allclose(store.vectors(np.arange(100)), unit(100, 11))
