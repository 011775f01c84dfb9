"""Countries, cities and regions under all the names they go by in both languages.

`index/data/places.tsv` is the table. A place is found by the stems of its words, so inflected
Russian forms and adjectives count, and only where it begins with a capital or is an adjective.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from index.analysis.stemming import fold, is_cyrillic, snowball
from index.analysis.words import Word, words_of

_ENDINGS = (
    ("ский", ("ского", "скому", "ским", "ском", "ская", "ской", "скую", "ское", "ские", "ских")),
    ("ия", ("ии", "ию", "ией")),
    ("а", ("ы", "и", "е", "у", "ой")),
    ("", ("а", "у", "ом", "е")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """`key` is the same in both languages ("TJ", "Dushanbe"); `kind` country, city or region."""

    kind: str
    key: str
    english: tuple[str, ...]
    russian: tuple[str, ...]

    def name(self, language: str) -> str:
        """What it is called in "en" or "ru"."""
        return (self.russian if language == "ru" else self.english)[0]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named at characters [start, end) of a text."""

    place: Place
    start: int
    end: int


@cache
def table() -> dict[str, Place]:
    """All places by key."""
    text = resources.files("index").joinpath("data/places.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {
        key: Place(kind, key, tuple(english.split("|")), tuple(russian.split("|")))
        for kind, key, english, russian in rows
    }


@dataclass(frozen=True, slots=True)
class _Form:
    """How a place is written: all in capitals ("US"), with a capital, or small (an adjective)."""

    place: Place
    capitals: bool
    capital: bool


@cache
def _by_stems() -> dict[tuple[str, ...], _Form]:
    """Forms by the stems of their words, cut as the words of any text are."""
    stem = snowball()
    found: dict[tuple[str, ...], _Form] = {}
    for place in table().values():
        for language, names in (("en", place.english), ("ru", place.russian)):
            for name in names:
                form = _Form(place, name.isupper(), name[0].isupper())
                words = words_of(name, language)
                head = tuple(word.stem for word in words[:-1])
                found.setdefault((*head, words[-1].stem), form)
                for last in _inflected(fold(name[words[-1].start : words[-1].end])):
                    found.setdefault((*head, stem(last)), form)
    return found


def _inflected(word: str) -> Iterator[str]:
    """A word with the endings it takes in Russian: the stemmer does not make them all one."""
    yield word
    if not is_cyrillic(word) or len(word) < 4:
        return
    for ending, others in _ENDINGS:
        if word.endswith(ending):
            yield from (word.removesuffix(ending) + other for other in others)
            return


@lru_cache(maxsize=1_000)
def stems_of(name: str) -> frozenset[str]:
    """The stems of a name of one word in all its cases; none of a longer name."""
    if " " in name or "-" in name:
        return frozenset()
    stem = snowball()
    return frozenset(stem(form) for form in _inflected(fold(name)))


@cache
def _longest() -> dict[str, int]:
    """The first stem of every place with the greatest number of words that follow from it."""
    found: dict[str, int] = {}
    for stems in _by_stems():
        found[stems[0]] = max(found.get(stems[0], 0), len(stems))
    return found


@lru_cache(maxsize=10_000)
def places_of(text: str, language: str) -> tuple[Mention, ...]:
    """The places named in `text`; the longest name at each point."""
    words = words_of(text, language)
    found: list[Mention] = []
    past = 0
    for at, word in enumerate(words):
        if at >= past and word.stem in _longest():
            size = next(_sizes(text, words, at), 0)
            if size:
                stems = tuple(each.stem for each in words[at : at + size])
                end = words[at + size - 1].end
                found.append(Mention(_by_stems()[stems].place, word.start, end))
                past = at + size
    return tuple(found)


def _sizes(text: str, words: tuple[Word, ...], at: int) -> Iterator[int]:
    first = text[words[at].start : words[at].end]
    for size in range(min(_longest()[words[at].stem], len(words) - at), 0, -1):
        form = _by_stems().get(tuple(word.stem for word in words[at : at + size]))
        if form is None or (form.capital and not first[0].isupper()):
            continue
        if not form.capitals or first.isupper():  # "US" and "РК", never "Us"
            yield size
