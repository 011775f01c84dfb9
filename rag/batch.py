"""Questions in a file of JSON lines; a bad line is an error of its own, the rest stand."""

import json
from dataclasses import dataclass

Name = str | int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `number` counts from 1. Either `question` or `error` is empty. `before` is the
    question asked before it, for a follow-up."""

    number: int
    id: Name
    question: str
    error: str = ""
    before: str | None = None


def read_lines(data: bytes) -> tuple[Line, ...]:
    """The questions of a JSONL file's bytes (UTF-8), blank lines left out."""
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines()
    return tuple(
        read_line(number, line) for number, line in enumerate(lines, start=1) if line.strip()
    )


def read_line(number: int, line: bytes) -> Line:
    """One line as {"id", "question", "before"}; other keys are ignored, all but the question may
    be missing."""
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Line(number, None, "", f"Line {number} is not UTF-8 text.")
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else "too deeply nested"
        return Line(number, None, "", f"Line {number} is not valid JSON ({why}).")
    if not isinstance(value, dict):
        return Line(number, None, "", f'Line {number} is not an object with "id" and "question".')
    name = value.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        return Line(number, None, "", f'Line {number}: "id" must be a text or a whole number.')
    question = value.get("question")
    if not isinstance(question, str):
        return Line(number, name, "", f'Line {number}: "question" must be a text.')
    if not question:
        return Line(number, name, "", f"Line {number}: the question is empty.")
    before = value.get("before")
    if before is not None and not isinstance(before, str):
        return Line(number, name, "", f'Line {number}: "before" must be a text.')
    return Line(number, name, question, before=before)
