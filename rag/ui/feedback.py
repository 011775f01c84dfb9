"""Verdicts of readers, appended to one file that `kordon-eval import` reads.

The form of a line is that of docs/evaluation.md. Nothing in it tells whose verdict it is.
"""

import fcntl
import json
import os
from pathlib import Path

from rag.ui.chats import Turn, now

FILE = Path("feedback") / "feedback.jsonl"  # in the home
LONGEST = 2_000  # characters of a reason


def keep_verdict(home: Path, turn: Turn) -> None:
    """Append the turn's verdict. Raises `OSError` where the home cannot be written."""
    line = json.dumps(_row(turn), ensure_ascii=False) + "\n"
    file = home / FILE
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab", buffering=0) as stream:
        # Two processes on one home must not write into each other's lines.
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.write(line.encode("utf-8", "replace"))


def _row(turn: Turn) -> dict[str, object]:
    """A follow-up is written as it was understood, since nobody can judge it without the rest."""
    return {
        "time": now(),
        "question": turn.understood,
        "typed": turn.question,
        "language": turn.language,
        "sentences": [
            {
                "text": sentence.text,
                "citations": [
                    {
                        "document": mention.document,
                        "title": mention.title,
                        "page": mention.page,
                        "page_label": mention.page_label,
                        "start": mention.start,
                        "end": mention.end,
                        "quote": mention.quote,
                    }
                    for mention in (turn.marks[marker] for marker in sentence.markers)
                ],
            }
            for sentence in turn.sentences
        ],
        "verdict": turn.verdict,
        "reason": turn.reason[:LONGEST],
        "generation": turn.generation,
        "answerer": turn.answerer,
    }
