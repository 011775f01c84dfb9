"""Runs from end to end over a small corpus: complete, resumable, comparable, gated."""

import json
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import KordonError, UsageError
from corpus.progress import Silent
from eval.calibrate import curve_csv, fit_thresholds
from eval.cli import run_command as command
from eval.cli_reports import _table
from eval.compare import Difference, compare_runs
from eval.errors import RunError
from eval.folder import RunFolder, open_run
from eval.gate import gate
from eval.indexing import describe, open_indexed
from eval.run_command import run_systems
from eval.runner import Plan, execute, find_folder
from eval.scoring import score_all
from eval.settings import RunSettings, over, read_settings, with_product
from eval.systems.base import SYSTEMS, Indexed, open_system
from eval.systems.product import search_settings
from eval.types import Dataset, Found, Gold, Outcome, Passage, Question, Quote, Reply
from index.encoders.base import EncoderCard
from index.encoders.hashing import HashingEncoder
from index.search.settings import SearchSettings
from index.store import IndexStore
from rag.settings import Settings

SUBJECTS = [
    "harbour",
    "customs",
    "border",
    "airport",
    "railway",
    "consulate",
    "laboratory",
    "academy",
    "bank",
    "ministry",
]
PLACES = [
    "Osh",
    "Almaty",
    "Dushanbe",
    "Tashkent",
    "Bishkek",
    "Astana",
    "Khujand",
    "Termez",
    "Aktau",
    "Naryn",
]


