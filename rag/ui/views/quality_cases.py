"""Single questions: what was expected, and what each run made of it, side by side."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from rag.ui import markup, quality_markup
from rag.ui.evaluation import part
from rag.ui.i18n import Translator
from rag.ui.quality_logic import WHICH, Case, Run, Side, Which, cases, loaded, main_measure
from rag.ui.views.quality_runs import choose

PER_PAGE = 8
MOST = 3


def show_cases(say: Translator, found: Sequence[Run]) -> None:
    """The whole tab."""
    chosen = choose(say, found, "quality-case-runs", say.t("quality.case_runs"), MOST)
    if not chosen:
        return
    which = st.selectbox(
        say.t("quality.case_which"),
        WHICH,
        format_func=partial(which_name, say),
        key="quality-which",
        filter_mode=None,
        width=380,
    )
    runs = [loaded(run) for run in chosen]
    shown = cases(runs, which)
    if not shown:
        st.html(markup.block(say.t("quality.case_none"), "k-text"))
        return
    st.html(markup.block(say.t("quality.case_count", count=len(shown)), "k-facts"))
    turns = -(-len(shown) // PER_PAGE)
    page = min(int(st.session_state.get("quality-case-page", 1)), turns)
    measure = part("labels")(say.language).measure(main_measure(runs[-1]))
    for case in shown[(page - 1) * PER_PAGE : page * PER_PAGE]:
        with st.container(border=True):
            st.html(
                quality_markup.case(
                    case,
                    [run.name for run in chosen],
                    _expected(say, case),
                    [_lines(say, side, measure) for side in case.sides],
                )
            )
    if turns > 1:
        st.pagination(turns, key="quality-case-page")


def _expected(say: Translator, case: Case) -> str:
    if not case.answerable:
        return say.t("quality.expected_refusal")
    return say.t("quality.expected", answers=" · ".join(case.expected))


def _lines(say: Translator, side: Side, measure: str) -> list[str]:
    if side.error:
        return [say.t("quality.side_error", error=side.error)]
    lines = []
    if side.score is not None:
        lines.append(say.t("quality.side_score", measure=measure, score=say.number(side.score, 2)))
    if side.rank:
        lines.append(say.t("quality.side_rank", rank=say.number(side.rank)))
    else:
        lines.append(say.t("quality.side_rank_none"))
    if side.answered is not None:
        lines.append(say.t("quality.side_confidence", share=say.percent(side.confidence)))
    if side.answered is False:
        lines.append(say.t("quality.side_refused"))
    return [" · ".join(lines)]


def which_name(say: Translator, which: Which) -> str:
    """A choice of questions in the reader's words."""
    return {
        "wrong": say.t("quality.which_wrong"),
        "worse": say.t("quality.which_worse"),
        "better": say.t("quality.which_better"),
        "refused": say.t("quality.which_refused"),
        "all": say.t("quality.which_all"),
    }[which]
