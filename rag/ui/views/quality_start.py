"""Starting a benchmark and watching it."""

from typing import Any

import streamlit as st

from rag.ui import markup
from rag.ui.benchmarks import BENCH, Benchmark, arguments
from rag.ui.evaluation import part
from rag.ui.i18n import Translator
from rag.ui.service import settings

LIMITS = (10, 25, 50, 100, 250, 0)


def show_start(say: Translator) -> None:
    """The whole tab."""
    st.html(markup.block(say.t("quality.start_hint"), "k-text"))
    folders = part("data_folders")(None)
    entries: tuple[Any, ...] = part("datasets")
    there = [entry for entry in entries if part("place_of")(entry, folders)]
    missing = [entry.name for entry in entries if entry not in there]
    left, right = st.columns(2, gap="medium")
    with left:
        dataset = st.selectbox(
            say.t("quality.start_dataset"),
            [entry.name for entry in there],
            key="quality-dataset",
            filter_mode=None,
        )
        kind = st.segmented_control(
            say.t("quality.start_kind"),
            ("run", "calibrate"),
            format_func=lambda one: {
                "run": say.t("quality.start_kind_run"),
                "calibrate": say.t("quality.start_kind_calibrate"),
            }[one],
            default="run",
            required=True,
            key="quality-kind",
        )
    calibrate = kind == "calibrate"
    with right:
        limit = st.select_slider(
            say.t("quality.start_limit"),
            LIMITS,
            value=25,
            format_func=lambda n: say.number(n) if n else say.t("quality.start_limit_all"),
            key="quality-limit",
        )
        systems = st.multiselect(
            say.t("quality.start_systems"),
            list(part("systems")),
            default=["kordon"],
            key="quality-systems",
            placeholder=say.t("quality.choose"),
            select_all=False,
            disabled=calibrate,
        )
        answers = st.checkbox(
            say.t("quality.start_answers"), value=True, key="quality-answers", disabled=calibrate
        )
    if missing:
        words = say.t("quality.dataset_missing", count=len(missing), names=", ".join(missing))
        st.html(markup.block(words, "k-place"))
    running = BENCH.current is not None and BENCH.current.running
    ready = bool(dataset) and (calibrate or bool(systems)) and not running
    if st.button(say.t("quality.start"), type="primary", key="quality-start", disabled=not ready):
        words_ = arguments(
            str(dataset), systems, answers=answers, limit=int(limit), calibrate=calibrate
        )
        BENCH.start(settings().home, words_)
        st.rerun()


def show_running(say: Translator) -> None:
    """The panel above the tabs while a benchmark runs, and how the last one ended."""
    current = BENCH.current
    if current is None:
        return
    running = current.running
    st.fragment(_panel, run_every=1.0 if running else None)(say, current, running)


def _panel(say: Translator, benchmark: Benchmark, was_running: bool) -> None:
    if was_running and not benchmark.running:
        st.rerun()
    with st.container(border=True, key="quality-running"):
        dataset = benchmark.arguments[1]
        st.html(markup.block(say.t("quality.running", dataset=dataset), "k-title"))
        if not benchmark.running:
            _ended(say, benchmark)
            return
        run = benchmark.run()
        if run is None or run.finished:
            st.progress(0.0, text=say.t("quality.running_preparing"))
        else:
            words = say.t(
                "quality.running_asked",
                system=run.system,
                done=say.number(run.done),
                total=say.number(run.total),
            )
            # The name of a system may be a person's own; the bar's text would be read as Markdown.
            st.html(markup.block(words, "k-facts"))
            st.progress(min(run.done / max(run.total, 1), 1.0))
        st.button(
            say.t("quality.stop"),
            key="quality-stop",
            icon=":material/stop:",
            on_click=benchmark.stop,
        )


def _ended(say: Translator, benchmark: Benchmark) -> None:
    if benchmark.stopped:
        st.html(markup.block(say.t("quality.stopped"), "k-text"))
    elif benchmark.failed:
        words = say.t("quality.ended_badly", words=benchmark.last_words())
        st.html(markup.notice(words))
    else:
        st.html(markup.block(say.t("quality.ended"), "k-text"))
