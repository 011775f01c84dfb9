"""Passages that speak to a model rather than to a reader, for administrators to look at.

A passage that does is never given to the language model; it stays in the index and can be quoted,
since a text on fraud may well cite such an instruction. Hidden characters and mixed letters alone
are flagged only: the frame takes away the first, and bad text recognition makes the second.
Letters of the other script that look the same, and characters that cannot be seen, are taken away
before the text is looked at.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Literal, get_args

Kind = Literal["instruction", "role", "frame", "hidden", "lookalikes", "link"]

_LATIN = "aceopxyABCEHKMOPTXyi"
_CYRILLIC = "асеорхуАВСЕНКМОРТХуі"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_MIXED = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*[а-яёА-ЯЁ])[^\W\d_]{3,}\b")


@cache
def _rules() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    text = resources.files("rag").joinpath("data/suspicious.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line and line[0] != "#"]
    kinds = {kind: kind for kind in get_args(Kind)}
    return tuple((kinds[kind], re.compile(rule, re.I | re.M | re.S)) for kind, rule in rows)


def suspicions(text: str) -> tuple[Kind, ...]:
    """The kinds of attempts that `text` looks like; none for an ordinary passage."""
    found: dict[Kind, None] = {}
    if len(_HIDDEN.findall(text)) >= 2:
        found["hidden"] = None
    seen = unicodedata.normalize("NFKC", _HIDDEN.sub("", text))
    if len(_MIXED.findall(seen)) >= 2:
        found["lookalikes"] = None
    for form in {text, seen, seen.translate(_TO_LATIN), seen.translate(_TO_CYRILLIC)}:
        for kind, rule in _rules():
            if kind not in found and rule.search(form):
                found[kind] = None
    return tuple(found)


def is_addressed(text: str) -> bool:
    """Whether `text` speaks to a model, so that none may read it."""
    return any(kind not in ("hidden", "lookalikes") for kind in suspicions(text))
