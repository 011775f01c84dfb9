"""What an acronym stands for, where a text says so: "suspicious transaction reports (STRs)"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.analysis.words import words_of
from rag.answering.candidates import Candidate
from rag.answering.choose import Choice
from rag.answering.evidence import Evidence
from rag.answering.grouping import alone
from rag.answering.judge import Missing
from rag.answering.sources import Passages

_ASKED = re.compile(
    r"^(?i:what do(?:es)?|что (?:значит|означает|такое)|как (?:расшифр\w+|перевод\w+)"
    r"|(?:the )?(?:full name|meaning) of|расшифр\w+|what is the (?:full name|meaning) of)\s+"
    r"(?i:the |an? |аббревиатур\w+ |сокращени\w+ )?"
    r"[«\"“]?(?P<name>[A-ZА-ЯЁ][A-ZА-ЯЁ/-]{1,7})s?[»\"”]?"
    r"(?P<rest>\b(?i:\s+(?:stands? for|mean|означает|значит))?)\W*$"
)
_BEFORE = 120  # characters in front of "(STRs)" in which its words stand
_SURE = 0.9


def spelled_out(choice: Choice, passages: Passages) -> Choice:
    """The choice with the sentence first that says what the acronym asked about stands for, where
    there is one; else the choice as it is."""
    question = passages.query.text
    asked = _ASKED.match(question)
    if asked is None or choice.evidence is None:
        return choice
    if asked["rest"] == "" and "такое" in question.lower() and choice.outcome != "refusal":
        return choice  # what it is is more than what it is called
    found = _best(choice.evidence, passages, asked["name"])
    if found is None:
        return choice
    return replace(
        choice, outcome="answer", groups=(alone(found),), confidence=_SURE,
        missing=Missing((), ()), values=(),
    )  # fmt: skip


def _best(evidence: Evidence, passages: Passages, name: str) -> Candidate | None:
    """The best sentence with the words in front of the acronym in brackets, else with those behind
    it."""
    for way in (expansion_before, expansion_behind):
        for at in evidence.order():
            one = evidence.candidates[at]
            language = passages.hits[one.passage].chunk.language
            if way(one.text, name, language) is not None:
                return one
    return None


def expansion_before(text: str, name: str, language: str) -> tuple[int, int] | None:
    """Where the words stand that `name` stands for, right before it in brackets."""
    for found in re.finditer(rf"\(\s*[«\"“]?{re.escape(name)}\w{{0,3}}[»\"”]?\s*[),;]", text):
        start = max(0, found.start() - _BEFORE)
        if span := _initialled(text, start, found.start(), _letters(name), language, last=True):
            return span
    return None


def expansion_behind(text: str, name: str, language: str) -> tuple[int, int] | None:
    """The same right behind it: "EAG (Eurasian Group)", "EAG: Eurasian Group"."""
    for found in re.finditer(rf"\b{re.escape(name)}\w{{0,3}}\s*(?:\(|[:–—-]\s)", text):
        if span := _initialled(text, found.end(), len(text), _letters(name), language, last=False):
            return span
    return None


def _letters(name: str) -> str:
    return re.sub(r"[^\w]", "", name).lower()


def _initialled(
    text: str, start: int, end: int, letters: str, language: str, *, last: bool
) -> tuple[int, int] | None:
    """The words at the end, or at the beginning, of [start, end) that begin with these letters."""
    words = [word for word in words_of(text[start:end], language) if not word.stop]
    parts = [
        (start + word.start + piece.start(), start + word.start + piece.end())
        for word in words
        for piece in re.finditer(r"[^\W_]+", text[start + word.start : start + word.end])
    ]
    for count in range(min(len(letters), len(parts)), 1, -1):
        chosen = parts[-count:] if last else parts[:count]
        if _spells([text[slice(*part)].lower() for part in chosen], letters):
            return chosen[0][0], chosen[-1][1]
    return None


def _spells(words: Sequence[str], letters: str) -> bool:
    """Whether the words' first letters, and where more are wanted others of the same word, give
    the letters in their order: "НКО" for "некоммерческие организации"."""
    if not words or not letters:
        return not words and not letters
    first, rest = words[0], words[1:]
    if first[0] != letters[0]:
        return False
    taken, place = 1, 1
    while True:
        if _spells(rest, letters[taken:]):
            return True
        place = first.find(letters[taken], place) + 1 if taken < len(letters) else 0
        if not place:
            return False
        taken += 1
