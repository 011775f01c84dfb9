"""The gold sets: every string stands in its document; languages and kinds are in proportion."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
GOLD = ROOT / "eval" / "data" / "gold.jsonl"
SHARED_GOLD = (
    "ctaml_questions.jsonl",
    "real_questions.jsonl",
    "fresh_questions.jsonl",
    "natural_questions.jsonl",
    "second_questions.jsonl",
    "hands_questions.jsonl",
)
OVER_SAMPLES = tuple(
    GOLD.with_name(f"{name}_samples.jsonl") for name in ("natural", "second", "unseen", "hands")
)
SHARED = ROOT.parent / "shared" / "data"
FITTING = ("fitting.jsonl", "choosing.jsonl")
KINDS = {
    "definition",
    "how many",
    "how much",
    "list",
    "other",
    "when",
    "where",
    "which law",
    "who",
    "yes-no",
}
PAIR = {"qalqan_newsletter_05_en.pdf", "qalqan_newsletter_05_ru.pdf"}
SCAN = "letter_focal_point_scan.pdf"


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def language_of(text):
    return "ru" if re.search("[а-яё]", text.lower()) else "en"


def crosses(row):
    """Whether no gold quote is in the language of the question."""
    return all(document_language(answer) != row["language"] for answer in row["answers"])


def document_language(answer):
    if answer["document"] == SCAN:  # the letter is in both languages
        return language_of(answer["quote"])
    return "en" if re.search(r"_en\.|^0", answer["document"]) else "ru"


def check(gold, *folders):
    command = [sys.executable, "tools/check_gold.py", str(gold), *map(str, folders)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("path", (GOLD, *OVER_SAMPLES), ids=lambda path: path.stem)
def test_every_gold_string_stands_in_its_document(path):
    assert check(path, SAMPLES) == (0, "")


def test_a_changed_digit_and_a_missing_quote_are_found(tmp_path):
    wrong = rows(GOLD)[2]
    assert "186,500" in wrong["answers"][0]["quote"]
    wrong["answers"][0]["quote"] = wrong["answers"][0]["quote"].replace("186,500", "186,600")
    wrong["answers"][0]["answer"] = "86,600"
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(wrong), encoding="utf-8")
    code, said = check(path, SAMPLES)
    assert code == 1
    assert len(said.splitlines()) == 2


def test_counts_and_proportions():
    gold = rows(GOLD)
    answerable = [row for row in gold if row["answerable"]]
    languages = Counter(row["language"] for row in gold)
    assert len(gold) >= 140
    assert len(gold) - len(answerable) >= 36
    assert abs(languages["en"] - languages["ru"]) <= 0.05 * len(gold)
    assert sum(map(crosses, answerable)) >= len(answerable) / 3
    for language in ("en", "ru"):
        assert sum(crosses(row) for row in answerable if row["language"] == language) >= 25


def test_rows_are_well_formed():
    gold = rows(GOLD)
    assert len({row["id"] for row in gold}) == len(gold)
    assert len({row["question"] for row in gold}) == len(gold)
    for row in gold:
        assert row["kind"] in KINDS, row["id"]
        assert row["split"] in ("dev", "test"), row["id"]
        assert row["answerable"] == bool(row["answers"]), row["id"]
        assert language_of(row["question"]) == row["language"], row["id"]
        assert row["answerable"] or row["note"], row["id"]


def test_the_halves_share_no_document_and_are_alike_in_size():
    halves = {"dev": set(), "test": set()}
    for row in rows(GOLD):
        halves[row["split"]] |= {answer["document"] for answer in row["answers"]}
        halves[row["split"]] |= {row["near"]} if not row["answerable"] else set()
    assert not halves["dev"] & halves["test"]
    files = {file.name for file in SAMPLES.iterdir()} - {"documents.toml"}
    assert halves["dev"] | halves["test"] == files
    assert abs(len(halves["dev"]) - len(halves["test"])) <= 1


def test_both_versions_of_the_parallel_pair_are_listed():
    for row in rows(GOLD):
        named = {answer["document"] for answer in row["answers"]} & PAIR
        assert named in (set(), PAIR), row["id"]
        if named:
            assert len({answer["fact"] for answer in row["answers"]}) == 1


def test_questions_do_not_repeat_their_sentence():
    for row in rows(GOLD):
        asked = words(row["question"])
        for answer in row["answers"]:
            if document_language(answer) == row["language"] and len(asked) > 6:
                shared = asked & words(answer["quote"])
                assert len(shared) <= 0.7 * len(asked), (row["id"], shared)


def words(text):
    return set(re.findall(r"\w+", text.lower()))


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_the_scanned_letter_is_checked_too():
    assert any(answer["document"] == SCAN for row in rows(GOLD) for answer in row["answers"])


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data, absent here")
@pytest.mark.parametrize("name", (*SHARED_GOLD, *FITTING))
def test_every_string_of_the_real_documents_stands_on_its_page(name):
    assert check(GOLD.parent / name, SHARED / "seeds", SHARED / "ctaml", SAMPLES) == (0, "")


@pytest.mark.parametrize("name", SHARED_GOLD)
def test_the_questions_over_real_documents_store_no_sentences(name):
    gold = rows(GOLD.parent / name)
    answerable = [row for row in gold if row["answerable"]]
    assert len(gold) >= 44
    assert len(gold) - len(answerable) >= 12
    directions = Counter((row["language"], crosses(row)) for row in answerable)
    assert (
        min(directions[key] for key in ((a, b) for a in ("en", "ru") for b in (True, False))) >= 8
    )
    no_sentences(answerable)


def no_sentences(gold):
    for row in gold:
        for answer in row["answers"]:
            assert answer["quote"] == answer["answer"], row["id"]
            assert len(answer["quote"].split()) <= 16, row["id"]


def test_what_is_fitted_on_is_asked_nowhere_else():
    fitting = [row for name in FITTING for row in rows(GOLD.parent / name)]
    assert len({row["id"] for row in fitting}) == len(fitting)
    no_sentences(row for row in fitting if row["collection"] == "real")
    reported = [*(row for row in rows(GOLD) if row["split"] == "test")]
    reported += [row for name in SHARED_GOLD for row in rows(GOLD.parent / name)]
    reported += [row for path in OVER_SAMPLES for row in rows(path)]
    assert not {row["question"] for row in fitting} & {row["question"] for row in reported}
    held = {
        answer["document"]
        for row in rows(GOLD)
        if row["split"] == "test"
        for answer in row["answers"]
    }
    used = {answer["document"] for row in fitting for answer in row["answers"]}
    assert not held & used


def test_what_readers_are_chosen_by_is_not_taught():
    taught, choosing = ({row["question"] for row in rows(GOLD.with_name(n))} for n in FITTING)
    assert choosing and not taught & choosing
