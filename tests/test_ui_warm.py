"""What is there for good is put aside from the garbage collector, and only in a server."""

import gc

import pytest

from rag.ui import warm
from rag.ui.warm import Keeper, open_everything


@pytest.fixture
def home(shell, monkeypatch: pytest.MonkeyPatch):
    for name, value in shell.environment().items():
        if name.startswith("KORDON_"):
            monkeypatch.setenv(name, value)
    yield shell
    gc.unfreeze()


def test_outside_a_server_nothing_is_put_aside(home) -> None:
    before = gc.get_freeze_count()
    Keeper().settle()
    assert gc.get_freeze_count() == before


def test_a_server_puts_aside_once_for_each_generation(home) -> None:
    keeper = Keeper()
    keeper.active = True
    keeper.settle()
    first = gc.get_freeze_count()
    assert first > 1_000
    kept = [[] for _ in range(5_000)]
    keeper.settle()
    assert gc.get_freeze_count() <= first  # nothing new: the index is the same
    keeper._generation = -1
    keeper.settle()
    assert gc.get_freeze_count() >= first + len(kept)


def test_everything_is_opened_before_the_first_reader(home) -> None:
    open_everything()
    assert gc.get_freeze_count() > 1_000
    assert not warm.KEEPER.active


def test_without_an_index_the_server_starts_too(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path))
    monkeypatch.setenv("KORDON_EMBEDDER", "hashing")
    open_everything()
