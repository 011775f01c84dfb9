"""One self-contained page about runs on one data set: no script, no request, no font from outside.

Every text of a run goes through `escape`: questions and documents may hold markup.
"""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any

from eval.compare import Difference
from eval.report.cells import Cell, table
from eval.report.labels import Labels
from eval.report.loaded import Loaded, version_text
from eval.report.plots import refusal_plots, retrieval_plot
from eval.report.worst import worst_section
from eval.scoring import ANSWERS, CITATIONS

RETRIEVAL = ("nDCG@10", "AP", "RR", "R@1", "R@5", "R@10", "R@100")
ANSWER_COLUMNS = (*ANSWERS, *CITATIONS, "verbatim", "language", "decided")
Compared = tuple[str, str, Sequence[Difference]]


def page(runs: Sequence[Loaded], compared: Sequence[Compared], say: Labels, shown: int) -> str:
    """The page; `compared` are (A, B, differences), `shown` is how many questions are listed."""
    data = runs[0].run["dataset"]
    lead = say(
        "lead" if len(runs) > 1 else "lead_one",
        count=len(runs),
        dataset=data["name"],
        questions=len(runs[0].questions),
    )
    body = [
        f"<h1>{escape(say('title'))}</h1>",
        f'<p class="lead">{escape(lead)}</p>',
        _runs(runs, say),
        _retrieval(runs, say),
        _answers(runs, say),
        _refusal(runs, say),
        _times(runs, say),
        *(_comparison(a, b, rows, say) for a, b, rows in compared),
        worst_section(runs, say, shown),
        _caveats(runs, say),
    ]
    title = f"{say('title')}: {data['name']}"
    return document(title, say.language, "".join(part for part in body if part))


def document(title: str, language: str, body: str) -> str:
    """A whole HTML document with the style inside; `body` is HTML already."""
    style = (files("eval.report") / "page.css").read_text("utf-8")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _section(title: str, note: str, *parts: str) -> str:
    lead = f'<p class="note">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{lead}{''.join(parts)}</section>"


def _runs(runs: Sequence[Loaded], say: Labels) -> str:
    names = ("run", "system", "encoder", "chunks", "index", "started", "version", "failed")
    rows = []
    for run in runs:
        settings, index = run.run["settings"], run.run["index"]
        rows.append(
            [
                Cell(run.name, text=True),
                Cell(settings["system"], text=True),
                Cell(str(index.get("encoder", settings["encoder"])), text=True, long=True),
                Cell(str(index.get("chunks", "")), text=True, long=True),
                Cell(_index(index), text=True, long=True),
                Cell(str(run.run["started"])[:16].replace("T", " "), text=True),
                Cell(version_text(run.run["versions"]), text=True),
                Cell(str(run.groups["all"]["failed"])),
            ]
        )
    return _section(say("runs"), "", table([say(name) for name in names], rows))


def _index(index: dict[str, Any]) -> str:
    return f"{index.get('digest', '')} / {index.get('generation', '')}"


def _retrieval(runs: Sequence[Loaded], say: Labels) -> str:
    shown = [name for name in RETRIEVAL if name in runs[0].groups["all"]["measures"]]
    if not shown:
        return ""
    parts = [retrieval_plot(runs, "nDCG@10", say), _measures(runs, shown, say)]
    return _section(say("retrieval"), say("retrieval_note"), *parts)


def _answers(runs: Sequence[Loaded], say: Labels) -> str:
    measured = {name for run in runs for name in run.groups["all"]["measures"]}
    shown = [name for name in ANSWER_COLUMNS if name in measured]
    if not shown:
        return ""
    terms = "".join(
        f"<dt>{escape(say.measure(name))}</dt><dd>{escape(say(f'about.{name}'))}</dd>"
        for name in shown
    )
    explained = f'<dl class="terms">{terms}</dl>'
    return _section(say("answers"), say("answers_note"), _measures(runs, shown, say), explained)


def _measures(runs: Sequence[Loaded], shown: Sequence[str], say: Labels) -> str:
    rows = []
    for group in runs[0].groups:
        cells = [[_mean(run.groups.get(group, {}), name, say) for name in shown] for run in runs]
        for column in range(len(shown)):
            _mark_best([row[column] for row in cells])
        for run, own in zip(runs, cells, strict=True):
            lead = [Cell(group_name(group, say), text=True), Cell(run.name, text=True)]
            rows.append([*lead, *own])
    return table([say("group"), say("run"), *(say.measure(name) for name in shown)], rows)


