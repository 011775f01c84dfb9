"""Words of names and offices in both languages: `rag/data/name_words.tsv`."""

from functools import cache
from importlib import resources

from index.analysis.stemming import fold, snowball


@cache
def _table() -> dict[str, frozenset[str]]:
    text = resources.files("rag").joinpath("data/name_words.tsv").read_text("utf-8")
    stem = snowball()
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        forms = {stem(fold(word)) for part in line.split("\t") for word in part.split("|")}
        for word in forms:
            found.setdefault(word, set()).update(forms)
    return {word: frozenset(others) for word, others in found.items()}


def counterparts(stem: str) -> frozenset[str]:
    """The stems of the words that stand for a word with this stem, itself among them."""
    return _table().get(stem, frozenset())
