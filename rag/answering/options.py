"""What the answer pipeline can be told; the assembly fills it from the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How many passages are read and sentences shown, and how sure an answer has to be.

    `passages` are taken from the search and read sentence by sentence; `sentences` of them are
    quoted at most; `related` passages accompany a refusal. `max_question` counts characters.
    `precision` is the share of right answers aimed at: answers that reach it are shown as they are,
    those that only reach `caveat_precision` with a caveat, the others not at all.
    """

    passages: int = 8
    sentences: int = 3
    related: int = 5
    max_question: int = 2000
    precision: float = 0.9
    caveat_precision: float = 0.7
