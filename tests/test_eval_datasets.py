"""Loaders: what they read, what they refuse, and what the shared data hold."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from eval.datasets.beir import load_beir
from eval.datasets.catalogue import data_folders, load_dataset
from eval.datasets.muserc import without_numbers
from eval.datasets.obliqa import load_obliqa
from eval.datasets.own import load_own
from eval.datasets.squad import load_squad
from eval.datasets.trec import load_trec, read_qrels, read_run, read_topics
from eval.errors import DatasetError
from eval.feedback import candidates
from eval.locate import Text, find_quote, located
from eval.score_file import score_file
from eval.select import half_of, selected
from eval.settings import RunSettings
from eval.types import Dataset, Passage, Question

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")


def write(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def refused(run: object, *arguments: object) -> list[str]:
    """The bad rows as "file:line reason"."""
    with pytest.raises(DatasetError) as caught:
        run(*arguments)  # type: ignore[operator]
    assert "\n" not in str(caught.value)
    return [f"{row.file.name}:{row.line} {row.reason}" for row in caught.value.rows]


def squad(context: str, *asked: tuple[str, str, int, str]) -> dict[str, object]:
    questions = [
        {"id": id_, "question": text, "answers": [{"answer_start": at, "text": answer}]}
        for id_, text, at, answer in asked
    ]
    return {"data": [{"title": "T", "paragraphs": [{"context": context, "qas": questions}]}]}


def test_squad(tmp_path: Path) -> None:
    path = tmp_path / "set.en.json"
    path.write_text(json.dumps(squad("Ann led it.", ("q1", "Who led?", 0, "Ann"))))
    loaded = load_squad(path, "set", "en")
    assert loaded.passages == (Passage("en:0", "Ann led it.", "en", "", "T"),)
    assert loaded.questions[0].relevant == (("en:0", 1),)
    assert (loaded.questions[0].gold[0].start, loaded.questions[0].gold[0].end) == (0, 3)
    assert loaded.questions[0].pair == "en-en"


def test_squad_tells_every_bad_answer_with_its_line(tmp_path: Path) -> None:
    bad = squad(
        "Ann led it.", ("q1", "Who?", 1, "Ann"), ("q2", "Who?", 0, "Ann"), ("q3", " ", 0, "A")
    )
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(bad, indent=1))
    lines = path.read_text().split("\n")
    found = refused(load_squad, path, "bad", "en")
    first = next(n for n, line in enumerate(lines, 1) if '"q1"' in line)
    third = next(n for n, line in enumerate(lines, 1) if '"q3"' in line)
    assert found == [
        f"bad.json:{first} the answer 'Ann' does not stand at character 1 of its context",
        f"bad.json:{third} the field 'question' is empty",
    ]
    path.write_text("{")
    assert refused(load_squad, path, "bad", "en")[0].startswith("bad.json:1 not JSON")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DatasetError, match="not UTF-8"):
        load_squad(path, "bad", "en")


def beir(folder: Path) -> Path:
    write(
        folder / "corpus.jsonl",
        {"_id": "d1", "title": "Ports", "text": "Containers are scanned."},
        {"_id": "d2", "title": "", "text": "Контейнеры проверяют."},
    )
    write(folder / "queries.jsonl", {"_id": "q1", "text": "scanning"}, {"_id": "q2", "text": "no"})
    write(folder / "qrels" / "test.tsv", "query-id\tcorpus-id\tscore", "q1\td1\t2", "q1\td2\t0")
    return folder


def test_beir(tmp_path: Path) -> None:
    loaded = load_beir(beir(tmp_path / "ports"))
    assert [(p.id, p.language) for p in loaded.passages] == [("d1", "en"), ("d2", "ru")]
    assert loaded.passages[0].text == "Ports\nContainers are scanned."
    # q2 has no judgement and is left out, as BEIR does; grade 0 is not relevant.
    assert [(q.id, q.relevant, q.pair) for q in loaded.questions] == [
        ("q1", (("d1", 2),), "en-mixed")
    ]


def test_beir_refuses_what_does_not_fit(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    write(folder / "qrels" / "test.tsv", "h", "q1\td1", "q1\td1\tx")
    assert refused(load_beir, folder) == [
        "test.tsv:2 three columns are expected, 2 found",
        "test.tsv:3 the grade 'x' is not a whole number",
    ]
    write(folder / "qrels" / "test.tsv", "h", "q1\td9\t1")
    with pytest.raises(DatasetError, match="'d9', not in the corpus"):
        load_beir(folder)
    write(folder / "corpus.jsonl", "{", {"_id": "d1"}, [1])
    found = refused(load_beir, folder)
    assert [line.split(" ")[0] for line in found] == [
        "corpus.jsonl:1",
        "corpus.jsonl:2",
        "corpus.jsonl:3",
    ]


def test_trec(tmp_path: Path) -> None:
    write(
        tmp_path / "topics.txt",
        "<top>\n<num> Number: 301\n<title> Port\n scanning\n<desc> more </top>",
    )
    write(tmp_path / "qrels.txt", "301 0 D-1 1", "301 0 D-9 2", "302 0 D-1 0")
    write(tmp_path / "docs.trec", "<DOC><DOCNO> D-1 </DOCNO><TEXT>Scanned <b>here</b></TEXT></DOC>")
    loaded = load_trec(tmp_path)
    assert [p.id for p in loaded.passages] == ["D-1"]
    assert "Scanned" in loaded.passages[0].text and "<" not in loaded.passages[0].text
    assert [(q.id, q.text, q.relevant) for q in loaded.questions] == [
        ("301", "Port scanning", (("D-1", 1),))
    ]


def test_trec_files_are_checked_row_by_row(tmp_path: Path) -> None:
    run = write(tmp_path / "a.trec", "q1 Q0 d1 1 9.5 us", "q1 Q0 d2 2 high us", "q1 Q0 d3")
    assert refused(read_run, run) == [
        "a.trec:2 the score 'high' is not a number",
        "a.trec:3 six columns are expected, 3 found",
    ]
    twice = write(tmp_path / "b.trec", "q1 Q0 d1 1 9 us", "q1 Q0 d1 2 8 us")
    assert refused(read_run, twice) == ["b.trec:0 'd1' stands twice for query 'q1'"]
    assert refused(read_qrels, write(tmp_path / "q", "q1 0 d1")) == [
        "q:1 four columns are expected, 3 found"
    ]
    assert refused(read_topics, write(tmp_path / "t", "1\tgood", "2 bad")) == [
        "t:2 an id, a tab and a text are expected"
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [("q", ()), ("q", ("q1 0 d1 0", "q2 0 d1 -1")), ("q.tsv", ("query-id\tcorpus-id\tscore",))],
)
def test_judgements_without_a_relevant_document_are_refused(
    tmp_path: Path, name: str, rows: tuple[str, ...]
) -> None:
    run = write(tmp_path / "a.trec", "q1 Q0 d1 1 9.5 us")
    with pytest.raises(DatasetError, match="judges no document to be relevant"):
        score_file(run, write(tmp_path / name, *rows))


def own(**changes: object) -> dict[str, object]:
    row = {
        "id": "a",
        "question": "Who led it?",
        "language": "en",
        "answerable": True,
        "kind": "who",
        "answers": [{"document": "x.txt", "quote": "Ann led it", "answer": "Ann"}],
        "split": "test",
        "note": "",
    }
    return {**row, **changes}


def test_own_form(tmp_path: Path) -> None:
    both = [
        {"document": "x.txt", "quote": "Ann led it", "answer": "Ann"},
        {"document": "y.txt", "quote": "вела Анна", "answer": "Анна"},
        {"document": "z.txt", "quote": "by  ANN!", "answer": "the Ann!"},
    ]
    path = write(
        tmp_path / "set.jsonl",
        own(answers=both),
        own(id="b", answerable=False, answers=[]),
        own(id="c", split="candidate"),
    )
    loaded = load_own(path)
    assert [q.id for q in loaded.questions] == ["a", "b"], "candidates wait for a person"
    assert loaded.caveats == ("1 candidates wait for a person.",)
    assert [gold.fact for gold in loaded.questions[0].gold] == [0, 1, 0]
    assert loaded.questions[0].relevant == (("fact 0", 1), ("fact 1", 1))
    texts = {
        "x.txt": Text("So: Ann\n led it.", "en", {}),
        "y.txt": Text("Её вела Анна.", "ru", {}),
        "w.txt": Text("by ANN! 5 %", "en", {}),
    }
    questions, problems = located(loaded, texts, {"z.txt": "w.txt"})
    assert problems == ()
    assert [(g.document, g.start, g.end) for g in questions[0].gold] == [
        ("x.txt", 4, 15),
        ("y.txt", 3, 12),
        ("w.txt", 0, 7),
    ]
    assert questions[0].pair == "en-mixed"
    _, problems = located(loaded, {"x.txt": Text("Ann will lead it", "en", {})}, {})
    assert problems[0] == "a: its quote does not stand in x.txt."
    assert problems[1] == "a: the document y.txt is not in the index."


def test_own_form_refuses_bad_rows(tmp_path: Path) -> None:
    path = write(
        tmp_path / "set.jsonl",
        own(language="fr"),
        own(answerable=False),
        own(answers=[]),
        own(answerable="yes"),
        own(answers=[{"document": "x", "quote": "y"}]),
        own(id="f", answers=[{"document": "x", "quote": "EUR 5 million", "answer": "EUR 6"}]),
    )
    assert refused(load_own, path) == [
        "set.jsonl:1 the language 'fr' is not one of en, ru",
        "set.jsonl:2 an answerable question needs answers, an unanswerable one has none",
        "set.jsonl:3 an answerable question needs answers, an unanswerable one has none",
        "set.jsonl:4 the field 'answerable' must be true or false",
        "set.jsonl:5 the field 'answer' must be a string",
        "set.jsonl:6 question f: the answer 'EUR 6' does not stand in its quote",
    ]
    assert refused(load_own, write(tmp_path / "two.jsonl", own(), own())) == [
        "two.jsonl:0 the id 'a' stands twice"
    ]


def test_a_changed_digit_is_no_quote() -> None:
    assert find_quote("It was 6 % then", "was 5 %") is None
    assert find_quote("It was\n5 % then", "was 5 %") == (3, 10)
    assert find_quote("anything", "   ") is None


def test_a_quote_is_taken_from_its_page(tmp_path: Path) -> None:
    answer = {"document": "x.txt", "quote": "12 men", "answer": "12", "page": 2}
    loaded = load_own(write(tmp_path / "set.jsonl", own(answers=[answer])))
    text = Text("12 men\n\nnow 12 men", "en", {1: (0, 6), 2: (8, 18)})
    assert located(loaded, {"x.txt": text}, {})[0][0].gold[0].start == 12
    elsewhere = Text("12 men\n\nnobody", "en", {1: (0, 6), 2: (8, 14)})
    assert located(loaded, {"x.txt": elsewhere}, {})[0][0].gold[0].start == 0


def test_obliqa_refuses_a_passage_that_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "StructuredRegulatoryDocuments").mkdir()
    record = {"ID": "u1", "DocumentID": 1, "PassageID": "1.", "Passage": "Text"}
    write(
        tmp_path / "StructuredRegulatoryDocuments" / "1.json",
        [record, {**record, "ID": "u2", "Passage": ""}],
    )
    good = {"DocumentID": 1, "PassageID": "1.", "Passage": "Text"}
    asked = {"QuestionID": "q", "Question": "What?", "Passages": [good], "Group": 1}
    write(tmp_path / "ObliQA_dev.json", [asked])
    assert load_obliqa(tmp_path).questions[0].relevant == (("u1", 1),), "the one with equal text"
    wrong = {**asked, "QuestionID": "w", "Passages": [{**good, "PassageID": "2."}]}
    write(tmp_path / "ObliQA_dev.json", [asked, wrong])
    assert refused(load_obliqa, tmp_path) == [
        "ObliQA_dev.json:1 passage '2.' of document 1 does not exist"
    ]


def test_sentence_numbers_of_muserc_go_and_other_brackets_stay() -> None:
    text = "(1) В (1962) году. (2) Пункт (7) есть. (4) Конец."
    assert without_numbers(text) == "В (1962) году. Пункт (7) есть. Конец."


def test_where_data_are_looked_for(tmp_path: Path) -> None:
    assert data_folders(tmp_path, {"KORDON_DATA": "/elsewhere"}) == [tmp_path]
    assert data_folders(None, {"KORDON_DATA": "/elsewhere"}) == [Path("/elsewhere")]
    assert data_folders(None, {})[0].parts[-2:] == ("shared", "data")
    with pytest.raises(DatasetError, match=f"looked for in {tmp_path} .* --data or KORDON_DATA"):
        load_dataset("xquad", [tmp_path])
    with pytest.raises(DatasetError, match="neither a data set of the table"):
        load_dataset("nonsense", [tmp_path])
    assert len(load_dataset(str(beir(tmp_path / "b")), []).questions) == 1


def test_the_gold_set_loads() -> None:
    gold = load_dataset("gold", [])
    assert gold.folders and all(folder.is_dir() for folder in gold.folders)
    assert {"en", "ru"} == {question.language for question in gold.questions}


def test_selection_draws_the_same_questions_in_every_direction() -> None:
    questions = tuple(
        Question(f"{number}/{pair}", "?", pair[:2], pair[3:], group=f"g{number}")
        for pair in ("en-en", "ru-en")
        for number in range(40)
    )
    chosen = selected(questions, RunSettings(limit=5, seed=3))
    names = [q.id.split("/")[0] for q in chosen]
    assert names[:5] == names[5:]
    assert names[:5] != [q.id.split("/")[0] for q in selected(questions, RunSettings(limit=5))][:5]
    halves = [selected(questions, RunSettings(half=half)) for half in "ab"]
    assert sum(map(len, halves)) == 80
    assert {q.group for q in halves[0]}.isdisjoint(q.group for q in halves[1])
    assert half_of("Warsaw") == half_of("Warsaw")


def verdict(question: str, verdict: str = "up", **changes: object) -> dict[str, object]:
    cited = [{"document": "x.txt", "page": 2, "start": 0, "end": 11, "quote": "Ann led it."}]
    row = {
        "time": "2026-11-22T07:12:45Z",
        "question": question,
        "language": "en",
        "sentences": [{"text": "Ann led it.", "citations": cited}],
        "verdict": verdict,
        "reason": "",
    }
    return {**row, **changes}


def test_feedback_becomes_candidates(tmp_path: Path) -> None:
    path = write(
        tmp_path / "feedback.jsonl",
        verdict("Who led it?", time="2026-11-22T09:00:00+02:00"),
        verdict("Кто  вёл?", "down", language="ru", reason="не\nо том", sentences=[]),
        verdict("who led it?", "down", time="2026-11-22T06:59:59Z"),
        verdict("When?", "down", reason="wrong year", id="more"),
    )
    first, second, third = candidates(path)
    answer = {"document": "x.txt", "quote": "Ann led it.", "answer": "Ann led it.", "fact": 0}
    assert first["answers"] == [{**answer, "page": 2}], "the later verdict, though it stands first"
    assert (first["answerable"], first["split"]) == (True, "candidate")
    assert (second["question"], second["language"]) == ("Кто вёл?", "ru")
    assert second["note"] == "refusal disliked: не о том"
    assert (third["answerable"], third["answers"]) == (False, [])
    assert third["note"] == "answer disliked: wrong year"
    out = write(tmp_path / "candidates.jsonl", first, second, third)
    assert load_own(out).questions == (), "nobody confirmed them"
    confirmed = load_own(write(tmp_path / "confirmed.jsonl", {**first, "split": "test"}))
    assert confirmed.questions[0].gold[0].page == 2


def test_feedback_that_does_not_fit_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "feedback.jsonl",
        {"question": "x"},
        verdict("x", "perhaps"),
        verdict("x", time="yesterday"),
        verdict("x", sentences=[{"text": "y"}]),
        verdict("x", sentences=[{"text": "y", "citations": [{"document": "z"}]}]),
    )
    assert refused(candidates, path) == [
        "feedback.jsonl:1 the field 'language' must be a string",
        "feedback.jsonl:2 the verdict 'perhaps' is not one of up, down",
        "feedback.jsonl:3 the time 'yesterday' is not ISO 8601",
        "feedback.jsonl:4 the field 'citations' must be a list",
        "feedback.jsonl:5 the field 'quote' must be a string",
    ]


def _mark(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:10]


def passage_mark(passage: Passage) -> str:
    return f"{passage.id} {_mark(passage.text, passage.language)}"


def question_mark(question: Question) -> str:
    places = [(gold.document, gold.start, gold.end, gold.answer) for gold in question.gold]
    return f"{question.id} {_mark(question.text, list(question.relevant), places)}"


def own_mark(question: Question) -> str:
    return (
        f"{question.id} {_mark(question.text, [list(asdict(g).values()) for g in question.gold])}"
    )


PINS = json.loads((Path(__file__).parent / "data" / "eval_pins.json").read_text("utf-8"))
OWN = ("gold", "ctaml", "real", "fresh")


@pytest.mark.parametrize("name", OWN)
def test_own_sets_are_read_as_pinned(name: str, tmp_path: Path) -> None:
    (tmp_path / "ctaml").mkdir()
    loaded = load_dataset(name, [tmp_path])
    found = {
        "questions": len(loaded.questions),
        "answerable": sum(question.answerable for question in loaded.questions),
        "russian": sum(question.language == "ru" for question in loaded.questions),
        "first, tenth and last question": [own_mark(loaded.questions[n]) for n in (0, 9, -1)],
    }
    assert found == PINS[name], "if the questions were meant to change, write their new pins"


@pytest.mark.shared
@shared
@pytest.mark.parametrize("name", [name for name in PINS if name not in OWN])
def test_shared_data_are_read_as_pinned(name: str) -> None:
    loaded: Dataset = load_dataset(name, [SHARED])
    assert pins_of(loaded) == PINS[name]


def pins_of(loaded: Dataset) -> dict[str, object]:
    """Counts, and the first, tenth and last record by id and hash."""
    return {
        "passages": len(loaded.passages),
        "questions": len(loaded.questions),
        "answerable": sum(question.answerable for question in loaded.questions),
        "first, tenth and last passage": [passage_mark(loaded.passages[n]) for n in (0, 9, -1)],
        "first, tenth and last question": [question_mark(loaded.questions[n]) for n in (0, 9, -1)],
    }
