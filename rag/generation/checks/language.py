"""Whether a sentence is in the language of the question, not only in its script."""

import re

from rag.answering.language import CYRILLIC, question_language

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STRAY = 0.25  # share of plain words that may be of the other script


def in_language(sentence: str, language: str) -> bool:
    """True when function words and script both say so, names and acronyms aside."""
    plain = [word for word in _WORD.findall(sentence) if word[0].islower()]
    if not plain:
        return question_language(sentence) == language
    foreign = sum((CYRILLIC.search(word) is None) == (language == "ru") for word in plain)
    return foreign <= _STRAY * len(plain) and question_language(sentence) == language
