"""Bytes of a plain text file to text, in the encoding that it was written in.

A byte order mark decides, then UTF-8 (which hardly any other text satisfies), then UTF-16 without a
mark, then the one-byte Cyrillic encodings by how Russian the result reads, then the Latin ones.
"""

import codecs
import math
from dataclasses import dataclass
from functools import cache

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
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
_RARE = math.log(0.05)  # a Cyrillic letter that Russian does not have
_ODD = math.log(0.002)  # a sign that hardly stands in a text: box drawing, a control character
_UPPERCASE = math.log(0.25)  # a capital inside a word that is not all capitals
_NO_START = "ъыь"


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
            return Decoded(text, encoding) if _is_text(text) else None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) - error.start < 4:
            text = data[: error.start].decode("utf-8")  # cut off inside the last letter
            if not text.isascii():
                return Decoded(text, "utf-8") if _is_text(text) else None
    else:
        if _is_text(text):
            return Decoded(text, "utf-8")
    return _utf16(data) or _one_byte(data)


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
    return "\0" not in sample and controls + sample.count("�") <= 0.01 * len(sample)


def _one_byte(data: bytes) -> Decoded | None:
    """The best of the one-byte encodings."""
    sample = bytes(data[:_SAMPLE])
    high = sum(byte >= 0x80 for byte in sample)
    letters = sum(chr(byte).isalpha() and byte < 0x80 for byte in sample)
    scores = {
        name: _russian(sample.decode(name, errors="replace"))
        for name in _CYRILLIC
        if _is_text(sample.decode(name, errors="replace"))
    }
    if not scores:
        return None
    best = max(scores, key=lambda name: scores[name])
    if high < 0.2 * (high + letters) and scores[best] < _LATIN_BELOW:
        best = _latin(data)
    return Decoded(data.decode(best, errors="replace"), best)


_LATIN_BELOW = -4.0  # a mean log frequency below this is no Russian


def _latin(data: bytes) -> str:
    """What charset-normalizer makes of a text that is mostly ASCII."""
    from charset_normalizer import from_bytes

    match = from_bytes(data[:_SAMPLE], cp_isolation=["cp1252", "cp1250", "cp1254", "cp1257"]).best()
    return match.encoding if match else "cp1252"


@cache
def _weights() -> dict[str, float]:
    total = sum(_FREQUENCY.values())
    return {letter: math.log(count / total) for letter, count in _FREQUENCY.items()}


def _russian(text: str) -> float:
    """Mean log probability of the characters that are not ASCII, as Russian text has them."""
    weights = _weights()
    score, count = 0.0, 0
    for previous, char in zip(" " + text, text, strict=False):
        if char.isascii():
            continue
        count += 1
        lower = char.lower()
        if lower in weights:
            score += weights[lower]
            if char != lower and previous.islower():
                score += _UPPERCASE * 4
            if lower in _NO_START and not previous.isalpha():
                score += _RARE
        elif "Ѐ" <= char <= "ӿ":
            score += _RARE + math.log(0.1)
        elif char in _SIGNS:
            score += math.log(0.01)
        else:
            score += _ODD
    return score / count if count else 0.0


_SIGNS = frozenset("«»“”„’‘…–—№§©®°±•\u00a0€×·")
