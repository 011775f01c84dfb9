"""What a question names."""

import re

from index.analysis.words import words_of
from rag.answering.language import question_language

_RUN = re.compile(r"(?<!\w)[A-ZА-ЯЁ][\w’'-]*(?:\s+[A-ZА-ЯЁ][\w’'-]*)*")


def names_of(text: str) -> list[str]:
    """Runs of words with capitals that are not the opening word."""
    return list(dict.fromkeys(text[start:end] for start, end in name_spans(text)))


def name_spans(text: str) -> list[tuple[int, int]]:
    """Where the names of `names_of` stand."""
    language = question_language(text)
    stops = {word.start for word in words_of(text, language) if word.stop}
    found = []
    for run in _RUN.finditer(text):
        start = run.start()
        if start in stops or (start == 0 and not run.group().split()[0].isupper()):
            rest = re.search(r"\s+(.+)", run.group(), re.DOTALL)
            if rest is None:
                continue
            start += rest.start(1)
        found.append((start, run.end()))
    return found
