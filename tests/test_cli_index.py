"""`kordon index`: add, list, status, remove and verify in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

DOCUMENTS = ["newsletter.md", "notes.html", "вложения/отчёт.txt"]


def test_list_and_status_tell_what_is_there(shell) -> None:
    listed = shell.json("index", "list")
    assert sorted(item["document"] for item in listed) == DOCUMENTS
    assert {item["label"] for item in listed} == {"public"}
    languages = {item["document"]: item["language"] for item in listed}
    assert languages["вложения/отчёт.txt"] == "ru"
    status = shell.json("index", "status")
    assert status["documents"] == 3
    assert status["chunks"] == sum(item["chunks"] for item in listed) > 0
    assert status["languages"] == {"en": 2, "ru": 1}
    text = shell("index", "status").stdout
    assert "documents   3" in text
    assert all(name in shell("index", "list").stdout for name in DOCUMENTS)


def test_files_of_the_same_name_are_told_apart(fresh) -> None:
    folders = [fresh.documents / name for name in ("a", "b", "b/c")]
    for number, folder in enumerate(folders):
        folder.mkdir()
        text = f"The Lantern programme of group {number} trained {number + 3}00 officers in Osh."
        (folder / "report.txt").write_text(text)
    # One after the other, as an administrator would: each is "report.txt" below the folder given.
    assert fresh("index", "add", *(f / "report.txt" for f in folders)).returncode == 0
    names = ["a/report.txt", "b/report.txt", "c/report.txt"]
    listed = fresh("index", "list").stdout
    assert all(f"  {name}  " in listed for name in names)
    assert all(f"({name})" in fresh("search", "Lantern programme").stdout for name in names)
    assert "(b/report.txt)" in fresh("ask", "How many officers did group 1 train in Osh?").stdout
    assert {item["document"] for item in fresh.json("index", "list")} == {"report.txt"}
    assert fresh.json("index", "remove", "b/report.txt")["removed"] == 1
    listed = fresh("index", "list").stdout
    assert "  b/report.txt  " not in listed and listed.count("report.txt") == 2


def test_verify_finds_a_good_index_good(shell) -> None:
    found = shell.json("index", "verify")
    assert found == {"generation": 1, "ok": True, "findings": []}
    assert "undamaged" in shell("index", "verify").stdout


def test_add_skips_what_is_unchanged_and_remove_takes_out(fresh) -> None:
    first = fresh.json("index", "add", fresh.documents)
    assert (first["added"], first["failed"], first["generation"]) == (3, [], 1)
    again = fresh.json("index", "add", fresh.documents)
    assert (again["added"], again["unchanged"], again["generation"]) == (0, 3, 1)
    file = fresh.documents / "newsletter.md"
    file.write_text(file.read_text("utf-8").replace("148", "149"), "utf-8")
    changed = fresh.json("index", "add", fresh.documents)
    assert (changed["changed"], changed["unchanged"]) == (1, 2)
    hit = fresh.json("search", "border officers trained")[0]
    assert "149 border officers" in hit["text"]
    gone = fresh.json("index", "remove", "newsletter.md")
    assert gone["removed"] == 1
    assert "newsletter.md" not in {h["document"] for h in fresh.json("search", "border officers")}
    left = fresh.json("index", "list")
    assert fresh.json("index", "remove", left[0]["id"])["removed"] == 1
    assert len(fresh.json("index", "list")) == 1


def test_a_bad_file_is_named_and_the_others_are_taken_in(fresh) -> None:
    (fresh.documents / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing of a PDF")
    (fresh.documents / "empty.md").write_bytes(b"")
    done = fresh("index", "add", fresh.documents)
    assert done.returncode == 1
    assert "3 added" in done.stdout
    assert "2 failed" in done.stdout
    assert "broken.pdf" in done.stdout
    assert done.stderr.count("\n") == 1
    assert len(fresh.json("index", "list")) == 3


def test_duplicates_other_kinds_and_stray_entries_are_told(fresh) -> None:
    notes = (fresh.documents / "notes.html").read_bytes()
    (fresh.documents / "same.html").write_bytes(notes)
    for name in ("a.csv", "b.CSV", "c.json"):
        (fresh.documents / name).write_text("{}")
    (fresh.documents / "documents.toml").write_text('["newsleter.md"]\nlabel = "restricted"\n')
    done = fresh("index", "add", fresh.documents)
    assert done.returncode == 0
    assert "3 added, 0 changed, 0 moved, 0 unchanged, 0 removed, 1 duplicate, 0 failed" in (
        done.stdout
    )
    lines = done.stdout.splitlines()
    assert lines[1].startswith("note: ") and lines[1].endswith('did you mean ["newsletter.md"]?')
    assert lines[2:] == ["3 files of other kinds were left out: .csv 2, .json 1."]
    again = fresh.json("index", "add", fresh.documents)
    assert again["left_out"] == {".csv": 2, ".json": 1} and len(again["notes"]) == 1


def test_no_bar_is_drawn_where_there_is_no_terminal(fresh) -> None:
    done = fresh("index", "add", fresh.documents)
    assert done.returncode == 0
    assert done.stderr == ""


def test_a_path_that_is_not_there_is_one_sentence(fresh) -> None:
    done = fresh("index", "add", fresh.documents / "nowhere.pdf")
    assert done.returncode == 1
    assert "nowhere.pdf" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unknown_document_is_one_sentence(shell) -> None:
    done = shell("index", "remove", "nothing.pdf")
    assert done.returncode == 1
    assert "nothing.pdf" in done.stderr
    assert len(shell.json("index", "list")) == 3


def test_a_damaged_index_is_named(fresh) -> None:
    assert fresh("index", "add", fresh.documents).returncode == 0
    damaged = max(
        (p for p in (fresh.home / "index").rglob("*") if p.is_file() and p.suffix == ".text"),
        key=lambda path: path.stat().st_size,
    )
    damaged.chmod(0o600)
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 0xFF
    damaged.write_bytes(data)
    done = fresh("index", "verify")
    assert done.returncode == 1
    assert Path(damaged).name in done.stderr
    assert "Traceback" not in done.stderr


def test_generations_can_be_listed_left_and_collected(fresh) -> None:
    nothing = fresh("index", "history")
    assert (nothing.stdout, nothing.returncode) == ("", 0) and "index add" in nothing.stderr
    assert fresh("index", "add", fresh.documents / "newsletter.md").returncode == 0
    assert fresh("index", "add", fresh.documents / "notes.html").returncode == 0
    assert [(g["number"], g["live"]) for g in fresh.json("index", "history")] == [
        (1, False),
        (2, True),
    ]
    assert "Generation 1 is live" in fresh("index", "rollback").stdout
    assert len(fresh.json("index", "list")) == 1
    assert fresh("index", "rollback", "9").returncode == 1
    assert fresh("index", "rollback", "2").returncode == 0
    assert "Removed 1 generations" in fresh("index", "gc", "--now").stdout
    assert [g["number"] for g in fresh.json("index", "history")][-1] >= 2
    changes = fresh("index", "history", "--journal").stdout.splitlines()
    assert [line.split("  ")[2] for line in changes] == [
        "- -> 1",
        "1 -> 2",
        "2 -> 1",
        "1 -> 2",
        "2 -> 2",
    ]
    assert changes[0].endswith(f"add: {fresh.documents / 'newsletter.md'}")


def test_an_index_moves_to_another_home(fresh, tmp_path: Path) -> None:
    assert fresh("index", "add", fresh.documents).returncode == 0
    assert fresh("index", "export", tmp_path / "index.kordon").returncode == 0
    other = type(fresh)(tmp_path / "other", fresh.documents)
    done = other("index", "import", tmp_path / "index.kordon")
    assert done.returncode == 0, done.stderr
    question = ("search", "border officers trained in Bishkek")
    assert other.json(*question) == fresh.json(*question)


def test_repair_and_rebuild_leave_a_good_index(fresh) -> None:
    assert fresh("index", "add", fresh.documents).returncode == 0
    assert fresh.json("index", "repair")["generation"] == 1
    assert fresh.json("index", "rebuild", "--reread")["generation"] >= 1
    assert fresh("index", "verify").returncode == 0


def test_an_impatient_ctrl_c_is_one_sentence_and_the_index_is_as_it_was(fresh) -> None:
    assert fresh("index", "add", fresh.documents).returncode == 0
    for number in range(400):
        text = "\n\n".join(f"Part {part} of order {number}, given in Osh." for part in range(40))
        (fresh.documents / f"order-{number}.txt").write_text(text)
    lock = fresh.home / "index" / "lock"
    for gap in (0.003, 0.05):
        process = subprocess.Popen(
            [sys.executable, "-m", "rag.cli", "index", "add", str(fresh.documents)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=fresh.environment(), text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not lock.read_bytes() and time.monotonic() < deadline:
            time.sleep(0.01)
        for _ in range(3):
            process.send_signal(signal.SIGINT)
            time.sleep(gap)
        out, errors = process.communicate(timeout=60)
        assert (process.returncode, out, errors.strip()) == (130, "", "Stopped.")
    assert fresh.json("index", "verify") == {"generation": 1, "ok": True, "findings": []}
    assert len(fresh.json("index", "list")) == 3


def test_a_watched_folder_is_followed_until_ctrl_c(fresh) -> None:
    for file in fresh.documents.rglob("*"):
        os.utime(file, (1_600_000_000, 1_600_000_000))  # old enough to be complete at once
    process = subprocess.Popen(
        [sys.executable, "-m", "rag.cli", "index", "watch", str(fresh.documents)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=fresh.environment(), text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline().startswith("3 added")
    (fresh.documents / "notes.html").unlink()
    assert "1 removed" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, "Stopped.")


def test_folder_without_a_readable_file_is_one_sentence(fresh, tmp_path: Path) -> None:
    folder = tmp_path / "пустая папка"
    folder.mkdir()
    (folder / "table.tsv").write_text("a\tb\n", "utf-8")
    done = fresh("index", "add", folder)
    assert done.returncode == 1
    assert "no file to read was found" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
