"""Quality: runs read, compared, their failures side by side, a benchmark started and watched."""

import json
import re
import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from corpus.errors import UsageError
from rag.ui import quality_markup
from rag.ui.benchmarks import BENCH, Bench, arguments
from rag.ui.evaluation import PARTS, part
from rag.ui.i18n import LANGUAGES, Translator
from rag.ui.quality_logic import (
    all_runs,
    cases,
    curves,
    differences,
    figures,
    groups,
    loaded,
    main_measure,
)

ENTRY = Path(__file__).resolve().parents[1] / "rag" / "ui" / "entry.py"
QUESTIONS = [
    ("q1", "How many border officers were trained?", "en", "trained 148 border officers", "148"),
    ("q2", "What did the document readers cost?", "en", "cost USD 96,400", "USD 96,400"),
    ("q3", "Сколько сообщений получило подразделение?", "ru", "получило 3 412 сообщений", "3 412"),
    ("q4", "Who is the mayor of Atlantis <b>now</b>?", "en", "", ""),
]
FILES = {"en": "newsletter.md", "ru": "вложения/отчёт.txt"}


def questions_file(folder: Path) -> Path:
    rows = [
        {
            "id": name,
            "question": text,
            "language": language,
            "answerable": bool(quote),
            "answers": [{"document": FILES[language], "quote": quote, "answer": answer}]
            if quote
            else [],
        }
        for name, text, language, quote, answer in QUESTIONS
    ]
    file = folder / "questions.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


