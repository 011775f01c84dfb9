"""Word forms to one form per language: Snowball stems, or lemmas for comparison.

The script decides which language's rules apply, so that a Latin name in a Russian text becomes the
same term as in an English one. Decision 0301 compares the choices.
"""

from collections.abc import Callable
from functools import lru_cache

Stemmer = Callable[[str], str]

# Letters of other Cyrillic alphabets; Russian endings must not be cut from such words.
_FOREIGN_CYRILLIC = frozenset("әғқңөұүһіїєґўҳҷӣӯјљњџѓќ")


def is_cyrillic(word: str) -> bool:
    """Whether the word's first letter is Cyrillic."""
    return "\u0400" <= word[0] <= "\u04ff"


def fold(word: str) -> str:
    """Lower case, `ё` as `е`."""
    return word.lower().replace("ё", "е")


@lru_cache(maxsize=1)
def snowball() -> Stemmer:
    """Snowball (Porter 2) stems for both scripts."""
    import Stemmer as pystemmer

    english = pystemmer.Stemmer("english", 100_000)
    russian = pystemmer.Stemmer("russian", 100_000)

    def stem(word: str) -> str:
        if is_cyrillic(word):
            if not _FOREIGN_CYRILLIC.isdisjoint(word):
                return word
            # The stemmer removes verb and noun endings in one pass; a second one removes nothing.
            return russian.stemWord(word)
        return english.stemWord(word)

    return stem


@lru_cache(maxsize=1)
def lemmas() -> Stemmer:
    """Pymorphy3 lemmas for Russian, Snowball stems for English; needs the `pymorphy3` package."""
    import pymorphy3

    morph = pymorphy3.MorphAnalyzer()
    stem = snowball()

    @lru_cache(maxsize=200_000)
    def lemma(word: str) -> str:
        if is_cyrillic(word):
            return str(morph.parse(word)[0].normal_form).replace("ё", "е")
        return stem(word)

    return lemma
