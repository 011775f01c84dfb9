"""Questions from users' feedback, as candidates that a person confirms.

The interface writes one JSON object a line; docs/evaluation.md has the form. `sentences` has the
shape of `kordon ask --json`. A confirmed candidate is moved to another `split` by hand; until then
the loader leaves it out.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.datasets.own import CANDIDATE, LANGUAGES
from eval.datasets.rows import RowError, list_of, read_jsonl, text_of, whole_of

VERDICTS = ("up", "down")
Json = dict[str, Any]


def candidates(path: Path) -> list[Json]:
    """Rows in our own form, one per different question, in the order they were first asked.

    A liked answer proposes its quotes as gold answers, a fact per sentence; a disliked or refused
    one proposes none, and `note` says what the user said. Of several verdicts on a question the
    latest counts. Raises `DatasetError` with every bad row.
    """
    found: dict[str, tuple[datetime, Json]] = {}
    for when, row in read_jsonl(path, _candidate):
        known = found.get(row["id"])
        if known is None or when >= known[0]:
            found[row["id"]] = (when, row)
    return [row for _, row in found.values()]


def _candidate(row: Json) -> tuple[datetime, Json]:
    question = " ".join(text_of(row, "question").split())
    language = text_of(row, "language")
    if language not in LANGUAGES:
        raise RowError(f"the language {language!r} is not one of {', '.join(LANGUAGES)}")
    verdict = text_of(row, "verdict")
    if verdict not in VERDICTS:
        raise RowError(f"the verdict {verdict!r} is not one of {', '.join(VERDICTS)}")
    sentences = list_of(row, "sentences")
    proposed = _answers(sentences)
    answers = proposed if verdict == "up" else []
    what = "answer" if sentences else "refusal"
    reason = " ".join(text_of(row, "reason", empty=True).split())
    said = "liked" if verdict == "up" else "disliked"
    digest = hashlib.sha256(question.casefold().encode()).hexdigest()[:12]
    return _time(row), {
        "id": f"feedback-{digest}",
        "question": question,
        "language": language,
        "answerable": bool(answers),
        "kind": "feedback",
        "answers": answers,
        "split": CANDIDATE,
        "note": f"{what} {said}{f': {reason}' if reason else ''}",
    }


def _time(row: Json) -> datetime:
    """The moment of the verdict; without an offset it is UTC."""
    written = text_of(row, "time")
    try:
        when = datetime.fromisoformat(written)
    except ValueError as error:
        raise RowError(f"the time {written!r} is not ISO 8601") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _answers(sentences: list[Any]) -> list[Json]:
    """The quotes shown; the person shortens `answer` to what was asked for."""
    answers = []
    for fact, sentence in enumerate(sentences):
        if not isinstance(sentence, dict):
            raise RowError("a sentence is not a JSON object")
        for citation in list_of(sentence, "citations"):
            if not isinstance(citation, dict):
                raise RowError("a citation is not a JSON object")
            answers.append(_answer(citation, fact))
    return answers


def _answer(citation: Json, fact: int) -> Json:
    document, quote = text_of(citation, "document"), text_of(citation, "quote")
    page = {"page": whole_of(citation, "page")} if citation.get("page") is not None else {}
    return {"document": document, "quote": quote, "answer": quote, "fact": fact, **page}