@pytest.fixture(scope="module")
def measured(shell, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two finished runs of the real command over the live index."""
    home = tmp_path_factory.mktemp("quality") / "home"
    shutil.copytree(shell.home, home)
    file = questions_file(home)
    bench = Bench()
    patch = pytest.MonkeyPatch()
    patch.setenv("KORDON_HOME", str(home))
    patch.setenv("KORDON_EMBEDDER", "hashing")
    words = arguments(str(file), ["kordon", "lexical"], answers=True, limit=0, calibrate=False)
    benchmark = bench.start(home, words)
    with pytest.raises(UsageError, match="running"):
        bench.start(home, words)
    benchmark.process.wait(120)
    patch.undo()
    assert not benchmark.failed, benchmark.log.read_text("utf-8")
    assert benchmark.run() is not None
    return home


def test_every_named_part_of_the_evaluation_is_there() -> None:
    assert all(part(name) is not None for name in PARTS)


def test_runs_are_read_with_their_figures(measured: Path) -> None:
    runs = all_runs(measured)
    assert {run.system for run in runs} == {"kordon", "lexical"}
    assert all(run.finished and run.done == run.total == len(QUESTIONS) for run in runs)
    full = [loaded(run) for run in runs]
    assert "all" in groups(full)
    for run in full:
        for mean, low, high in figures(run, "all").values():
            assert 0 <= low <= mean <= high <= 1
        assert set(curves(run)) >= {"all"}


def test_an_unfinished_run_and_a_strange_folder_do_no_harm(measured: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(measured / "runs", home / "runs")
    first, second = sorted((home / "runs").iterdir())
    (first / "measures.json").unlink()
    (second / "run.json").write_text("{", "utf-8")
    (home / "runs" / "notes.txt").write_text("x")
    assert [run.finished for run in all_runs(home)] == [False]
    assert all_runs(tmp_path / "nothing") == []


def test_failures_of_two_runs_stand_side_by_side(measured: Path) -> None:
    runs = sorted(all_runs(measured), key=lambda run: run.system)
    full = [loaded(run) for run in runs]
    everything = cases(full, "all")
    assert {case.id for case in everything} == {name for name, *_ in QUESTIONS}
    scores = [case.sides[-1].score for case in everything]
    assert scores == sorted(scores)
    assert all(len(case.sides) == 2 for case in everything)
    wrong = cases(full, "wrong")
    assert all(case.sides[-1].score < 0.5 for case in wrong)
    better, worse = cases(full, "better"), cases(full, "worse")
    assert {case.id for case in better}.isdisjoint(case.id for case in worse)
    atlantis = next(case for case in everything if case.id == "q4")
    assert atlantis.expected == () and not atlantis.answerable
    assert main_measure(full[0]) == "right"


def test_differences_come_with_intervals(measured: Path) -> None:
    first, second = all_runs(measured)
    for row in differences(first.path, second.path, "all"):
        assert row.low <= row.difference <= row.high


def test_the_command_of_a_benchmark() -> None:
    words = arguments("gold", ["kordon", "rrf"], answers=False, limit=25, calibrate=False)
    assert words == [
        *("run", "gold", "--quiet", "--limit", "25", "--no-answers"),
        *("--system", "kordon", "--system", "rrf"),
    ]
    assert arguments("gold", ["kordon"], answers=True, limit=0, calibrate=True) == [
        "calibrate", "gold", "--quiet",
    ]  # fmt: skip


def test_a_benchmark_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path))
    benchmark = Bench().start(tmp_path, ["run", "no-such-data"])
    benchmark.process.wait(60)
    assert benchmark.failed
    assert "no-such-data" in benchmark.last_words()
    assert "Traceback" not in benchmark.log.read_text("utf-8")


def test_a_benchmark_can_be_stopped(shell, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path))
    monkeypatch.setenv("KORDON_EMBEDDER", "hashing")
    benchmark = Bench().start(tmp_path, ["run", "gold", "--quiet"])
    time.sleep(1.5)
    benchmark.stop()
    benchmark.process.wait(60)
    assert not benchmark.running
    assert benchmark.stopped or not benchmark.failed
    assert "Traceback" not in benchmark.log.read_text("utf-8").replace("Stopped", "")


def test_plots_are_pictures_that_hold_no_markup_of_documents() -> None:
    bars, bar = part("bars"), part("Bar")
    labels = part("labels")("en")
    figure = bars("<b>nDCG</b>", ["<i>all</i>"], [[bar(0.5, 0.4, 0.6)]], labels.number)
    shown = quality_markup.plots(figure)
    assert "<svg" not in shown and "<b>" not in shown and "<i>" not in shown
    assert len(re.findall(r'<img src="data:image/svg\+xml;base64,', shown)) == 1


def opened(language: str, tab: str = "") -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.query_params["lang"] = language
    app._page_hash = calc_hash("quality")
    if tab:
        app.session_state["quality-tab"] = Translator(language).t(tab)
    return app.run()


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.fixture
def home(measured: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KORDON_HOME", str(measured))
    monkeypatch.setenv("KORDON_EMBEDDER", "hashing")
    return measured


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("tab", "seen"),
    [("quality.tab_runs", "k-figures"), ("quality.tab_cases", "k-case"),
     ("quality.tab_calibration", "data:image/svg"), ("quality.tab_start", "k-text")],
)  # fmt: skip
def test_every_tab_opens(home: Path, language: str, tab: str, seen: str) -> None:
    app = opened(language, tab)
    assert not app.exception
    assert 'role="alert"' not in html(app)
    assert seen in html(app)
    assert "<b>now</b>" not in html(app)


def test_runs_are_tested_against_each_other_on_request(home: Path) -> None:
    app = opened("ru", "quality.tab_runs")
    app.toggle(key="quality-compute").set_value(True).run()
    assert not app.exception
    assert html(app).count("k-figures") >= 2


def test_without_runs_the_page_says_what_to_do(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("KORDON_HOME", str(tmp_path))
    monkeypatch.setenv("KORDON_EMBEDDER", "hashing")
    app = opened("en", "quality.tab_runs")
    assert not app.exception
    assert Translator("en").t("quality.empty") in html(app)
    assert BENCH.current is None or not BENCH.current.running
