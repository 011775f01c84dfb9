"""Bytes of a plain text file to text, in the encoding that it was written in.

A byte order mark decides, then UTF-8 (which hardly any other text satisfies), then UTF-16 without a
mark, then the one-byte Cyrillic encodings by how Russian the result reads, then the Latin ones.
"""

import codecs
import math
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How common the encodings are, as a malus on the mean log probability of a letter.
_CYRILLIC = {"cp1251": 0.0, "koi8-r": 0.0, "cp866": 0.2, "iso8859-5": 0.5, "mac-cyrillic": 0.5}
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257")
_VALID = 8  # letters of several bytes for each broken one: chance makes no such text
_SAMPLE = 20_000  # bytes that decide among one-byte encodings
# Letters per 1,000 letters of Russian text (rounded; any large corpus gives these).
_FREQUENCY = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19, 17, 17, 16, 16, 14,
         12, 10, 9, 7, 6, 5, 4, 3, 3, 1, 1),
        strict=True,
    )
)  # fmt: skip
_LOG = {letter: math.log(count / 1000) for letter, count in _FREQUENCY.items()}
# Pairs of letters of which nearly every Russian word has one.
_PAIRS = frozenset(
    (
        "ст", "но", "то", "на", "ен", "ов", "ни", "ра", "во", "ко", "ро", "го", "ал", "пр", "ос",
        "по", "ре", "ан", "ло", "ер", "ли", "от", "ер", "не", "ва", "та", "ом", "ть", "ог", "те",
        "ка", "ет", "ле", "ел", "ти", "де", "ит", "ия", "ие", "ых", "ой", "ый", "ин", "ат", "ор",
        "об", "ми", "да", "за", "ск", "со", "ль", "ве", "ес", "ри", "до", "ол", "ма", "ци", "ам",
    )
)  # fmt: skip
_PAIR = 1.0  # bonus of a common pair
_CAPITAL = 0.2  # malus of a capital after a capital: text in capitals is rarer
_INSIDE = 5.0  # malus of a capital after a small letter
_FOREIGN = math.log(0.0005)  # a Cyrillic letter that Russian does not have
_SIGN = math.log(0.003)  # quotation marks, dashes and the like
_ODD = math.log(0.00005)  # what hardly stands in a text: box drawing, controls
_SIGNS = frozenset("«»“”„’‘…–—№§©®°±•\u00a0€×·")
_CYRILLIC_WORD = re.compile(r"\w*[а-яёА-ЯЁ]\w*")
_MIXED = re.compile(r"[A-Za-z]")
_PIERCED = re.compile(r"(?<=[^\W\d_])[^\w\s'’.,:;!?/()\x00-\x7f-](?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` without byte order mark, and the name of the encoding that gave it."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded | None:
    """The text of `data`, or None if it is no text at all."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            if _is_text(text) and (encoding == "utf-8-sig" or _is_known_script(text)):
                return Decoded(text, encoding)
    return _utf8(data) or _utf16(data) or _one_byte(data)


def _utf8(data: bytes) -> Decoded | None:
    """UTF-8, also with a few bytes lost: valid letters beyond ASCII outnumber what is broken."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if broken and sum(char > "\x7f" for char in text) < _VALID * broken:
        return None
    return Decoded(text, "utf-8") if _is_text(text) else None


def _utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: every second byte is one of very few (0 and 4 for en and ru)."""
    if len(data) < 4 or len(data) % 2:
        return None
    for encoding, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        highs = data[high:_SAMPLE:2]
        if sum(byte in (0, 4) for byte in highs) < 0.8 * len(highs):
            continue
        text = data.decode(encoding, errors="replace")
        if _is_text(text):
            return Decoded(text, encoding)
    return None


def _is_text(text: str) -> bool:
    """Whether there are next to no control characters, and no NUL."""
    sample = text[:_SAMPLE]
    controls = sum(ord(c) < 32 and c not in "\t\n\r\f\v\x1a" for c in sample)
    return "\0" not in sample and controls + sample.count("\ufffd") <= 0.01 * len(sample)


def _is_known_script(text: str) -> bool:
    """Whether most characters are Latin or Cyrillic; "яю" in cp1251 looks like a mark."""
    sample = text[:_SAMPLE]
    known = sum(char < "\u0530" or "\u2000" <= char < "\u2200" for char in sample)
    return known >= 0.5 * len(sample)


def _one_byte(data: bytes) -> Decoded | None:
    """The best of the one-byte encodings."""
    sample = bytes(data[:_SAMPLE])
    readings = {name: sample.decode(name, errors="replace") for name in _CYRILLIC}
    readings = {name: text for name, text in readings.items() if _is_text(text)}
    if not readings:
        return None
    best = max(readings, key=lambda name: _russian(readings[name]) - _CYRILLIC[name])
    if not _has_russian_words(readings[best]):
        best = _latin(sample)
    return Decoded(data.decode(best, errors="replace"), best)


def _has_russian_words(text: str) -> bool:
    """Whether Cyrillic letters make words of their own: "Cafй" is none, nor is a lone "г"."""
    words = _CYRILLIC_WORD.findall(text)
    pure = [word for word in words if not _MIXED.search(word)]
    latin = len(_MIXED.findall(text)) > sum(map(len, pure))
    return 2 * len(pure) > len(words) and (not latin or any(len(word) > 2 for word in pure))


def _latin(sample: bytes) -> str:
    """The Latin encoding that leaves the fewest signs inside words; the commonest of equals."""
    readings = {name: sample.decode(name, errors="replace") for name in _LATIN}
    return min(
        _LATIN,
        key=lambda name: len(_PIERCED.findall(readings[name])) + readings[name].count("\ufffd"),
    )


def _russian(text: str) -> float:
    """Mean log probability of the characters that are not ASCII, as Russian text has them."""
    score, count = 0.0, 0
    for previous, char in zip(" " + text, text, strict=False):
        if char.isascii():
            continue
        count += 1
        lower = char.lower()
        if lower in _LOG:
            score += _LOG[lower] + _PAIR * (previous.lower() + lower in _PAIRS)
            if char != lower:
                score -= _INSIDE * previous.islower() + _CAPITAL * previous.isupper()
            if lower in "ъыь" and not previous.isalpha():
                score += _FOREIGN
        elif "\u0400" <= char <= "\u04ff":
            score += _FOREIGN
        elif char in _SIGNS:
            score += _SIGN
        else:
            score += _ODD
    return score / count if count else 0.0
