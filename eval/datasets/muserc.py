"""MuSeRC (Fenogenova et al. 2020): Russian paragraphs, questions, answers marked true or false."""

import re
from pathlib import Path
from typing import Any

from eval.datasets.rows import RowError, list_of, read_jsonl, text_of, whole_of
from eval.types import Dataset, Gold, Passage, Question

NUMBER = re.compile(r"\((\d{1,2})\)\s+")
LARGEST_GAP = 3  # a few paragraphs skip a number


def load_muserc(folder: Path, part: str = "val") -> Dataset:
    """One part ("train" or "val"). The true answers are free text: they have no place."""
    rows = read_jsonl(folder / f"{part}.jsonl", lambda row: _row(row, part))
    return Dataset(
        f"muserc-{part}" if part != "val" else "muserc",
        str(folder),
        "MIT",
        tuple(question for _, questions in rows for question in questions),
        tuple(passage for passage, _ in rows),
        caveats=(
            "Answers are free text: spans, citation precision and citation recall do not apply.",
            "Some questions only make sense beside their paragraph.",
        ),
    )


def _row(row: dict[str, Any], part: str) -> tuple[Passage, list[Question]]:
    number = whole_of(row, "idx")
    content = row.get("passage")
    if not isinstance(content, dict):
        raise RowError("the field 'passage' must be an object")
    passage = Passage(
        f"{part}:{number}", without_numbers(text_of(content, "text")), "ru", "", str(number)
    )
    questions = []
    for item in list_of(content, "questions"):
        answers = [answer for answer in list_of(item, "answers") if whole_of(answer, "label") == 1]
        questions.append(
            Question(
                id=f"{part}:{number}.{whole_of(item, 'idx')}/ru-ru",
                text=text_of(item, "question"),
                language="ru",
                target="ru",
                relevant=((passage.id, 1),),
                gold=tuple(Gold(passage.id, -1, -1, text_of(answer, "text")) for answer in answers),
                answerable=bool(answers),
                group=str(number),
            )
        )
    return passage, questions


def without_numbers(text: str) -> str:
    """The text without its sentence numbers "(1) (2) ...", which no real document has.

    Only numbers that go on counting are taken out: "(1962)" or a list inside a sentence stays.
    """
    last = 0
    kept: list[str] = []
    place = 0
    for match in NUMBER.finditer(text):
        number = int(match[1])
        if last < number <= last + LARGEST_GAP:
            kept.append(text[place : match.start()])
            place = match.end()
            last = number
    return "".join([*kept, text[place:]])
