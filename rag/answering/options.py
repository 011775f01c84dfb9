"""What the answer pipeline can be told; the assembly fills it from the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How many passages are read and sentences shown, and how sure an answer has to be.

    `passages` are taken from the search and read sentence by sentence; `sentences` of them are
    quoted at most; `related` passages accompany a refusal. `max_question` counts characters.
    Below `least_match` (mean cosine of the question's tokens with the best sentence) it refuses.
    """

    passages: int = 8
    sentences: int = 3
    related: int = 5
    max_question: int = 2000
    least_match: float = 0.8
