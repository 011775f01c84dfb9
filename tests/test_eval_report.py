"""Reports: complete, in two languages, safe, and without the network."""

import json
import string
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

import pytest

from eval.compare import Difference, compare_runs
from eval.errors import RunError
from eval.folder import RunFolder
from eval.report.html import page
from eval.report.labels import load_labels
from eval.report.loaded import Loaded, load_run, same_data
from eval.report.markdown import KEPT, benchmarks, kept
from eval.report.svg import Bar, Line, bars, lines
from eval.runner import rescore
from eval.settings import RunSettings
from eval.types import Dataset, Found, Gold, Outcome, Question, Quote, Reply

HOSTILE = "<script>document.title='hit'</script><img src=http://example.org/x>"


def questions() -> tuple[Question, ...]:
    found = []
    for number in range(24):
        language = ("en", "ru")[number % 2]
        text = f"Кто руководил {number}?" if language == "ru" else f"Who led {number}? {HOSTILE}"
        answerable = number % 4 != 3
        found.append(
            Question(
                f"q{number}/{language}-en",
                text,
                language,
                "en",
                (("d1", 1),) if answerable else (),
                (Gold("d1", 0, 3, "Ann", "Ann"),) if answerable else (),
                answerable,
                group=f"g{number}",
            )
        )
    return tuple(found)


def outcome(question: Question, good: bool, number: int) -> Outcome:
    if number == 5:
        return Outcome(question.id, error=f"ValueError: {HOSTILE}")
    quote = Quote("d1", 0, 40, f"{'Ann' if good else 'Bob'} led it. {HOSTILE}", True)
    answered = question.answerable or not good
    reply = Reply(
        answered,
        0.9 - number / 50 if answered else 0.1,
        question.language,
        (quote,) if answered else (),
        ((0,),) if answered else (),
        ("",) if answered else (),
    )
    ranking = (("d1", 2.0), ("d2", 1.0)) if good else (("d2", 2.0), ("d1", 1.0))
    found = tuple(Found(name, 0, 40, score) for name, score in ranking)
    return Outcome(question.id, ranking, found, reply, "", {"search": 3.0, "total": 9.5})


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Loaded]:
    made = []
    for name in ("first", "second"):
        folder = RunFolder(tmp_path_factory.mktemp(name) / f"2026-01-01-{name}")
        asked = questions()
        folder.write_lines("questions.jsonl", [_plain(question) for question in asked])
        outcomes = {
            q.id: outcome(q, name == "second" or n % 3 == 0, n) for n, q in enumerate(asked)
        }
        folder.write_lines("results.jsonl", [_plain(own) for own in outcomes.values()])
        settings = RunSettings(answers=True, system=name)
        folder.write("run.json", _run(settings))
        rescore(asked, outcomes, settings, folder)
        made.append(load_run(folder))
    return made


def _plain(value: object) -> object:
    from dataclasses import asdict

    return asdict(value)  # type: ignore[call-overload]


def _run(settings: RunSettings) -> dict[str, object]:
    data = Dataset("tiny <b>", "x", "ours", questions())
    return {
        "dataset": {
            "name": data.name,
            "licence": data.licence,
            "digest": data.digest(),
            "passages": 0,
            "questions": len(data.questions),
            "caveats": [f"Caveat {HOSTILE}"],
        },
        "settings": settings.as_json(),
        "index": {"digest": "abc", "generation": 1, "encoder": "none", "chunks": "2"},
        "problems": [],
        "versions": {"kordon": "0.1.0"},
        "started": "2026-01-01T00:00:00+00:00",
    }


@cache
def _differences(first: Path, second: Path) -> tuple[Difference, ...]:
    return tuple(compare_runs(RunFolder(first), RunFolder(second)))


def html(runs: list[Loaded], language: str) -> str:
    differences = _differences(runs[0].folder.path, runs[1].folder.path)
    compared = [(runs[0].name, runs[1].name, differences)]
    return page(runs, compared, load_labels(language), 30)


def test_labels_have_equal_keys_and_placeholders() -> None:
    english, russian = (load_labels(language).strings for language in ("en", "ru"))
    assert english.keys() == russian.keys()
    for key in english:
        fields = [
            sorted(name for _, name, _, _ in string.Formatter().parse(own[key]) if name)
            for own in (english, russian)
        ]
        assert fields[0] == fields[1], key
        assert russian[key].strip() and english[key].strip()


def test_every_label_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in Path(str(files("eval.report"))).glob("*.py"))
    for key in load_labels("en").strings:
        if not key.startswith(("name.", "about.")):
            used = f'"{key}"' in code or f"say('{key}'" in code
            assert used, f"the label {key} is shown nowhere"


def test_numbers_are_written_as_readers_write_them() -> None:
    english, russian = load_labels("en"), load_labels("ru")
    assert (english.number(0.5), russian.number(0.5)) == ("0.500", "0,500")
    assert (english.signed(-0.25, 2), russian.signed(0.25, 2)) == ("\u22120.25", "+0,25")
    assert english.number(-0.0001) == "0.000"


