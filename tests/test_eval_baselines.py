"""The baseline of plain words: BM25 by hand, and what stemming changes."""

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from corpus.progress import Silent
from eval.indexing import open_indexed
from eval.settings import RunSettings
from eval.systems.base import Indexed, open_system
from eval.systems.plain_bm25 import words
from eval.types import Dataset, Passage, Question
from index.encoders.hashing import HashingEncoder
from rag.settings import Settings

TEXTS = {
    "a": "Port port scanner.",
    "b": "The port of Osh has one gate.",
    "c": "Two gates, two guards.",
    "d": "Таможенные досмотры.",
}
SETTINGS = RunSettings(system="bm25", encoder="hashing")


def asked(text: str, language: str = "en", target: str = "mixed") -> Question:
    return Question("q", text, language, target)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    passages = tuple(
        Passage(name, text, "ru" if name == "d" else "en") for name, text in TEXTS.items()
    )
    home = tmp_path_factory.mktemp("baselines")
    data = Dataset("tiny", "made here", "ours", (), passages)
    opened, _ = open_indexed(data, SETTINGS, Settings(home), HashingEncoder(), Silent())
    yield opened
    opened.reader.close()


def test_scores_are_those_worked_out_by_hand(indexed: Indexed) -> None:
    lengths = {name: len(words(text)) for name, text in TEXTS.items()}
    assert lengths == {"a": 3, "b": 7, "c": 4, "d": 2}
    rarity = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))  # two of four texts hold "port"

    def weight(times: int, length: int) -> float:
        return rarity * times / (times + 1.2 * (0.25 + 0.75 * length / 4))

    found = open_system(indexed, SETTINGS).search(asked("Which PORT?"), 10)
    assert [(hit.document, round(hit.score, 5)) for hit in found] == [
        ("a", round(weight(2, 3), 5)),
        ("b", round(weight(1, 7), 5)),
    ]


def test_words_are_not_stemmed_and_languages_are_kept_apart(indexed: Indexed) -> None:
    plain = open_system(indexed, SETTINGS)
    stemmed = open_system(indexed, replace(SETTINGS, system="lexical"))

    def documents(system: object, question: Question) -> list[str]:
        return [hit.document for hit in system.search(question, 10)]  # type: ignore[attr-defined]

    assert documents(plain, asked("gate")) == ["b"]
    assert sorted(documents(stemmed, asked("gate"))) == ["b", "c"]
    russian = asked("таможенный досмотр", "ru")
    assert documents(plain, russian) == [] and documents(stemmed, russian) == ["d"]
    assert documents(plain, asked("досмотры port", "ru", "ru")) == ["d"]
    assert documents(plain, asked("nothing of it")) == ["b"], "of"
