"""The real command in a process of its own: shapes, exit codes, streams."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.cli_common import emit

PYTHON = [sys.executable, "-m", "rag.cli"]
HIT = ["rank", "document", "title", "page", "start", "end", "text", "language", "score", "evidence"]
ANSWER = [
    "id", "question", "language", "answered", "confidence", "sentences", "related", "generation",
    "answerer", "timings_ms",
]  # fmt: skip
CITATION = ["document", "title", "page", "page_label", "start", "end", "quote"]


def one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("\n") and "Traceback" not in text


def test_search_json_has_the_promised_shape(shell) -> None:
    hits = shell.json("search", "border officers trained in Bishkek", "-k", "2")
    assert [list(hit) for hit in hits] == [HIT, HIT]
    assert [hit["rank"] for hit in hits] == [1, 2]
    assert hits[0]["document"] == "newsletter.md"
    assert hits[0]["language"] == "en"
    assert "148 border officers" in hits[0]["text"]
    assert isinstance(hits[0]["score"], float)
    assert {"leg", "score", "rank", "terms"} == set(hits[0]["evidence"][0])


def test_search_keeps_to_a_language(shell) -> None:
    hits = shell.json("search", "сообщения о подозрительных операциях", "--lang", "en")
    assert {hit["language"] for hit in hits} == {"en"}
    hits = shell.json("search", "suspicious operations", "--lang", "ru")
    assert {hit["document"] for hit in hits} == {"вложения/отчёт.txt"}


def test_ask_json_has_the_promised_shape_and_quotes_what_stands_there(shell) -> None:
    answer = shell.json("ask", "How many border officers were trained in Bishkek and Osh?")
    assert list(answer) == ANSWER
    assert answer["id"] is None
    assert answer["language"] == "en"
    source = (shell.documents / "newsletter.md").read_text("utf-8")
    for sentence in answer["sentences"]:
        assert list(sentence) == ["text", "citations"]
        for citation in sentence["citations"]:
            assert list(citation) == CITATION
            assert citation["end"] - citation["start"] == len(citation["quote"])
            assert " ".join(citation["quote"].split()) in " ".join(source.split())
    assert all(list(hit) == HIT for hit in answer["related"])
    assert bool(answer["sentences"]) == answer["answered"]


def test_ask_json_has_what_is_said_beside_the_quotes_where_it_is_asked_for(shell) -> None:
    answer = shell.json("ask", "How many documents are there?", "--notes")
    assert list(answer) == [*ANSWER, "lead", "notice", "understood"]
    assert answer["lead"] == "Documents that fit, newest first: 3."
    assert answer["understood"] == "How many documents are there?"


def test_ask_speaks_the_language_of_the_question(shell) -> None:
    answer = shell.json("ask", "Сколько сообщений получило подразделение в 2022 году?")
    assert answer["language"] == "ru"
    done = shell("ask", "Сколько сообщений получило подразделение в 2022 году?")
    assert done.returncode == 0
    assert re.search(r"[а-я]{4}", done.stdout)
    assert "passages" not in done.stdout


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["?!… — «»", "", "  \t ", "word " * 10_000])
def test_a_question_that_is_none_is_one_sentence_and_exit_code_1(shell, command, question) -> None:
    done = shell(command, question)
    assert done.returncode == 1
    assert done.stdout == ""
    assert one_sentence(done.stderr), done.stderr


def test_batch_answers_line_by_line_and_goes_on_after_a_bad_one(shell, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "question": "How much did the document readers cost?"}),
        "{broken",
        json.dumps({"id": "c", "question": "?!"}),
        json.dumps({"id": 4, "question": "Сколько сообщений получило подразделение?"}),
    ]
    file = tmp_path / "вопросы.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    done = shell("ask", "--batch", file, "--json")
    assert done.returncode == 1
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "c", 4]
    assert [("error" in answer) for answer in answers] == [False, True, True, False]
    assert list(answers[0]) == ANSWER
    assert one_sentence(done.stderr)
    good = shell("ask", "--batch", "-", "--json", stdin=lines[0].encode())
    assert good.returncode == 0
    assert good.stderr == ""
    assert json.loads(good.stdout)["sentences"] == answers[0]["sentences"]


def test_wrong_usage_is_exit_code_2(shell, tmp_path: Path) -> None:
    for arguments in (
        ("serach", "x"),
        ("search",),
        ("search", "x", "-k", "0"),
        ("search", "x", "--lang", "fr"),
        ("ask",),
        ("ask", "x", "--batch", shell.documents / "newsletter.md"),
        ("ask", "--batch", tmp_path / "none.jsonl"),
    ):
        done = shell(*arguments)
        assert done.returncode == 2, arguments
        assert done.stdout == ""
        assert done.stderr
    done = shell("search", "x", KORDON_APP_PROT="1")
    assert done.returncode == 2
    assert one_sentence(done.stderr)
    assert "KORDON_APP_PORT" in done.stderr


def test_help_is_instant_and_complete(shell) -> None:
    """Measured in processor time, which other work on the machine does not lengthen."""

    def spent() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert shell("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(spent() for _ in range(3)) < 0.3
    assert "index" in shell("-h").stdout


def test_help_loads_nothing_heavy(shell) -> None:
    code = (
        "import sys, rag.cli; rag.cli.run(['--help']); "
        "print(sorted({'numpy', 'torch', 'faiss', 'streamlit', 'langchain_core', 'onnxruntime'} "
        "& set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_search_never_loads_torch(shell) -> None:
    code = (
        "import sys, rag.cli; code = rag.cli.run(['ask', 'border officers', '--json']); "
        "print(code, sorted({'torch', 'sentence_transformers', 'streamlit', 'langchain_core'} "
        "& set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, env=shell.environment(),
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_closed_pipe_ends_quietly(shell) -> None:
    process = subprocess.Popen(
        [*PYTHON, "search", "border"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=shell.environment(),
    )  # fmt: skip
    assert process.stdout and process.stderr
    process.stdout.close()
    assert process.wait(60) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_on_a_full_disk_is_one_sentence(shell) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PYTHON, "search", "border"],
            stdout=full, stderr=subprocess.PIPE, text=True, env=shell.environment(), check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert one_sentence(done.stderr), done.stderr


def test_ctrl_c_ends_with_130_and_without_a_traceback(shell) -> None:
    process = subprocess.Popen(
        [*PYTHON, "ask", "--batch", "-", "--json"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=shell.environment(), text=True,
    )  # fmt: skip
    time.sleep(1.5)  # it waits for its input by then
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip() == "Stopped."


def test_the_unforeseen_is_a_sentence_with_a_reference_to_the_log(shell, tmp_path: Path) -> None:
    plugin = tmp_path / "faulty.py"
    plugin.write_text("class Encoder:\n    def __init__(self, *_, **__):\n        {}['gone']\n")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    done = shell("search", "border", KORDON_EMBEDDER="faulty:Encoder", PYTHONPATH=path)
    assert done.returncode == 1
    assert one_sentence(done.stderr), done.stderr
    reference = re.search(r"\d{8}-[0-9A-F]{6}", done.stderr)
    assert reference
    log = (shell.home / "log" / "errors.log").read_text("utf-8")
    assert reference.group() in log
    assert "KeyError: 'gone'" in log


def test_documents_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    emit("The \x1b[31mred\x1b[0m archive\x07\x9b1m\r of\nfiles\t№ 1")
    assert capsys.readouterr().out == (
        "The \ufffd[31mred\ufffd[0m archive\ufffd\ufffd1m\ufffd of\nfiles\t№ 1\n"
    )


def test_nothing_indexed_is_one_sentence(fresh) -> None:
    for arguments in (("search", "x"), ("ask", "x"), ("index", "list"), ("index", "status")):
        done = fresh(*arguments)
        assert done.returncode == 1, arguments
        assert one_sentence(done.stderr), done.stderr
        assert "kordon index add" in done.stderr
