"""The evaluator's page: benchmarks started and watched, runs compared, failures read."""

import streamlit as st

from rag.ui import documents_markup, markup, quality_markup
from rag.ui.i18n import Translator
from rag.ui.quality_logic import Run, all_runs
from rag.ui.service import settings
from rag.ui.views.quality_calibration import show_calibration
from rag.ui.views.quality_cases import show_cases
from rag.ui.views.quality_runs import show_runs
from rag.ui.views.quality_start import show_running, show_start


def show(say: Translator) -> None:
    """The whole page."""
    st.html(documents_markup.STYLE)
    st.html(quality_markup.STYLE)
    st.title(say.t("quality.title"), anchor=False)
    show_running(say)
    found = all_runs(settings().home)
    finished = [run for run in found if run.finished]
    names = [
        say.t("quality.tab_runs"),
        say.t("quality.tab_cases"),
        say.t("quality.tab_calibration"),
        say.t("quality.tab_start"),
    ]
    tabs = st.tabs(
        names, key="quality-tab", on_change="rerun", default=names[0] if finished else names[3]
    )
    for tab, page in zip(tabs, (show_runs, show_cases, show_calibration), strict=False):
        if tab.open:
            with tab:
                if finished:
                    page(say, finished)
                    _unfinished(say, found)
                else:
                    st.html(markup.block(say.t("quality.empty"), "k-text"))
    if tabs[3].open:
        with tabs[3]:
            show_start(say)


def _unfinished(say: Translator, found: list[Run]) -> None:
    count = sum(not run.finished for run in found)
    if count:
        st.html(markup.block(say.t("quality.unfinished", count=count), "k-place"))
