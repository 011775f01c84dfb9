"""Questions over invented documents in the manner of the real ones, in both languages.

Own documents that may be fitted on are few, and what is learned of them does not carry over to
others (decision 0314). `eval/data/invented_documents.jsonl` has passages of many more: laws,
minutes, newsletters and reports that resemble each other, so that others almost answer.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from index.encoders.base import Encoder
from rag.answering.fitting.tasks import Asked, Task
from rag.answering.fitting.texts import Role, encoded, joined

FILE = Path("eval/data/invented_documents.jsonl")


def invented(
    encoder: Encoder, cache: Path, role: Role = "question", *, held: bool = False, file: Path = FILE
) -> Iterator[Task]:
    """A task in each language of questions, over the passages of both: of the documents to fit on,
    or of those held back to choose by."""
    every = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    rows = [row for row in every if (row["split"] == "held") == held]
    kind = "invented_held" if held else "invented"
    rows.sort(key=lambda row: row["language"])  # as `joined` has them
    pools = [
        encoded(
            encoder,
            [row["text"] for row in rows if row["language"] == language],
            language,
            "passage",
            cache / f"{kind}_{language}_par.npz",
        )
        for language in ("en", "ru")
    ]
    asked: list[Asked] = []
    misses: list[Asked] = []
    questions: dict[str, list[str]] = {"en": [], "ru": []}
    for place, row in enumerate(rows):
        for one in row["questions"]:
            start = row["text"].index(one["answer"])
            span = (start, start + len(one["answer"]))
            asked.append(Asked(len(asked), place, (span,), True))
            for language, own in questions.items():
                own.append(one[language])
    for place, row in enumerate(rows):
        for one in row["misses"]:
            misses.append(Asked(len(asked) + len(misses), place, (), False))
            for language, own in questions.items():
                own.append(one[language])
    titles = tuple(row["title"] for row in rows)
    headings = tuple(row.get("heading", "") for row in rows)
    for language, own in questions.items():
        kept = cache / f"{kind}_{language}_q.npz"
        texts = encoded(encoder, own, language, role, kept)
        known = (tuple(asked), tuple(misses), titles, headings)
        yield Task(f"{kind} {language}", texts, joined(*pools), *known)