def small() -> Dataset:
    """Forty English passages, forty questions with answers, ten without."""
    passages, questions = [], []
    for number in range(40):
        subject, place = SUBJECTS[number % 10], PLACES[number // 4]
        head = f"In {1990 + number} the {subject} of {place} took on "
        other = SUBJECTS[(number + 3) % 10]
        text = f"{head}{100 + number} officers. The {other} had {other} rules then."
        passages.append(Passage(f"en:{number}", text, "en", "", f"g{number % 8}"))
        answer = str(100 + number)
        gold = Gold(f"en:{number}", len(head), len(head) + len(answer), answer, answer)
        questions.append(
            Question(
                f"q{number}/en-en",
                f"How many did the {subject} take on after {1989 + number} or in {1990 + number}?",
                "en",
                "en",
                ((f"en:{number}", 1),),
                (gold,),
                group=f"g{number % 8}",
            )
        )
    for number in range(10):
        text = f"What did the {SUBJECTS[number]} of Paris cost in 1871?"
        questions.append(
            Question(f"u{number}/en-en", text, "en", "en", answerable=False, group=f"g{number % 8}")
        )
    return Dataset("small", "made here", "ours", tuple(questions), tuple(passages))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("eval-home")


SETTINGS = RunSettings(encoder="hashing", depth=20, answers=True)


@pytest.fixture(scope="module")
def runs(home: Path) -> dict[str, RunFolder]:
    names = ["lexical", "dense", "rrf"]
    done = run_systems(small(), SETTINGS, names, "t", Settings(home), home / "runs", Silent())
    return dict(zip(names, done, strict=True))


@pytest.fixture(scope="module")
def indexed(home: Path, runs: dict[str, RunFolder]) -> Indexed:
    return open_indexed(small(), SETTINGS, Settings(home), HashingEncoder(), Silent())[0]


def plan(indexed: Indexed, count: int = 50, **changes: object) -> Plan:
    data = small()
    settings = replace(SETTINGS, **changes)  # type: ignore[arg-type]
    return Plan(data, data.questions[:count], settings, describe(indexed))


def test_a_run_folder_is_complete(runs: dict[str, RunFolder]) -> None:
    folder = runs["lexical"]
    run = folder.read("run.json")
    assert {"dataset", "settings", "index", "versions", "machine", "started", "finished"} <= set(
        run
    )
    assert len(run["versions"]["code"]) == 8 and run["versions"]["kordon"]
    assert run["settings"]["seed"] == 0 and run["index"]["generation"] == 1
    assert RunSettings.from_json(run["settings"]) == replace(SETTINGS, system="lexical")
    assert len(folder.questions()) == len(folder.outcomes()) == 50
    assert folder.questions() == small().questions
    measures = folder.read("measures.json")
    found = measures["groups"]["all"]["measures"]["nDCG@10"]
    assert found["n"] == 40 and found["mean"] > 0.9, "forty questions have a relevant passage"
    assert found["low"] <= found["mean"] <= found["high"]
    assert measures["groups"]["all"]["refusal"]["unanswerable"] == 10
    assert measures["peak_memory_mib"] > 10
    assert {"search", "ask", "total"} <= {stage["name"] for stage in measures["times_ms"]}


def test_the_trec_run_scores_as_the_run_does(
    runs: dict[str, RunFolder], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = runs["rrf"]
    qrels = tmp_path / "qrels"
    qrels.write_text(
        "".join(
            f"{q.id} 0 {unit} {grade}\n" for q in folder.questions() for unit, grade in q.relevant
        )
    )
    run = str(folder.path / "run.trec")
    assert command(["score", "--run", run, "--qrels", str(qrels), "--json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    own = folder.read("measures.json")["groups"]["all"]["measures"]
    for name, found in scored.items():
        assert found["mean"] == pytest.approx(own[name]["mean"], abs=1e-9)
    assert command(["score", "--run", run, "--qrels", str(qrels), "--measure", "nonsense"]) == 1


def test_an_interrupted_run_goes_on_where_it_stopped(indexed: Indexed, tmp_path: Path) -> None:
    asked: list[str] = []

    class Counting:
        def __init__(self, stop: int) -> None:
            self.inner = open_system(indexed, replace(SETTINGS, system="lexical"))
            self.left = stop

        def search(self, question: Question, k: int) -> list[Found]:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            asked.append(question.id)
            return self.inner.search(question, k)

        def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
            return self.inner.ask(question)

    own = plan(indexed, system="lexical")
    folder = find_folder(tmp_path, "stopped", own)
    with pytest.raises(KeyboardInterrupt):
        execute(own, Counting(20), folder, Silent())
    assert not folder.finished
    # The machine died in the middle of a line.
    with (folder.path / "results.jsonl").open("a") as file:
        file.write('{"id": "q20/en-en", "rank')
    with pytest.raises(RunError, match="no finished run"):
        open_run(folder.path)
    again = find_folder(tmp_path, "stopped", own)
    assert again.path == folder.path
    execute(own, Counting(100), again, Silent())
    assert len(asked) == len(set(asked)) == 50, "nothing is asked twice, nothing is left out"
    whole = find_folder(tmp_path, "whole", own)
    execute(own, Counting(100), whole, Silent())
    assert whole.scores() == again.scores()
    assert find_folder(tmp_path, "stopped", own).path.name.endswith("stopped-2")
    other = plan(indexed, system="lexical", depth=5)
    assert find_folder(tmp_path, "stopped", other).path.name.endswith("stopped-2")


class Broken:
    """Fails on some questions and hangs on another."""

    def __init__(self, indexed: Indexed, settings: RunSettings) -> None:
        self.inner = open_system(indexed, replace(settings, system="lexical"))

    def search(self, question: Question, k: int) -> list[Found]:
        number = question.id.split("/")[0]
        if number in ("q1", "u1"):
            raise ZeroDivisionError("by zero")
        if number == "q2":
            time.sleep(1.5)
        return self.inner.search(question, k)

    def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
        return self.inner.ask(question)


def test_failures_and_timeouts_score_zero(
    indexed: Indexed, runs: dict[str, RunFolder], tmp_path: Path
) -> None:
    own = plan(indexed, system=f"{__name__}:Broken", timeout_s=0.5)
    folder = find_folder(tmp_path, "broken", own)
    execute(own, Broken(indexed, own.settings), folder, Silent())
    outcomes, scores = folder.outcomes(), folder.scores()
    assert outcomes["q1/en-en"].error == "ZeroDivisionError: by zero"
    assert outcomes["q2/en-en"].error.startswith("TimeoutError")
    assert scores["nDCG@10"]["q1/en-en"] == scores["nDCG@10"]["q2/en-en"] == 0.0
    assert scores["right"]["u1/en-en"] == 0.0
    measures = folder.read("measures.json")
    assert measures["groups"]["all"]["failed"] == 3
    assert measures["groups"]["all"]["measures"]["nDCG@10"]["n"] == 40
    verdict = gate(folder, runs["lexical"])
    assert verdict.broken == ("3 questions failed, 0 in the baseline.",)
    assert not verdict.passed


def test_comparison_and_gate(
    runs: dict[str, RunFolder], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = compare_runs(runs["lexical"], runs["dense"], measures=["nDCG@10"], groups=["all"])
    assert len(rows) == 1 and rows[0].difference < 0
    assert rows[0].low <= rows[0].difference <= rows[0].high
    assert rows[0].worse == (rows[0].adjusted < 0.05)  # type: ignore[operator]
    backwards = compare_runs(runs["dense"], runs["lexical"], measures=["nDCG@10"], groups=["all"])
    assert backwards[0].difference == pytest.approx(-rows[0].difference)
    assert not backwards[0].worse
    assert gate(runs["lexical"], runs["lexical"]).passed
    paths = [str(runs[name].path) for name in ("lexical", "dense")]
    assert command(["gate", paths[0], "--baseline", paths[0]]) == 0
    assert command(["compare", *paths]) == 0
    assert "nDCG@10" in capsys.readouterr().out
    assert command(["compare", paths[0]]) == 2
    for option, name in (("--measure", "nonsense"), ("--group", "ru-en")):
        capsys.readouterr()
        assert command(["compare", *paths, option, name]) == 1
        assert f"has no {option[2:]} '{name}'; it has " in capsys.readouterr().err
    assert command(["compare", *paths, "--json", "--measure", "AP"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["differences"][0]["measure"] == "AP"


def test_what_is_not_known_is_not_shown_as_nothing() -> None:
    row = Difference("all", "AP", 0.5, 0.7, 0.2, 0.1, 0.3, 1 / 20_001, 0.00009, None, 2)
    area = replace(row, measure="AURC", p=None, adjusted=None)
    known = replace(row, p=0.04, adjusted=0.08, detectable=0.1234)
    shown = [line.split("]")[1].split() for line in _table([row, area, known]).splitlines()[1:]]
    assert shown == [
        ["<.0001", "<.0001", "not", "known", "2", "better"],
        ["-", "-", "-", "2", "worse"],
        ["0.0400", "0.0800", "0.123", "2"],
    ]


def test_the_gate_shuts_when_a_measure_falls(
    runs: dict[str, RunFolder], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = runs["lexical"]
    worse = RunFolder(tmp_path / "worse")
    worse.path.mkdir()
    for file in good.path.iterdir():
        (worse.path / file.name).write_bytes(file.read_bytes())
    # The first hit of every second question is lost, as a bad index would lose it.
    rows = [json.loads(line) for line in (worse.path / "results.jsonl").open()]
    for row in rows[::2]:
        row["ranking"] = row["ranking"][1:]
    worse.write_lines("results.jsonl", rows)
    scores = score_all(worse.questions(), worse.outcomes(), answers=True)
    worse.write_lines(
        "scores.jsonl",
        [
            {"id": q.id, "scores": {m: v[q.id] for m, v in scores.items() if q.id in v}}
            for q in worse.questions()
        ],
    )
    verdict = gate(worse, good)
    assert {"nDCG@10", "AP", "R@10"} == {row.measure for row in verdict.worse}
    assert command(["gate", str(worse.path), "--baseline", str(good.path)]) == 1
    assert "nDCG@10 of all went from" in capsys.readouterr().err


def test_without_answers_only_the_search_is_compared(
    runs: dict[str, RunFolder], home: Path
) -> None:
    silent = replace(SETTINGS, answers=False)
    (bare,) = run_systems(
        small(), silent, ["lexical"], "bare", Settings(home), home / "runs", Silent()
    )
    for one, other in ((bare, runs["lexical"]), (runs["lexical"], bare)):
        rows = compare_runs(one, other)
        assert rows and {"AURC", "ECE", "quoted@1"}.isdisjoint(row.measure for row in rows)
        assert gate(one, other).passed


@pytest.mark.parametrize("name", ["a/b", "../../evil", ".hidden", "a\\b"])
def test_a_run_stays_in_its_folder(name: str, home: Path) -> None:
    with pytest.raises(UsageError, match="is no name of a run"):
        run_systems(small(), SETTINGS, ["lexical"], name, Settings(home), home / "runs", Silent())


def test_an_index_of_another_encoder_is_refused_at_once(home: Path, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "a.txt").write_text("The office of Khujand took on forty officers.\n")
    with IndexStore(tmp_path).writer(HashingEncoder()) as writing:
        writing.add([documents])
    over_live = replace(small(), passages=(), folders=())
    with pytest.raises(KordonError, match="built with another embedding model"):
        open_indexed(over_live, SETTINGS, Settings(tmp_path), _Renamed(), Silent())


class _Renamed(HashingEncoder):
    """The same vectors under another name."""

    @property
    def card(self) -> EncoderCard:
        return replace(super().card, name="renamed")


def test_runs_on_different_questions_are_not_compared(
    indexed: Indexed, runs: dict[str, RunFolder], tmp_path: Path
) -> None:
    fewer = plan(indexed, 20, system="lexical")
    folder = find_folder(tmp_path, "fewer", fewer)
    execute(fewer, open_system(indexed, fewer.settings), folder, Silent())
    with pytest.raises(RunError, match="asked different questions"):
        compare_runs(runs["lexical"], folder)
    data = replace(small(), passages=small().passages[:-1])
    other = replace(plan(indexed, system="lexical"), dataset=data)
    folder = find_folder(tmp_path, "other", other)
    execute(other, open_system(indexed, other.settings), folder, Silent())
    with pytest.raises(RunError, match="cannot be compared: they asked the data set small"):
        compare_runs(runs["lexical"], folder)


def test_an_index_is_built_once_and_anew_when_the_texts_change(
    home: Path, runs: dict[str, RunFolder], indexed: Indexed
) -> None:
    product, encoder = Settings(home), HashingEncoder()
    again, _ = open_indexed(small(), SETTINGS, product, encoder, Silent())
    assert (again.digest, again.reader.generation) == (indexed.digest, 1)
    changed = replace(small(), passages=small().passages[1:])
    other, _ = open_indexed(changed, SETTINGS, product, encoder, Silent())
    assert other.digest != indexed.digest and len(other.reader.documents()) == 39
    cut, _ = open_indexed(small(), replace(SETTINGS, chunks="cut"), product, encoder, Silent())
    assert cut.digest != indexed.digest
    for passage in small().passages:
        number = next(own for own, name in indexed.names.items() if name == passage.id)
        assert indexed.reader.text(number) == passage.text, "gold offsets hold"
    for opened in (again, other, cut):
        opened.reader.close()


def test_folders_without_a_document_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path / "home"))
    row = {"id": "a", "question": "Who?", "language": "en", "answerable": False, "answers": []}
    (tmp_path / "some.jsonl").write_text(json.dumps(row))
    folder = tmp_path / "documents"
    folder.mkdir()
    asked = ["run", str(tmp_path / "some.jsonl"), "--encoder", "hashing", "--documents"]
    assert command([*asked, str(folder)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"There is no document to ask in {folder}; known are ")
    assert ".pdf" in told and told.count("\n") == 1
    (folder / "empty.txt").write_text("")
    assert command([*asked, str(folder)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"No file in {folder} could be read; the first is empty.txt: ")
    assert told.count("\n") == 1


def test_data_sets_over_the_same_folders_share_one_index(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "note.txt").write_text("The border post opened in May.", "utf-8")
    opened = []
    for name in ("one", "other"):
        data = replace(small(), name=name, passages=(), folders=(folder,))
        found, problems = open_indexed(
            data, SETTINGS, Settings(tmp_path), HashingEncoder(), Silent()
        )
        assert not problems
        opened.append(found)
    assert opened[0].digest == opened[1].digest and opened[1].reader.generation == 1
    for found in opened:
        found.reader.close()


@pytest.mark.parametrize("name", list(SYSTEMS))
def test_every_system_searches_and_quotes_verbatim(name: str, indexed: Indexed) -> None:
    if name == "langchain":
        pytest.importorskip("langchain_community", exc_type=ImportError)
    system = open_system(indexed, replace(SETTINGS, system=name))
    texts = {passage.id: passage.text for passage in small().passages}
    for question in small().questions[:5]:
        found = system.search(question, 5)
        assert len(found) == 5
        assert all(a.score >= b.score for a, b in zip(found, found[1:], strict=False))
        assert all(0 <= hit.start < hit.end <= len(texts[hit.document]) for hit in found)
        reply, _ = system.ask(question)
        assert 0 <= reply.confidence <= 1
        assert bool(reply.quotes) == reply.answered == bool(reply.sentences)
        assert reply.answered or name in ("kordon", "composed"), (
            "a baseline never refuses what it found"
        )
        assert all(q.text == texts[q.document][q.start : q.end] for q in reply.quotes)
    assert system.search(small().questions[0], 1) == system.search(small().questions[0], 5)[:1]


def test_a_system_that_is_not_there(indexed: Indexed) -> None:
    with pytest.raises(UsageError, match="known are kordon, lexical"):
        open_system(indexed, replace(SETTINGS, system="nothing"))
    with pytest.raises(UsageError, match="cannot be loaded"):
        open_system(indexed, replace(SETTINGS, system="nothing.there:Class"))
    with pytest.raises(UsageError, match="cannot be loaded"):
        open_system(indexed, replace(SETTINGS, system="a b:Class"))


def test_the_manual_lists_every_system() -> None:
    manual = Path(__file__).resolve().parents[1] / "docs" / "evaluation.md"
    text = manual.read_text("utf-8")
    (listed,) = [line for line in text.splitlines() if line.startswith("    system = ")]
    assert set(re.findall(r"[a-z0-9]+", listed)) >= SYSTEMS.keys()
    assert all(f"`{name}`" in text for name in SYSTEMS)


class Unlike:
    """Has the methods, but is not made from an index and settings."""

    def search(self) -> None: ...

    def ask(self) -> None: ...


@pytest.mark.parametrize("place", ["os:path", "os:sep", "json:JSONDecoder", "unlike:Unlike"])
def test_what_is_no_system_is_refused_before_an_index_is_built(
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "unlike", sys.modules[__name__])
    assert command(["run", "gold", "--system", place, "--encoder", "nothing"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{place} is no system: ") and told.count("\n") == 1


def test_settings_files(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text('system = "rrf"\ndepth = 50\npairs = ["en-en"]\n[search]\nlate = false\n')
    read = read_settings(file)
    assert (read.system, read.depth, read.pairs) == ("rrf", 50, ("en-en",))
    assert read.search == (("late", "false"),)
    assert RunSettings.from_json(read.as_json()) == read
    for text, reason in (
        ("deep = 3", "no run setting 'deep'"),
        ('depth = "3"', "must be a whole number"),
        ("depth = 0", "depth >= 1"),
        ('half = "c"', "half must be one of"),
        ("depth =", "not valid TOML"),
    ):
        file.write_text(text)
        with pytest.raises(UsageError, match=reason):
            read_settings(file)
    assert over(RunSettings(), {"timeout_s": 3}, "x").timeout_s == 3.0


def test_a_run_measures_the_product_as_it_is_configured(tmp_path: Path) -> None:
    search = SearchSettings(lexical_weight=3.5, glossary_file=tmp_path / "own.tsv")
    product = Settings(tmp_path, search=search)
    run = with_product(RunSettings(search=(("late", "false"),)), product)
    assert dict(run.search)["lexical_weight"] == "3.5"
    assert search_settings(run) == replace(search, late=False)
    assert with_product(RunSettings(), Settings(tmp_path)) == RunSettings()
    with pytest.raises(UsageError, match="no search setting 'wrong'"):
        search_settings(RunSettings(search=(("wrong", "1"),)))


def calibrated(sure: np.ndarray, right: np.ndarray) -> tuple[list[Question], dict[str, Outcome]]:
    """Outcomes with these confidences, right or wrong."""
    questions, outcomes = [], {}
    for number, (confidence, good) in enumerate(zip(sure, right, strict=True)):
        gold = (Gold("d", 0, 3, "Ann", "Ann"),)
        question = Question(f"q{number}", "?", "en", "en", (("d", 1),), gold, group=f"g{number}")
        quote = Quote("d", 0, 3, "Ann" if good else "Bob", True)
        reply = Reply(True, float(confidence), "en", (quote,), ((0,),), ("",))
        questions.append(question)
        outcomes[question.id] = Outcome(question.id, reply=reply)
    return questions, outcomes


def test_a_threshold_keeps_its_promise_on_the_other_half() -> None:
    generator = np.random.default_rng(1)
    truth = generator.uniform(0, 1, 4_000)
    right = generator.uniform(0, 1, 4_000) < truth
    questions, outcomes = calibrated(truth**3, right)  # confident too little, in order
    scores = score_all(questions, outcomes, answers=True)
    fit = fit_thresholds(questions, outcomes, scores, 0.8)[0]
    assert fit.reached and fit.shown.precision == pytest.approx(0.8, abs=0.05)
    # Precision above t is (1 + t) / 2: .8 needs t = .6, and .6**3 = .216.
    assert fit.threshold == pytest.approx(0.216, abs=0.1)
    assert fit.shown.coverage == pytest.approx(0.4, abs=0.08)
    assert fit.ece_after < 0.05 < fit.ece_before
    assert curve_csv([fit]).startswith("language,threshold,coverage,precision")
    with pytest.raises(RunError, match="too few questions"):
        fit_thresholds(questions[:30], outcomes, scores, 0.8)


def test_commands_say_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KORDON_DATA", str(tmp_path / "data"))
    assert command(["datasets"]) == 0
    shown = capsys.readouterr().out
    assert str(tmp_path / "data" / "xquad") in shown and "CC BY-SA 4.0" in shown
    assert command(["run", "xquad"]) == 1
    error = capsys.readouterr().err
    assert str(tmp_path / "data") in error and error.count("\n") == 1
    assert command(["report", "nothing"]) == 1
    assert "There is no run" in capsys.readouterr().err
    assert command(["run", "gold", "--system", "nothing", "--encoder", "nothing"]) == 1
    assert "no system 'nothing'" in capsys.readouterr().err, "told before the model is opened"
    waiting = tmp_path / "waiting.jsonl"
    row = {"id": "a", "question": "Who?", "language": "en", "answerable": False, "answers": []}
    waiting.write_text(json.dumps({**row, "split": "candidate"}))
    assert command(["run", str(waiting)]) == 1
    assert "no question to ask. 1 candidates wait for a person." in capsys.readouterr().err
    waiting.write_text(json.dumps(row))
    assert command(["calibrate", str(waiting), "--encoder", "nothing"]) == 1
    assert "too few questions in 'en'" in capsys.readouterr().err, "told before anything is asked"
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": 1}\n{"id": 2}\n')
    assert command(["run", str(bad)]) == 1
    assert "bad.jsonl, line 2" in capsys.readouterr().err
    assert command(["nonsense"]) == 2
