"""A bilingual dictionary of single words: how a word of the question reads in the other language.

The glossary has the terms of the field, reviewed and of one meaning; these are common words, each
with several readings, which share its weight in a search (decision 0314).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from index.analysis.stemming import fold, snowball


class Dictionary:
    """Looks words up by their stems, in both directions."""

    def __init__(self, entries: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """Each entry is an English word with its Russian readings."""
        stem = snowball()
        self._readings: dict[str, dict[str, str]] = {}
        for english, every in entries:
            for russian in every:
                for one, other in ((english, russian), (russian, english)):
                    own = self._readings.setdefault(stem(fold(one)), {})
                    own.setdefault(stem(fold(other)), other)

    def readings(self, stem: str) -> Mapping[str, str]:
        """The stems of the other language for one, each with a word that has it."""
        return self._readings.get(stem, {})


@cache
def own_dictionary() -> Dictionary:
    """The dictionary that comes with Kordon, read once per process."""
    text = files("index").joinpath("data", "dictionary.tsv").read_text("utf-8")
    return Dictionary(_entries(text))


def _entries(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            english, russian = line.split("\t")
            yield english, tuple(russian.split(" | "))
