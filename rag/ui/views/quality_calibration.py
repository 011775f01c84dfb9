"""How far confidence can be trusted: the curves of a run, and the one that decides now."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from rag.answering.calibration import load_calibrations
from rag.ui import documents_markup, markup, quality_markup
from rag.ui.evaluation import part
from rag.ui.i18n import Translator
from rag.ui.names import language_name
from rag.ui.quality_logic import Run, curves, loaded
from rag.ui.service import settings


def show_calibration(say: Translator, found: Sequence[Run]) -> None:
    """The whole tab."""
    by_name = {run.name: run for run in found}
    name = st.selectbox(
        say.t("quality.calibration_run"),
        list(by_name),
        key="quality-calibration-run",
        persist_state="session",
    )
    run = by_name[str(name)]
    _of_run(say, run)
    if run.calibrated:
        _fitted(say, run)
    _shipped(say)


def _of_run(say: Translator, run: Run) -> None:
    full = loaded(run)
    found = curves(full)
    if not found:
        st.html(markup.block(say.t("quality.calibration_none"), "k-caveat"))
        return
    labels = part("labels")(say.language)
    st.html(quality_markup.plots(part("refusal_plots")([full], labels)))
    st.html(markup.block(say.t("quality.calibration_hint"), "k-place"))
    for group, refusal in found.items():
        words = say.t(
            "quality.calibration_numbers",
            group=say.t("quality.group_all") if group == "all" else language_name(say, group),
            aurc=say.number(refusal["aurc"], 3),
            ece=say.number(refusal["ece"], 3),
            refused=say.number(refusal["refused"]),
            unanswerable=say.number(refusal["unanswerable"]),
        )
        st.html(markup.block(words, "k-facts"))


def _fitted(say: Translator, run: Run) -> None:
    """What `kordon-eval calibrate` chose in this run."""
    fits: list[dict[str, Any]] = part("RunFolder")(run.path).read("calibration.json")["fits"]
    st.html(documents_markup.section(say.t("quality.fitted")))
    for fit in fits:
        words = say.t(
            "quality.fitted_line",
            language=language_name(say, str(fit["language"])),
            threshold=say.number(fit["threshold"], 3),
            coverage=say.percent(fit["shown"]["coverage"]),
            precision=say.percent(fit["shown"]["precision"]),
        )
        st.html(markup.block(words, "k-text"))


def _shipped(say: Translator) -> None:
    """The calibration that answers are judged by, with the precision that the settings ask for."""
    st.html(documents_markup.section(say.t("quality.shipped")))
    line, lines, legend = part("Line"), part("lines"), part("legend")
    known = load_calibrations(read=settings().answer.read > 0)
    names = [language_name(say, language) for language in known]
    figures = ""
    for title, which in (
        (say.t("quality.shipped_right"), "right"),
        (say.t("quality.shipped_answerable"), "answerable"),
    ):
        series = [
            line(name, getattr(own, which).curve)
            for name, own in zip(names, known.values(), strict=True)
        ]
        figures += lines(
            title,
            series,
            say.t("quality.shipped_x"),
            say.t("quality.shipped_y"),
            lambda value: say.number(value, 1),
            diagonal=False,
        )
    st.html(quality_markup.plots(figures + legend(names)))
    answer = settings().answer
    words = say.t(
        "quality.shipped_hint",
        precision=say.percent(answer.precision),
        answerable=say.percent(answer.answerable_precision),
    )
    st.html(markup.block(words, "k-place"))
