"""Words that mean the opposite of each other, in both languages: `rag/data/opposites.tsv`."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources


@cache
def _opposites() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    text = resources.files("rag").joinpath("data/opposites.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line and line[0] != "#"]
    return tuple((_any(one), _any(other)) for one, other in rows)


def _any(forms: str) -> re.Pattern[str]:
    """Any of the beginnings of words in `forms`; one that ends in "!" is a whole word."""
    rules = [
        re.escape(form[:-1]) + r"(?!\w)" if form.endswith("!") else re.escape(form) + r"\w*"
        for form in forms.split("|")
    ]
    return re.compile(r"(?<!\w)(?:" + "|".join(rules) + r")", re.IGNORECASE)


def opposed(sentence: str, quote: str) -> Iterator[str]:
    """Words of the sentence whose opposite, and not they, stand in the quote."""
    for one, other in _opposites():
        for mine, theirs in ((one, other), (other, one)):
            found = mine.search(sentence)
            if not found or theirs.search(sentence) or mine.search(quote):
                continue
            if theirs.search(quote):
                yield f"opposite of “{found.group()}”"


@lru_cache(maxsize=50_000)
def opposite(one: str, other: str) -> int:
    """-1 for two words on opposite sides, 1 for two on the same side, 0 if no row knows both."""
    for left, right in _opposites():
        mine = bool(left.match(one)) - bool(right.match(one))
        theirs = bool(left.match(other)) - bool(right.match(other))
        if mine and theirs:
            return mine * theirs
    return 0
