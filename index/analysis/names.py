"""Keys by which a name is found in the other script, whatever romanisation was used.

Each word gets an exact key (its sounds in one small alphabet, common to GOST, BGN/PCGN, passport
and everyday spellings) and a loose key (its consonants). Case endings of Russian are cut in one of
the keys, because a name is declined in a Russian text and not in an English one:

    Voronkov, Воронков, Воронковым -> voronkov    Gulyamov, Гулямова -> gulamov
    Mohammed, Мухаммад -> mgmd

A key begins with "~", the script of the word it was made of, and its kind: "~cx" is the exact key
of a Cyrillic word, "~ll" the loose key of a Latin one.
"""

import re
from functools import lru_cache

from index.analysis.stemming import fold, is_cyrillic

LEAST = 3  # letters of a word that gets keys
_LEAST_EXACT = 2  # sounds of an exact key: "Osh" has two
_LEAST_LOOSE = 4  # consonants of a loose key

_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True)),
        **dict(zip("ёйхцчшщыэ", "eihTCSSie", strict=True)),
        **{"ж": "j", "ю": "u", "я": "a", "ъ": "", "ь": ""},
        **dict(zip("әғқңөұүһіҷҳӣӯўґєї", "agknouuhijhiuoge" + "i", strict=True)),
    }
)
_DIGRAPHS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("shch|sch|sh", "S"),
        ("tch|ch", "C"),
        ("dzh|dj|zh|j", "j"),
        ("o['’ʻʼ]", "u"),
        ("kh", "h"),
        ("gh", "g"),
        ("ph", "f"),
        ("th", "t"),
        ("ts|tz", "T"),
        ("ck|q|c(?![ieys])", "k"),
        ("c", "s"),
        ("x", "ks"),
        ("w", "v"),
        ("oo|ou", "u"),
        ("ee", "i"),
        ("[yi]o", "e"),
        ("[yi](?=[aeu])", ""),
        ("y", "i"),
        ("['’ʼ]", ""),
    )
]
_AFTER_CYRILLIC = [(re.compile("dj"), "j"), (re.compile("i(?=[aeu])"), ""), (re.compile("io"), "e")]
_DOUBLED = re.compile(r"(.)\1+")
_ENDINGS = re.compile(
    "(?:ыми|ими|ами|ями|ого|его|ому|ему|ой|ей|ый|ий|ая|яя|ое|ую|юю|ом|ем|ым|им|ах|ях|ам|ям|ых|их"
    "|ою|ею|а|я|у|ю|е|и|ы|о|ь|й)$"
)
_VOWELS = re.compile("[aeiou]")
_SOFT = str.maketrans({"h": "g", "j": "z", "S": "s", "C": "s", "T": "s", "c": "s"})


@lru_cache(maxsize=50_000)
def name_keys(word: str) -> tuple[str, ...]:
    """The keys under which a word of a passage is filed; none for short words."""
    plain = fold(word)
    if len(plain) < LEAST:
        return ()
    script = "c" if is_cyrillic(plain) else "l"
    exact = dict.fromkeys(key for form in _forms(plain) if len(key := sounds(form)) >= _LEAST_EXACT)
    keys = [f"~{script}x{key}" for key in exact]
    loose = dict.fromkeys(_consonants(key) for key in exact)
    keys += [f"~{script}l{key}" for key in loose if len(key) >= _LEAST_LOOSE]
    return tuple(keys)


def crossed(key: str) -> str:
    """The key that the same name has when it is written in the other script."""
    return "~" + ("l" if key[1] == "c" else "c") + key[2:]


def is_loose(key: str) -> bool:
    """Whether a key tells of consonants only."""
    return key[2] == "l"


def sounds(word: str) -> str:
    """A folded word in the common alphabet, without doubled letters and final vowels."""
    if is_cyrillic(word):
        text = word.translate(_CYRILLIC)
        for pattern, sound in _AFTER_CYRILLIC:
            text = pattern.sub(sound, text)
    else:
        text = word.removesuffix("'s").removesuffix("’s")
        for pattern, sound in _DIGRAPHS:
            text = pattern.sub(sound, text)
    text = _DOUBLED.sub(r"\1", text)
    bare = text.rstrip("aeiou")
    return bare if len(bare) >= LEAST else text


def _forms(word: str) -> tuple[str, ...]:
    """The word, and for a Cyrillic one also what is left without a case ending."""
    if not is_cyrillic(word):
        return (word, word.replace("x", "kh")) if "x" in word else (word,)
    bare = _ENDINGS.sub("", word)
    return (word, bare) if len(bare) >= LEAST and bare != word else (word,)


def _consonants(key: str) -> str:
    first = "a" if key[0] in "aeiou" else ""
    return first + _VOWELS.sub("", key).translate(_SOFT)
