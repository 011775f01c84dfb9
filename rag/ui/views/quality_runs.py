"""Runs side by side: their figures, a chart of one measure, and whether differences are real."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from rag.ui import markup, quality_markup
from rag.ui.evaluation import part
from rag.ui.i18n import Translator
from rag.ui.quality_logic import SHOWN, Run, differences, figures, groups, loaded

MOST = 5  # runs in one table


def show_runs(say: Translator, found: Sequence[Run]) -> None:
    """The whole tab."""
    chosen = choose(say, found, "quality-runs", say.t("quality.runs"), MOST)
    if not chosen:
        return
    runs = [loaded(run) for run in chosen]
    labels = part("labels")(say.language)
    group = st.segmented_control(
        say.t("quality.group"),
        groups(runs),
        format_func=lambda name: say.t("quality.group_all") if name == "all" else name,
        default="all",
        key="quality-group",
        required=True,
    )
    shown = str(group or "all")
    _figures(say, chosen, runs, shown, labels)
    _chart(say, runs, labels)
    if len(chosen) > 1:
        _differences(say, chosen, shown, labels)


def choose(say: Translator, found: Sequence[Run], key: str, label: str, most: int) -> list[Run]:
    """Runs on one data set, at first the newest two; others are named and left out."""
    by_name = {run.name: run for run in found}
    same = [run for run in found if run.digest == found[0].digest]
    # A calibration answers every question, whatever it thinks; it is compared only on request.
    same = [run for run in same if not run.calibrated] or same
    names = st.multiselect(
        label,
        list(by_name),
        default=[run.name for run in same[:2]][::-1],
        key=key,
        placeholder=say.t("quality.choose"),
        select_all=False,
        max_selections=most,
        persist_state="session",
    )
    runs = [by_name[name] for name in names if name in by_name]
    others = [run.name for run in runs if run.digest != runs[0].digest]
    if others:
        words = say.t("quality.other_data", names=", ".join(others))
        st.html(markup.block(words, "k-caveat"))
    return [run for run in runs if run.name not in others]


def _figures(
    say: Translator, chosen: Sequence[Run], runs: Sequence[Any], group: str, labels: Any
) -> None:
    found = [figures(run, group) for run in runs]
    measures = [name for name in SHOWN if any(name in own for own in found)]
    heads = [
        markup.text(say.t("quality.column_run")),
        markup.text(say.t("quality.column_questions")),
        *(markup.text(labels.measure(name)) for name in measures),
    ]
    rows = []
    for run, full, own in zip(chosen, runs, found, strict=True):
        row = [
            quality_markup.cell(run.name, f"{run.system} · {run.dataset}"),
            quality_markup.cell(say.number(full.groups[group]["questions"])),
        ]
        for name in measures:
            row.append(_figure(say, own[name]) if name in own else "–")
        rows.append(row)
    st.html(quality_markup.table(heads, rows))
    st.html(markup.block(say.t("quality.figures_note"), "k-place"))


def _figure(say: Translator, figure: tuple[float, float, float]) -> str:
    mean, low, high = (say.number(value, 3) for value in figure)
    return quality_markup.cell(mean, say.t("quality.interval", low=low, high=high))


def _chart(say: Translator, runs: Sequence[Any], labels: Any) -> None:
    shared = [name for name in SHOWN if all(name in run.groups["all"]["measures"] for run in runs)]
    if not shared:
        return
    measure = st.selectbox(
        say.t("quality.measure"),
        shared,
        format_func=labels.measure,
        key="quality-measure",
        filter_mode=None,
        width=260,
    )
    st.html(quality_markup.plots(part("retrieval_plot")(runs, measure, labels)))
    about = labels.strings.get(f"about.{measure}", "")
    if about:
        st.html(markup.block(f"{labels.measure(measure)}: {about}", "k-place"))


def _differences(say: Translator, chosen: Sequence[Run], group: str, labels: Any) -> None:
    if not st.toggle(say.t("quality.compute"), key="quality-compute"):
        return
    first = chosen[0]
    heads = [
        markup.text(name)
        for name in (
            say.t("quality.column_measure"),
            first.name,
            "",
            say.t("quality.column_difference"),
            say.t("quality.column_interval"),
            say.t("quality.column_p"),
            "",
        )
    ]
    for other in chosen[1:]:
        words = say.t("quality.against", b=other.name, a=first.name)
        st.html(markup.block(words, "k-title"))
        heads[2] = markup.text(other.name)
        rows = [_difference(say, row, labels) for row in differences(first.path, other.path, group)]
        st.html(quality_markup.table(heads, rows))


def _difference(say: Translator, row: Any, labels: Any) -> list[str]:
    style, verdict = "", say.t("quality.unsure")
    if row.worse:
        style, verdict = "k-worse", say.t("quality.worse")
    elif row.significant:
        style, verdict = "k-better", say.t("quality.better")
    low, high = labels.signed(row.low), labels.signed(row.high)
    return [
        quality_markup.cell(labels.measure(row.measure)),
        quality_markup.cell(say.number(row.a, 3)),
        quality_markup.cell(say.number(row.b, 3)),
        quality_markup.cell(labels.signed(row.difference), style=style),
        quality_markup.cell(f"[{low}, {high}]"),
        quality_markup.cell(labels.chance(row.adjusted)),
        quality_markup.cell(verdict, style=style),
    ]
