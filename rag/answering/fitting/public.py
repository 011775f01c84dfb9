"""All questions that the question layers and the joint reader are fitted on, but those over own
documents."""

from pathlib import Path

from index.encoders.base import Encoder
from rag.answering.fitting.invented import invented
from rag.answering.fitting.rulebooks import rulebooks
from rag.answering.fitting.tasks import Task, muserc, obliqa, tydiqa, xquad
from rag.answering.fitting.texts import Role
from rag.answering.fitting.translations import translated

_PAIRS = 4  # of languages


def public_tasks(encoder: Encoder, data: Path, cache: Path, role: Role = "question") -> list[Task]:
    """TyDi QA, MuSeRC and ObliQA as published, then in the other language and in other words,
    invented documents, and XQuAD; the first word of a task's name tells which."""
    plain = [load(encoder, data, cache, role) for load in (tydiqa, muserc, obliqa)]
    return [
        *plain,
        *translated(plain, encoder, cache, role),
        *rulebooks(plain[2], plain[1], encoder, cache, role),
        *invented(encoder, cache, role),
        *list(xquad(encoder, data, cache, fit=True, role=role))[:_PAIRS],
    ]
