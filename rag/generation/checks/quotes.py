"""Where a quote stands in a passage, letter by letter.

Runs of white space count as one space, and typographic quotation marks, dashes and no-break
spaces as their plain forms; nothing else may differ. What is shown is always the source's own
wording, with the whole sentences that the quote touches, so that a "not" cannot be cut off.
"""

import re
from dataclasses import dataclass

from index.sentences import sentence_spans

LEAST = 8  # characters of a quote that says something
LONGEST = 700  # characters of the sentences shown for one quote
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("«»“”„‟″", '"'),
        **dict.fromkeys("‘’‚‛′ʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_EDGES = " \t\n\r\u00a0\"'«»“”„.…"


@dataclass(frozen=True, slots=True)
class Place:
    """A quote at characters [start, end) of a passage; the sentences around it at
    [whole_start, whole_end)."""

    start: int
    end: int
    whole_start: int
    whole_end: int


def find_quote(quote: str, passage: str, language: str) -> Place | None:
    """The place of `quote` in `passage`, or None if it does not stand there word for word."""
    wanted = _folded(quote.translate(_PLAIN).strip(_EDGES))[0]
    if len(wanted) < LEAST:
        return None
    text, origin = _folded(passage.translate(_PLAIN))
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if _is_whole(text, at, end):
            start, stop = origin[at], origin[end - 1] + 1
            return Place(start, stop, *_sentences(passage, language, start, stop))
        at = text.find(wanted, at + 1)
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` with each run of white space as one space, and where each character was."""
    characters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            character = " "
        characters.append(character)
        origin.append(at)
    return "".join(characters), origin


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the quote begins and ends between words and does not cut a number."""
    before, after = text[:start], text[end:]
    if before and before[-1].isalnum() and text[start].isalnum():
        return False
    if after and after[0].isalnum() and text[end - 1].isalnum():
        return False
    if text[start].isdigit() and re.search(r"\d[.,  -]?$", before):
        return False
    return not (text[end - 1].isdigit() and re.match(r"[.,]\d| \d{3}(?!\d)", after))


def _sentences(passage: str, language: str, start: int, end: int) -> tuple[int, int]:
    """The span of the sentences that [start, end) touches, the quote itself if they are long."""
    touched = [
        (one, two) for one, two in sentence_spans(passage, language) if one < end and start < two
    ]
    if not touched:
        return start, end
    first, last = min(touched[0][0], start), max(touched[-1][1], end)
    return (first, last) if last - first <= LONGEST else (start, end)