def test_chance_is_never_nothing() -> None:
    english, russian = load_labels("en"), load_labels("ru")
    assert [english.chance(p) for p in (None, 0.0, 1 / 20_001, 0.0312)] == [
        "–",
        "<0.0001",
        "<0.0001",
        "0.0312",
    ]
    assert russian.chance(1 / 20_001) == "<0,0001"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_hostile_text_is_shown_as_text(runs: list[Loaded], language: str) -> None:
    text = html(runs, language)
    assert "<script" not in text and "<img" not in text and "tiny <b>" not in text
    assert "&lt;script&gt;document.title" in text
    assert f'<html lang="{language}">' in text
    assert "http://" not in text.replace("http://example.org/x", "") and "https://" not in text


def test_the_worst_come_first(runs: list[Loaded]) -> None:
    text = html(runs[::-1], "en")
    scores = [
        float(part.split("<")[0])
        for part in text.split('<span class="score">')[1:]
        if part[0] != "–"
    ]
    assert scores == sorted(scores) and scores[0] == 0.0 and scores[-1] == 1.0
    assert "ValueError" in text


def test_benchmarks_say_data_version_and_settings(runs: list[Loaded]) -> None:
    text = benchmarks(runs)
    digest = runs[0].run["dataset"]["digest"]
    assert f"state `{digest}`" in text and "0.1.0" in text and "24 questions" in text
    shown = runs[1].groups["all"]["measures"]["right"]["mean"]
    assert f"| all | second | {shown:.3f}" in text
    assert "refusal precision" in text
    tables = [part.splitlines() for part in text.split("\n\n") if part.lstrip().startswith("|")]
    assert len(tables) == 6, "overview, settings, retrieval, answers, refusal, times"
    for table in tables:
        assert len({line.count("|") for line in table if line}) == 1
    overview = [line for line in tables[0] if line]
    assert overview[2].startswith("| ") and f"{shown:.3f}" in overview[3]


def test_benchmarks_keep_other_questions_apart_and_call_a_sample_one(runs: list[Loaded]) -> None:
    settings = {**runs[1].run["settings"], "limit": 7}
    fewer = replace(
        runs[1], run={**runs[1].run, "settings": settings}, questions=runs[1].questions[:7]
    )
    text = benchmarks([runs[0], fewer])
    first, second = text.split("\n## ")[2:]
    assert "24 questions" in first and "A sample" not in first
    assert "7 questions" in second and "- A sample: at most 7 questions" in second


def test_what_is_written_by_hand_below_the_mark_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "benchmarks.md"
    assert kept(file) == ""
    file.write_text("# Benchmarks\n\ntables\n", "utf-8")
    assert kept(file) == ""
    file.write_text(f"# Benchmarks\n\ntables\n\n{KEPT}\n\n## By hand\n", "utf-8")
    file.write_text("new tables\n" + kept(file), "utf-8")
    assert file.read_text("utf-8") == f"new tables\n\n{KEPT}\n\n## By hand\n"


def test_reports_do_not_mix_data(runs: list[Loaded]) -> None:
    other = json.loads(json.dumps(runs[1].run))
    other["dataset"]["digest"] = "different"
    with pytest.raises(RunError, match="different data"):
        same_data([runs[0], replace(runs[1], run=other)])


def test_plots_stay_inside_their_frame() -> None:
    plot = bars("t", ["a"], [[Bar(1.4, 0.2, 2.0)], [None]], lambda value: f"{value:.1f}")
    assert plot.count("<rect") == 1 and 'height="200.0"' in plot
    empty = lines("t", [Line("x", [])], "x", "y", lambda value: f"{value:.1f}", diagonal=True)
    assert 'points=""' in empty


@pytest.fixture(scope="module")
def site(runs: list[Loaded], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    for language in ("en", "ru"):
        (folder / f"{language}.html").write_text(html(runs, language), "utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_opens_in_a_browser_without_another_request(
    browser, site: str, language: str
) -> None:
    asked: list[str] = []
    said: list[str] = []
    for width in (1366, 390):
        view = browser.new_page(viewport={"width": width, "height": 900})
        view.on("request", lambda request: asked.append(request.url))
        view.on("console", lambda message: said.append(message.text))
        view.on("pageerror", lambda error: said.append(str(error)))
        view.goto(f"{site}/{language}.html", wait_until="networkidle")
        assert view.title().startswith(load_labels(language)("title"))
        assert view.evaluate("document.documentElement.scrollWidth") <= width
        view.locator("summary").first.click()
        assert view.locator("details[open] dl").first.is_visible()
        assert view.locator("svg[role=img]").count() >= 7
        heights = view.locator("tbody tr").evaluate_all(
            "rows => Math.max(...rows.map(row => row.offsetHeight))"
        )
        assert heights < 200, "no column is squeezed to one letter"
        view.close()
    assert set(asked) == {f"{site}/{language}.html"}
    assert said == []
