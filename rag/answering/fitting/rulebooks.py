"""Questions in everyday words over the passages of ObliQA with even numbers, in both languages.

ObliQA's own questions repeat the words of their passages and say only which passage answers. These
were written from the passages by instances of a language model that were asked for other words, and
tell where the shortest answer stands. `eval/data/rulebook_questions.jsonl` has no word of these.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from index.encoders.base import Encoder
from rag.answering.fitting.gold import mark_of
from rag.answering.fitting.tasks import Asked, Task
from rag.answering.fitting.texts import Role, encoded, joined

FILE = Path("eval/data/rulebook_questions.jsonl")


def rulebooks(
    passages: Task,
    others: Task,
    encoder: Encoder,
    cache: Path,
    role: Role = "question",
    file: Path = FILE,
) -> Iterator[Task]:
    """A task in each language over the passages of one task; the texts of `others`, which are in
    Russian, lie between them."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    texts = passages.passages.texts
    both = joined(passages.passages, others.passages)
    for language in ("en", "ru"):
        asked: list[Asked] = []
        questions: list[str] = []
        for row in rows:
            if row["of"] == mark_of(texts[row["passage"]]):
                span = (row["start"], row["end"])
                asked.append(Asked(len(questions), row["passage"], (span,), True))
                questions.append(row[language])
        kept = cache / f"rulebooks_{language}_q.npz"
        own = encoded(encoder, questions, language, role, kept)
        yield Task(f"rulebooks {language}", own, both, tuple(asked))
