"""Words broken over lines: whether the hyphen at the end of a line belongs to the word.

The document itself knows best: a word that it also prints unbroken, with or without the hyphen,
decides. Otherwise the hyphen goes, unless both halves are words of their own.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

Joint = Literal["drop", "close", "blank"]  # drop the hyphen; nothing between; a blank between

_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_BEFORE = re.compile(r"(?:[^\W_]+[-‐‑])*(?P<left>[^\W\d_]+)[-‐\u00ad]$")
_AFTER = re.compile(r"[^\W\d_]+")
_SUSPENDED = frozenset(["and", "or", "to", "и", "или"])
_CLOSING = frozenset(",.;:!?)]»”%")
_OPENING = frozenset("([«“")
_HYPHENS = ("-", "‐", "\u00ad")
_PREFIXES = frozenset(("non", "self", "cross", "so", "онлайн", "интернет", "экс", "вице"))
# информационно-аналитический: two adjectives, the first of which ends in "о".
_RUSSIAN_COMPOUND = re.compile(r"\w{3,}(?:[^о]но|ско)")
_RUSSIAN_ADJECTIVE = re.compile(
    r"\w{3,}(?:[ыио]й|[ая]я|[ое]е|[ыи]е|[ое]го|[ое]му|[ыи]ми?|[ую]ю|[ыи]х)$"
)
_SHORTEST = 4  # letters of a half that counts as a word of its own


class Vocabulary:
    """Counts of the words of one document, as they stand inside its lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        broken = False
        for line in lines:
            words = _WORD.findall(line.lower())
            if broken and words:
                del words[0]  # the second half of a word
            broken = line.rstrip().endswith(_HYPHENS)
            if broken and words:
                del words[-1]
            self._counts.update(words)
            for word in words:
                if "-" in word:
                    self._counts.update(word.split("-"))

    def join(self, before: str, after: str) -> Joint:
        """How a line goes on in the next one."""
        left, right = _BEFORE.search(before), _AFTER.match(after)
        if before.endswith("\u00ad"):
            return "drop" if right else "blank"
        if not before.endswith(_HYPHENS) or before[-2:-1].isspace() or not before[:-1]:
            return "close" if after[:1] in _CLOSING or before[-1:] in _OPENING else "blank"
        if right and right[0].lower() in _SUSPENDED and after[right.end() : right.end() + 1] != "-":
            return "blank"  # over- and under-invoicing
        if not left or not right:
            return "close" if after[:1].isalnum() else "blank"
        chained = left["left"] != left[0].rstrip("-‐")  # up-to-date
        return "drop" if self._is_one_word(left["left"], right[0], chained) else "close"

    def _is_one_word(self, left: str, right: str, chained: bool) -> bool:
        """The document decides; else acronyms, prefixes and compounds keep their hyphen."""
        a, b = left.lower(), right.lower()
        joined, hyphened = self._counts[a + b], self._counts[f"{a}-{b}"]
        if joined or hyphened:
            return joined >= hyphened
        if left.isupper() and len(left) > 1:
            return right.isupper()  # UN-ODC, but PEP-status
        if right[0].isupper() or a in _PREFIXES or b in _SUSPENDED:
            return False
        if _RUSSIAN_COMPOUND.fullmatch(a) and _RUSSIAN_ADJECTIVE.search(b):
            return False
        halves = self._counts[a] and self._counts[b]
        return not (halves and (chained or min(len(a), len(b)) >= _SHORTEST))
