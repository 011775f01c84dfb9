"""The public questions asked in the other language, over texts of both languages.

Own documents are few, and XQuAD has 24 articles for fitting: what a reader learns there of choosing
across languages does not carry over to other documents (decision 0314). TyDi QA, MuSeRC and ObliQA
have seven thousand texts more. `eval/data/translated_questions.jsonl` has their questions in the
other language, by instances of a language model that saw the questions only.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.encoders.base import Encoder
from rag.answering.fitting.gold import mark_of
from rag.answering.fitting.tasks import Asked, Task
from rag.answering.fitting.texts import Role, encoded, joined

FILE = Path("eval/data/translated_questions.jsonl")


def translated(
    tasks: Sequence[Task], encoder: Encoder, cache: Path, role: Role = "question", file: Path = FILE
) -> Iterator[Task]:
    """Each of the tasks with its questions as far as they are translated, if any is; texts of
    another task in the language of the questions lie between its own."""
    known = {row["id"]: row for row in map(json.loads, file.read_text("utf-8").splitlines())}
    for task in tasks:
        texts: list[str] = []
        asked: list[Asked] = []
        for one in task.asked:
            row = known.get(f"{task.name}-{one.question}")
            if row and row["of"] == mark_of(task.questions.texts[one.question]):
                asked.append(replace(one, question=len(texts)))
                texts.append(row["question"])
        if not texts:
            continue
        language = "ru" if task.questions.language == "en" else "en"
        other = next(one.passages for one in tasks if one.passages.language == language)
        kept = cache / f"{task.name}_{language}_q.npz"
        questions = encoded(encoder, texts, language, role, kept)
        yield Task(f"translated {task.name}", questions, joined(task.passages, other), tuple(asked))
