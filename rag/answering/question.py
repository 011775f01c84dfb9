"""A question as it is asked: checked, tidied, with its language."""

import re
import unicodedata
from dataclasses import dataclass

from corpus.errors import QuestionError, QuestionTooLong
from rag.answering.language import question_language

# What a paste brings along: format characters (zero-width spaces, soft hyphens, direction marks)
# stand inside words and vanish; control characters (line breaks, tabs) stand between them.
VANISH = frozenset(("Cf", "Cs", "Co", "Cn"))


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is what the search is given; `language` is "en" or "ru"."""

    text: str
    language: str


def read_question(text: str, max_length: int) -> Question:
    """Tidies and checks a question.

    Raises `QuestionError` if there is no letter or digit in it, `QuestionTooLong` if there are more
    than `max_length` characters.
    """
    if len(text) > max_length:
        raise QuestionTooLong(
            f"The question has {len(text):,} characters and at most {max_length:,} can be read: "
            "ask it in a few sentences."
        )
    normal = unicodedata.normalize("NFC", text)
    visible = "".join(c for c in normal if unicodedata.category(c) not in VANISH)
    tidy = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", visible).strip()
    if not tidy:
        raise QuestionError("The question is empty: type at least one word.")
    if not any(character.isalnum() for character in tidy):
        raise QuestionError("The question has no word in it: type at least one word.")
    return Question(tidy, question_language(tidy))
