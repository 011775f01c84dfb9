"""ObliQA (Gokhan et al. 2024, RIRAG): questions over financial regulation, passages by number."""

from pathlib import Path
from typing import Any

from eval.datasets.rows import Problems, RowError, list_of, read_json, text_of, whole_of
from eval.errors import DatasetError
from eval.types import Dataset, Passage, Question

Key = tuple[int, str]


def load_obliqa(folder: Path) -> Dataset:
    """All passages of the structured documents (empty ones too) and the questions of the dev part.

    27 passage numbers stand twice or more; a question that names one of them means the passage
    with the same text, or all of them when none is equal.
    """
    passages: list[Passage] = []
    by_key: dict[Key, list[Passage]] = {}
    files = sorted(
        (folder / "StructuredRegulatoryDocuments").glob("*.json"), key=lambda path: int(path.stem)
    )
    if not files:
        raise DatasetError(f"{folder} holds no StructuredRegulatoryDocuments/*.json.")
    for file in files:
        for key, passage in _passages(file):
            passages.append(passage)
            by_key.setdefault(key, []).append(passage)
    questions = _questions(folder / "ObliQA_dev.json", by_key)
    return Dataset(
        "obliqa",
        str(folder),
        "research data, none stated",
        tuple(questions),
        tuple(passages),
        caveats=(
            "Empty passages cannot be indexed; no question asks for one.",
            "The development questions; figures published for the test questions are no match.",
        ),
    )


def _passages(file: Path) -> list[tuple[Key, Passage]]:
    content, text = read_json(file)
    problems = Problems(file, text)

    def parse(row: dict[str, Any]) -> tuple[Key, Passage]:
        key = (whole_of(row, "DocumentID"), text_of(row, "PassageID"))
        body = text_of(row, "Passage", empty=True)
        return key, Passage(text_of(row, "ID"), body, "en", "", str(key[0]))

    parsed = list(problems.check(content, parse, "ID"))
    problems.close()
    return parsed


def _questions(file: Path, by_key: dict[Key, list[Passage]]) -> list[Question]:
    content, text = read_json(file)
    problems = Problems(file, text)

    def parse(row: dict[str, Any]) -> Question:
        relevant: dict[str, int] = {}
        groups: list[str] = []
        for item in list_of(row, "Passages"):
            key = (whole_of(item, "DocumentID"), text_of(item, "PassageID"))
            named = by_key.get(key)
            if not named:
                raise RowError(f"passage {key[1]!r} of document {key[0]} does not exist")
            equal = [passage for passage in named if passage.text == item.get("Passage")]
            relevant.update((passage.id, 1) for passage in equal or named)
            groups.append(str(key[0]))
        return Question(
            id=f"{text_of(row, 'QuestionID')}/en-en",
            text=text_of(row, "Question"),
            language="en",
            target="en",
            relevant=tuple(relevant.items()),
            group=groups[0] if groups else "",
        )

    parsed = list(problems.check(content, parse, "QuestionID"))
    problems.close()
    return parsed
