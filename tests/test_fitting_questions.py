"""Fitted on beside own documents: public questions in the other language and in other words."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.encoders.joint_reader import FIRST, LowerLayers
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_session import open_session
from index.models.setup import NAME
from rag.answering.fitting import invented, rulebooks, tasks, translations
from rag.answering.fitting.gold import kept_back, mark_of, read_gold
from rag.answering.fitting.reading_data import PublicDrill
from rag.answering.ranker import load_ranker

ROOT = Path(__file__).parents[1]
DATA = ROOT / "eval" / "data"
PUBLIC = ROOT.parent / "shared" / "data"
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
LAMP = "The lamp of the lighthouse was lit in 1874. It is still in use."
ISLE = "Маяк построили на острове Кильдин. Его высота 23 метра."
RULE = "A Dealer must keep\nrecords of each sale for six years."
NOT_TOLD = {"en": "In words?", "ru": "Словами?"}
KEEP = {
    "passage": 0,
    "of": mark_of(RULE),
    "start": RULE.index("keep"),
    "end": RULE.index(" of each"),
    "en": "What to keep?",
    "ru": "Что хранить?",
}


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def test_translations_are_in_the_other_language() -> None:
    found = rows("translated_questions.jsonl")
    assert len({row["id"] for row in found}) == len(found) > 5000
    for row in found:
        asked_in_russian = not row["id"].startswith("muserc")
        assert bool(CYRILLIC.search(row["question"])) == asked_in_russian, row["id"]
        assert row["language"] == ("ru" if asked_in_russian else "en")


def test_rulebook_questions_are_in_both_languages() -> None:
    found = rows("rulebook_questions.jsonl")
    assert len({row["passage"] for row in found}) == len(found) > 2000
    for row in found:
        assert CYRILLIC.search(row["ru"]) and not CYRILLIC.search(row["en"]), row
        assert row["start"] < row["end"] and row["en"].strip()


def test_whole_hands_are_held_back_and_a_quarter_of_the_other_questions() -> None:
    """What a hand wrote is all taught or all there to calibrate by (decisions 0321, 0322)."""
    both = [
        one
        for name in ("fitting.jsonl", "choosing.jsonl")
        for collection in ("samples", "real")
        for one in read_gold(DATA / name, "dev", collection)
    ]
    held = {hand: {kept_back(one) for one in both if one.hand == hand} for hand in "ABCDEFGHIJKL"}
    assert all(held[hand] == {True} for hand in "ABCD"), held
    assert all(held[hand] == {False} for hand in "EFGHIJKL"), held
    facts = {one.fact: kept_back(one) for one in both if not one.hand}
    assert 0.2 < sum(facts.values()) / len(facts) < 0.3


def test_invented_answers_stand_in_their_passages() -> None:
    found = rows("invented_documents.jsonl")
    assert {row["language"] for row in found} == {"en", "ru"}
    for row in found:
        for one in row["questions"]:
            assert one["answer"].strip() and one["answer"] in row["text"], one
        for one in (*row["questions"], *row["misses"]):
            assert CYRILLIC.search(one["ru"]) and not CYRILLIC.search(one["en"]), one


@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public sets are not beside this checkout")
def test_they_belong_to_the_public_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(_encoder: object, texts: list[str], *_rest: object) -> list[str]:
        return texts

    monkeypatch.setattr(tasks, "encoded", plain)
    asked = {}
    for load in (tasks.tydiqa, tasks.muserc, tasks.obliqa):
        task = load(None, PUBLIC, Path("none"))
        asked |= {f"{task.name}-{n}": mark_of(text) for n, text in enumerate(task.questions)}
    assert all(asked[row["id"]] == row["of"] for row in rows("translated_questions.jsonl"))
    for row in rows("rulebook_questions.jsonl"):
        text = task.passages[row["passage"]]
        assert row["of"] == mark_of(text) and text[row["start"] : row["end"]].strip()


@pytest.fixture(scope="module")
def plain(
    encoder: OnnxEncoder, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[tasks.Task], Path]:
    """An English text, a Russian one and a rulebook with a question each, and where they are."""
    folder = tmp_path_factory.mktemp("public")
    entry = {
        "question": "When was the lamp lit?",
        "answers": [{"answer_start": 38, "text": "1874"}],
    }
    article = {"paragraphs": [{"context": LAMP, "qas": [entry]}]}
    write(folder / "tydiqa" / "tydiqa.goldp.en.train.json", {"data": [article]})
    answer = {"text": "на острове Кильдин", "label": 1}
    asked = {"question": "Где построили маяк?", "answers": [answer]}
    text = "(1) " + ISLE.replace(". ", ". (2) ")
    write(folder / "muserc" / "val.jsonl", {"passage": {"text": text, "questions": [asked]}})
    write(folder / "muserc" / "train.jsonl", {"passage": {"text": "(1) Нет.", "questions": []}})
    for number in range(2, 41, 2):
        place = {"DocumentID": number, "PassageID": "1"}
        passage = RULE if number == 2 else f"Rule {number} is left blank."
        path = folder / "obliqa" / "StructuredRegulatoryDocuments" / f"{number}.json"
        write(path, [{**place, "Passage": passage}])
    question = {"Question": "What must a Dealer keep?", "Passages": [{**place, "DocumentID": 2}]}
    write(folder / "obliqa" / "ObliQA_dev.json", [question])
    cache = folder / "cache"
    return [
        load(encoder, folder, cache) for load in (tasks.tydiqa, tasks.muserc, tasks.obliqa)
    ], folder


def write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def test_the_same_is_asked_in_the_other_language(plain, encoder: OnnxEncoder) -> None:
    (lamp, isle, rule), folder = plain
    file = folder / "translated.jsonl"
    told = (
        (lamp, "Когда зажгли лампу?", lamp.questions.texts[0]),
        (isle, "Where was the lighthouse built?", isle.questions.texts[0]),
        (rule, "Что хранит дилер?", "a question that has changed since"),
    )
    lines = [
        json.dumps({"id": f"{task.name}-0", "of": mark_of(of), "question": question})
        for task, question, of in told
    ]
    file.write_text("\n".join(lines), "utf-8")
    found = list(translations.translated([lamp, isle, rule], encoder, folder / "cache", file=file))
    assert [len(task.asked) for task in found] == [1, 1]
    for task, of in zip(found, (lamp, isle), strict=True):
        (one,) = task.asked
        assert task.questions.language != of.questions.language
        assert one.spans == of.asked[0].spans
        assert task.passages.texts[one.passage] == of.passages.texts[of.asked[0].passage]
        assert {task.passages.language_of(n) for n in range(len(task.passages.texts))} == {
            "en",
            "ru",
        }


def rulebook(folder: Path, *rows: dict) -> Path:
    """A file with these questions."""
    file = folder / "rulebooks.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return file


def test_rulebooks_are_asked_in_both_languages_as_long_as_they_are_the_same(
    plain, encoder: OnnxEncoder
) -> None:
    (_, isle, rule), folder = plain
    file = rulebook(folder, KEEP, {**KEEP, "of": 1})
    for task in rulebooks.rulebooks(rule, isle, encoder, folder / "cache", file=file):
        (one,) = task.asked
        start, end = one.spans[0]
        assert task.passages.texts[one.passage][start:end] == "keep\nrecords"


def test_wrong_quotes_stand_beside_the_right_one_and_alone_beside_a_near_miss(
    plain, encoder: OnnxEncoder, models: Path
) -> None:
    (_, isle, rule), folder = plain
    file = rulebook(folder, KEEP)
    (task, _) = rulebooks.rulebooks(rule, isle, encoder, folder / "cache", file=file)
    lower = LowerLayers(encoder, open_session(models / NAME / FIRST.lower_graph, 1))
    ranker = load_ranker(encoder.card.name, encoder.card.dimension)
    drill = PublicDrill(lower, [task], ranker)
    seen = [drill.pairs(0, random.Random(seed)) for seed in range(12)]
    assert max(map(len, seen)) == 3
    for pairs in seen:
        assert sum(pair.answer.any() for pair in pairs) <= 1
    assert any(pair.answer.any() for pairs in seen for pair in pairs)
    missed = replace(task, asked=(), misses=(replace(task.asked[0], spans=()),))
    near = PublicDrill(lower, [missed], ranker).pairs(0, random.Random(0))
    assert near and not any(pair.answer.any() for pair in near)


def test_invented_documents_are_asked_of_in_both_languages(plain, encoder: OnnxEncoder) -> None:
    told = (
        ("ru", ISLE, "Where is it?", "Где он?", "на острове Кильдин"),
        ("en", LAMP, "When was it lit?", "Когда его зажгли?", "1874"),
    )
    lines = [
        {
            "language": language,
            "split": "taught",
            "text": text,
            "title": language,
            "questions": [{"en": en, "ru": ru, "answer": answer}],
            "misses": [{key: f"{text} {NOT_TOLD[key]}" for key, text in (("en", en), ("ru", ru))}],
        }
        for language, text, en, ru, answer in told
    ]
    lines.append({**lines[0], "split": "held"})
    folder = plain[1]
    file = folder / "invented.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    found = list(invented.invented(encoder, folder / "cache", file=file))
    assert [task.questions.texts[0] for task in found] == ["When was it lit?", "Когда его зажгли?"]
    for task in found:
        texts, asked = task.passages, task.asked
        answers = [texts.texts[one.passage][slice(*one.spans[0])] for one in asked]
        assert answers == ["1874", "на острове Кильдин"]
        assert [texts.language_of(one.passage) for one in asked] == ["en", "ru"]
        assert task.titles == ("en", "ru") and not any(one.spans for one in task.misses)
        own = [task.questions.texts[one.question] for one in task.misses]
        assert own == [
            f"{text} {NOT_TOLD[task.questions.language]}" for text in task.questions.texts[:2]
        ]
