"""The assembled parts: they follow the index, and every query ends on what it began with."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import IndexMissing, QuestionError, UsageError
from corpus.progress import Silent
from rag.assemble import ANSWERERS, Kordon, answerer_class, assemble
from rag.settings import Settings


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def kordon(tmp_path: Path) -> Kordon:
    kordon = assemble(Settings(home=tmp_path / "home", embedder="hashing"))
    folder = written(tmp_path / "documents", "first.txt", "The first harbour has nine cranes.\n")
    with kordon.writer(Silent()) as writer:
        writer.add([folder])
    return kordon


def add(kordon: Kordon, tmp_path: Path, number: int) -> None:
    name, text = f"more{number}.txt", f"Depot number {number} keeps {number}00 drums of oil.\n"
    folder = written(tmp_path / f"more{number}", name, text)
    with kordon.writer(Silent()) as writer:
        writer.add([folder])


def test_a_query_sees_the_generation_that_is_live_when_it_begins(
    kordon: Kordon, tmp_path: Path
) -> None:
    with kordon.view() as old:
        assert old.generation == 1
        add(kordon, tmp_path, 2)
        assert "more2.txt" not in {r.path for r in old.reader.documents()}
        with kordon.view() as new:
            assert new.generation == 2
            assert new.search("Depot number 2", 1)[0].chunk.text.startswith("Depot number 2")
        # The old one still answers although it was left behind.
        assert old.search("harbour cranes", 1)[0].chunk.text.startswith("The first harbour")
    assert kordon.search("Depot number 2", 1)[0].chunk.text.startswith("Depot number 2")


def test_many_threads_ask_while_the_index_changes(kordon: Kordon, tmp_path: Path) -> None:
    done = threading.Event()
    seen: list[tuple[int, int]] = []

    def ask() -> None:
        while not done.is_set():
            with kordon.view() as view:
                answer = view.ask("How many cranes has the first harbour?")
                assert answer.generation == view.generation
                seen.append((view.generation, len(view.reader.documents())))

    with ThreadPoolExecutor(4) as pool:
        askers = [pool.submit(ask) for _ in range(4)]
        for number in range(2, 6):
            add(kordon, tmp_path, number)
        done.set()
        for asker in askers:
            asker.result()
    # Generation n holds n documents: never a mixture.
    assert all(generation == documents for generation, documents in seen)
    assert kordon.ask("How many drums of oil are in depot 5?").generation == 5


def test_nothing_indexed_and_no_question_are_errors_of_their_own(
    kordon: Kordon, tmp_path: Path
) -> None:
    with pytest.raises(IndexMissing):
        assemble(Settings(home=tmp_path / "empty", embedder="hashing")).search("cranes")
    for question in ("", "?!", "x" * 50_000):
        with pytest.raises(QuestionError):
            kordon.search(question)
        with pytest.raises(QuestionError):
            kordon.ask(question)
    assert kordon.ask("cranes \udcff?").generation == 1


@pytest.mark.parametrize("name", ANSWERERS)
def test_every_answerer_of_the_table_answers(kordon: Kordon, name: str) -> None:
    with kordon.view() as view:
        answerer = answerer_class(name)(view.searcher, view.reader)
        answer = answerer.answer("How many cranes has the first harbour?")
        assert answer.answered == bool(answer.sentences)


@pytest.mark.parametrize("name", ["extractiv", "no.such:Class", "rag.types:Nothing"])
def test_an_unknown_answerer_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        answerer_class(name)


def test_closing_lets_go_and_the_next_query_opens_again(kordon: Kordon) -> None:
    assert kordon.search("cranes")
    kordon.close()
    assert kordon.search("cranes")
