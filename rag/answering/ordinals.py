"""Ordinals in words as the number they are: "the ninth meeting", «девятое заседание», № 9.

The index knows numbers in digits only ("№ 9", "9th", «9-е»), as terms "#9". Here an ordinal of a
question or a text becomes the same term, so that the third meeting is not taken for the fourth.
The first and the second say too many other things ("first issued", "a second"), and so do third
parties and countries and «третьи лица».
"""

import re
from collections.abc import Iterator

_FIRST = 3
_ENGLISH = """third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
_RUSSIAN = """трет четв[её]рт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат
    четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат"""
_ENDING = "(?:ый|ой|ого|ому|ым|ом|ая|ую|ое)"  # not «пяти», which counts
_SOFT_ENDING = "(?:ий|ьего|ьему|ьим|ьем|ья|ьей|ью|ье)"
_FORMS = tuple(
    f"{english}|{russian}{_SOFT_ENDING if russian == 'трет' else _ENDING}"
    for english, russian in zip(_ENGLISH.split(), _RUSSIAN.split(), strict=True)
)
_OTHERS = "(?:part|countr|person|jurisdict|лиц|сторон|стран|государств|част|дол)"
_ORDINAL = re.compile(
    rf"\b(?:{'|'.join(f'({form})' for form in _FORMS)})\b(?!-|[\s-]+{_OTHERS})", re.IGNORECASE
)
_TENS = "двадцать|тридцать|сорок|десят|twent|thirt|fort|fift|sixt|sevent|eight|ninet"
_AFTER_TENS = re.compile(rf"(?:{_TENS})(?:y|ь)?[\s-]$", re.IGNORECASE)
_BEFORE = 12  # characters in which the tens stand: "twenty-third"


def ordinals_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and term ("#9") of every ordinal from 3 to 20 that is written as a word."""
    for found in _ORDINAL.finditer(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        if found.lastindex and not _AFTER_TENS.search(before):
            yield found.start(), found.end(), f"#{found.lastindex - 1 + _FIRST}"
