"""Lines of a batch: a bad one is an error of its own."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.batch import Line, read_lines


def test_questions_keep_their_ids_and_line_numbers() -> None:
    data = b'\xef\xbb\xbf{"id": "a", "question": "Who?"}\r\n\n{"id": 7, "question": "\xd0\x93"}\n'
    assert read_lines(data) == (Line(1, "a", "Who?"), Line(3, 7, "Г"))
    assert read_lines(b'{"question": "Who?"}') == (Line(1, None, "Who?"),)
    assert read_lines(b"") == ()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"{", "not valid JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1]", "not an object"),
        (b'{"id": "a"}', '"question" must be'),
        (b'{"id": "a", "question": 5}', '"question" must be'),
        (b'{"id": "a", "question": ""}', "empty"),
        (b'{"id": [], "question": "Who?"}', '"id" must be'),
        (b'{"id": true, "question": "Who?"}', '"id" must be'),
        (b"[" * 100_000, "nested"),
    ],
)
def test_a_bad_line_says_which_and_why(line: bytes, word: str) -> None:
    (found,) = read_lines(line)
    assert found.question == ""
    assert word in found.error
    assert "ine 1" in found.error


def is_line(data: bytes) -> bool:
    return bool(data.strip()) and not set(data) & set(b"\n\r") and data[:1] != b"\xef"


@given(st.lists(st.binary(max_size=40).filter(is_line)))
def test_every_line_gives_one_question_or_one_error(lines: list[bytes]) -> None:
    found = read_lines(b"\n".join(lines))
    assert len(found) == len(lines)
    assert all(bool(line.question) != bool(line.error) for line in found)


@given(st.text(min_size=1), st.one_of(st.none(), st.integers(), st.text()))
def test_what_json_writes_is_read_back(question: str, name: str | int | None) -> None:
    (line,) = read_lines(json.dumps({"id": name, "question": question}).encode())
    assert (line.id, line.question, line.error) == (name, question, "")
