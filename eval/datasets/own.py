"""Kordon's own form: one question a line, with quotes that stand verbatim in the documents.

    {"id", "question", "language", "answerable", "kind",
     "answers": [{"document", "quote", "answer", "fact", "page"}],
     "split", "note", "near"}

`document` is the file's path relative to the corpus folder (or as it was added to the live index).
The words of `answer` stand in `quote`. Answers with the same `fact` (a number) are alternatives:
one fact in two documents. Without it, answers that are equal after normalisation are. `page` (from
1) may say where a short quote stands. `answerable` false goes with no answers. Rows whose `split`
is "candidate" wait for a person and are left out. Texts instead of files may stand beside the
questions in `passages.jsonl` {"id", "text", "language"}.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.datasets.rows import (
    RowError,
    flag_of,
    list_of,
    read_jsonl,
    text_of,
    unique,
    whole_of,
)
from eval.measures.normalise import holds, normalise_answer
from eval.types import MIXED, Dataset, Gold, Passage, Question

CANDIDATE = "candidate"
LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True)
class _Row:
    question: Question
    candidate: bool


def load_own(path: Path, *, folders: tuple[Path, ...] = (), name: str = "") -> Dataset:
    """The questions of `path`, asked of the files under `folders` (none: of the live index).

    With `passages.jsonl` beside `path` its texts are the corpus. Raises `DatasetError`.
    """
    rows = read_jsonl(path, _row)
    unique([row.question.id for row in rows], path, "id")
    questions = tuple(row.question for row in rows if not row.candidate)
    waiting = len(rows) - len(questions)
    passages = _passages(path.parent / "passages.jsonl")
    return Dataset(
        name or path.stem,
        str(path),
        "",
        questions,
        passages,
        () if passages else folders,
        unit="fact",
        caveats=(f"{waiting} candidates wait for a person.",) if waiting else (),
    )


def _row(row: dict[str, Any]) -> _Row:
    language = text_of(row, "language")
    if language not in LANGUAGES:
        raise RowError(f"the language {language!r} is not one of {', '.join(LANGUAGES)}")
    answerable = flag_of(row, "answerable")
    answers = list_of(row, "answers")
    if answerable != bool(answers):
        raise RowError("an answerable question needs answers, an unanswerable one has none")
    golds = _golds(answers)
    lost = next((gold for gold in golds if not holds(gold.quote, gold.answer)), None)
    if lost is not None:
        raise RowError(
            f"question {text_of(row, 'id')}: the answer {lost.answer!r} does not stand in its quote"
        )
    split = str(row.get("split", ""))
    question = Question(
        id=text_of(row, "id"),
        text=text_of(row, "question"),
        language=language,
        target=MIXED,  # settled when the documents' languages are known
        relevant=tuple((f"fact {fact}", 1) for fact in sorted({gold.fact for gold in golds})),
        gold=golds,
        answerable=answerable,
        kind=str(row.get("kind", "")),
        group=golds[0].document if golds else text_of(row, "id"),
        split=split,
        near=str(row.get("near") or ""),
    )
    return _Row(question, split == CANDIDATE)


def _golds(answers: Sequence[Any]) -> tuple[Gold, ...]:
    golds: list[Gold] = []
    facts: dict[str | int, int] = {}
    for answer in answers:
        if not isinstance(answer, dict):
            raise RowError("an answer is not a JSON object")
        text, quote = text_of(answer, "answer"), text_of(answer, "quote")
        own = whole_of(answer, "fact") if "fact" in answer else normalise_answer(text)
        fact = facts.setdefault(own, len(facts))
        page = whole_of(answer, "page") if "page" in answer else 0
        golds.append(Gold(text_of(answer, "document"), -1, -1, text, quote, fact, page))
    return tuple(golds)


def _passages(path: Path) -> tuple[Passage, ...]:
    if not path.is_file():
        return ()

    def parse(row: dict[str, Any]) -> Passage:
        return Passage(text_of(row, "id"), text_of(row, "text"), text_of(row, "language"))

    passages = read_jsonl(path, parse)
    unique([passage.id for passage in passages], path, "id")
    return tuple(passages)