def _mean(group: dict[str, Any], measure: str, say: Labels) -> Cell:
    found = group.get("measures", {}).get(measure)
    if found is None:
        return Cell("–")
    interval = f"{say.number(found['low'])} – {say.number(found['high'])}"
    return Cell(say.number(found["mean"]), small=interval, value=found["mean"])


def _mark_best(cells: Sequence[Cell]) -> None:
    values = [cell.value for cell in cells if cell.value is not None]
    for cell in cells if values and max(values) > min(values) else ():
        cell.best = cell.value is not None and cell.value == max(values)


def _refusal(runs: Sequence[Loaded], say: Labels) -> str:
    if not any("refusal" in group for run in runs for group in run.groups.values()):
        return ""
    names = ("precision", "recall", "f1", "refused", "unanswerable", "aurc", "ece")
    rows = []
    for group in runs[0].groups:
        for run in runs:
            found = run.groups.get(group, {}).get("refusal")
            if found is None:
                continue
            cells = [_refusal_cell(found, name, say) for name in names]
            lead = [Cell(group_name(group, say), text=True), Cell(run.name, text=True)]
            rows.append([*lead, *cells])
    heads = [say("group"), say("run"), *(say(name) for name in names)]
    return _section(
        say("refusal"), say("refusal_note"), table(heads, rows), refusal_plots(runs, say)
    )


def _refusal_cell(found: dict[str, Any], name: str, say: Labels) -> Cell:
    if isinstance(found[name], int):
        return Cell(str(found[name]))
    if name in ("precision", "recall", "f1") and not found["unanswerable"]:
        return Cell("–")  # without an unanswerable question there is nothing to refuse rightly
    return Cell(say.number(found[name]), small=_range(found, name, say))


def _range(found: dict[str, Any], name: str, say: Labels) -> str:
    interval = found.get(f"{name}_interval")
    return f"{say.number(interval[0])} – {say.number(interval[1])}" if interval else ""


def _times(runs: Sequence[Loaded], say: Labels) -> str:
    rows = []
    for run in runs:
        for stage in run.measures["times_ms"]:
            cells = [Cell(say.number(stage[name], 1)) for name in ("p50", "p95", "longest")]
            memory = say.number(run.measures["peak_memory_mib"], 0)
            last = Cell(memory if stage["name"] == "total" else "")
            lead = [Cell(run.name, text=True), Cell(stage["name"], text=True)]
            rows.append([*lead, Cell(str(stage["count"])), *cells, last])
    names = ("run", "stage", "count", "p50", "p95", "longest", "memory")
    return _section(say("times"), say("times_note"), table([say(name) for name in names], rows))


def _comparison(a: str, b: str, rows: Sequence[Difference], say: Labels) -> str:
    names = (
        "group",
        "measure",
        "difference",
        "interval",
        "p",
        "adjusted",
        "detectable",
        "questions",
    )
    heads = [*(say(name) for name in names[:2]), a, b, *(say(name) for name in names[2:])]
    return _section(
        say("comparison", a=a, b=b),
        say("comparison_note"),
        table(heads, [_difference(row, say) for row in rows]),
    )


def _difference(row: Difference, say: Labels) -> list[Cell]:
    mark = "" if not row.significant else "worse" if row.worse else "better"
    none = "–" if row.p is None else say("detectable_unknown")
    return [
        Cell(group_name(row.group, say), text=True),
        Cell(say.measure(row.measure), text=True),
        Cell(say.number(row.a)),
        Cell(say.number(row.b)),
        Cell(say.signed(row.difference), mark=mark),
        Cell(f"{say.signed(row.low)} … {say.signed(row.high)}"),
        Cell(say.chance(row.p)),
        Cell(say.chance(row.adjusted)),
        Cell(none if row.detectable is None else say.number(row.detectable)),
        Cell(str(row.questions)),
    ]


def _caveats(runs: Sequence[Loaded], say: Labels) -> str:
    data = runs[0].run["dataset"]
    sentences = [say("caveat_settings"), say("caveat_language"), *data["caveats"]]
    sentences += [problem for run in runs for problem in run.run["problems"][:20]]
    licence = say(
        "data_licence",
        source=data["name"],
        licence=data["licence"] or "–",
        digest=data["digest"],
    )
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in dict.fromkeys(sentences))
    return _section(say("caveats"), licence, f"<ul>{items}</ul>")


def group_name(group: str, say: Labels) -> str:
    """How a group is shown: "all" in the reader's language, codes as they are."""
    return say("all") if group == "all" else group
