"""What the answer pipeline can be told; the assembly fills it from the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How many passages are read and sentences shown, and how sure an answer has to be.

    `passages` are taken from the search and read sentence by sentence, with `before` and `after`
    chunks around the `widened` best of them; `sentences` of them are quoted at most; `related`
    passages accompany a refusal, `documents` answer a question about the collection.
    `max_question` counts characters. `answerable_precision` is the share of answerable questions
    aimed at among those not refused, `precision` that of right first quotes among the answers shown
    without a caveat. The best `read` quotes are read together with the question before it is
    decided which comes first (`rag.answering.reading`); 0 reads none. `refuse_unsaid` refuses, and
    says why, when no quote supports a name, a place, a year or a number of the question and it is
    not all the same fairly sure that the passages hold the answer.
    """

    passages: int = 16
    widened: int = 2
    before: int = 1
    after: int = 3
    read: int = 8
    sentences: int = 3
    related: int = 5
    documents: int = 20
    max_question: int = 2000
    answerable_precision: float = 0.835
    precision: float = 0.8
    refuse_unsaid: bool = True
