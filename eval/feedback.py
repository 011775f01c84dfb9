"""Questions from users' feedback, as candidates that a person confirms.

The interface writes one JSON object a line. What matters here: `question`, `language`, a verdict
(`verdict` "up"/"down", or `helpful` true/false), `reason`, and what was shown
(`citations`: [{"document", "quote"}]). A confirmed candidate is moved to another `split` by hand;
until then the loader leaves it out.
"""

import hashlib
from pathlib import Path
from typing import Any

from eval.datasets.language import language_by_script
from eval.datasets.own import CANDIDATE
from eval.datasets.rows import RowError, read_jsonl, text_of

UP = ("up", "good", "helpful", "positive")
DOWN = ("down", "bad", "unhelpful", "negative")
Json = dict[str, Any]


def candidates(path: Path) -> list[Json]:
    """Rows in our own form, one per different question, in the file's order.

    A liked answer proposes its quotes as gold answers; a disliked or refused one proposes none, and
    `note` says what the user said. Raises `DatasetError` with every bad row.
    """
    found: dict[str, Json] = {}
    for row in read_jsonl(path, _candidate):
        # The last word on a question wins; its place in the order stays.
        found[row["id"]] = row
    return list(found.values())


def _candidate(row: Json) -> Json:
    question = " ".join(text_of(row, "question").split())
    language = row.get("language")
    liked = _liked(row)
    answers = _answers(row) if liked else []
    reason = str(row.get("reason") or row.get("comment") or "").strip()
    note = f"feedback: {'liked' if liked else 'disliked'}{f'; {reason}' if reason else ''}"
    digest = hashlib.sha256(question.casefold().encode()).hexdigest()[:12]
    return {
        "id": f"feedback-{digest}",
        "question": question,
        "language": language if language in ("en", "ru") else language_by_script(question),
        "answerable": bool(answers),
        "kind": "feedback",
        "answers": answers,
        "split": CANDIDATE,
        "note": note,
    }


def _liked(row: Json) -> bool:
    if isinstance(row.get("helpful"), bool):
        return bool(row["helpful"])
    verdict = str(row.get("verdict", row.get("thumb", ""))).lower()
    if verdict not in (*UP, *DOWN):
        raise RowError('a verdict is missing: "verdict" must be "up" or "down"')
    return verdict in UP


def _answers(row: Json) -> list[Json]:
    """The quotes shown; the person shortens `answer` to what was asked for."""
    cited = row.get("citations") or []
    if not isinstance(cited, list):
        raise RowError("the field 'citations' must be a list")
    answers = []
    for place, citation in enumerate(cited):
        if not isinstance(citation, dict):
            raise RowError("a citation is not a JSON object")
        document, quote = text_of(citation, "document"), text_of(citation, "quote")
        answers.append({"document": document, "quote": quote, "answer": quote, "fact": place})
    return answers
