"""The bar of filters above the results: each a small window with its values and their counts."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from rag.ui import markup
from rag.ui.i18n import Translator
from rag.ui.names import format_name, language_name
from rag.ui.search_logic import Dimension, Facet, Findings, Request, bound

KEYS = {
    "languages": "search-languages",
    "formats": "search-formats",
    "publishers": "search-publishers",
    "documents": "search-documents",
    "after": "search-after",
    "before": "search-before",
}


def asked(query: str) -> Request:
    """The request that the box and the filters of this session make."""
    state = st.session_state
    return Request(
        query=query.strip(),
        languages=frozenset(state.get(KEYS["languages"]) or ()),
        formats=frozenset(state.get(KEYS["formats"]) or ()),
        publishers=frozenset(state.get(KEYS["publishers"]) or ()),
        documents=frozenset(state.get(KEYS["documents"]) or ()),
        after=bound(state.get(KEYS["after"]) or "") or "",
        before=bound(state.get(KEYS["before"]) or "") or "",
    )


def wrong_date(say: Translator) -> str:
    """A sentence on a date that is none, or ""."""
    for key in ("after", "before"):
        typed = str(st.session_state.get(KEYS[key]) or "")
        if bound(typed) is None:
            return say.t("search.filter_wrong_date", text=typed[:40])
    return ""


def filter_bar(say: Translator, findings: Findings) -> None:
    """All filters in one row; a row wraps on a narrow screen."""
    request = findings.request
    with st.container(horizontal=True, gap="small", key="search-filters"):
        _values(
            say,
            "languages",
            say.t("search.filter_languages"),
            findings,
            partial(language_name, say),
        )
        _dates(say, findings)
        _values(say, "formats", say.t("search.filter_formats"), findings, partial(format_name, say))
        _values(say, "publishers", say.t("search.filter_publishers"), findings, str)
        _values(
            say,
            "documents",
            say.t("search.filter_documents"),
            findings,
            lambda id_: findings.titles.get(id_, id_),
        )
        if request != Request(request.query):
            st.button(
                say.t("search.filter_reset"),
                key="search-reset",
                type="tertiary",
                icon=":material/filter_alt_off:",
                on_click=_reset,
            )


def _values(
    say: Translator,
    dimension: Dimension,
    label: str,
    findings: Findings,
    name: Callable[[str], str],
) -> None:
    chosen = getattr(findings.request, dimension)
    counts = {facet.value: facet.count for facet in findings.facets[dimension]}
    options = [*counts, *sorted(chosen - counts.keys())]
    with st.popover(_headed(label, len(chosen))):
        st.multiselect(
            label,
            options,
            format_func=lambda value: f"{name(value)} ({counts.get(value, 0)})",
            key=KEYS[dimension],
            placeholder=say.t("search.filter_any"),
            select_all=False,
            persist_state="session",
        )
        _bars(say, findings.facets[dimension], name)


def _bars(say: Translator, facets: Sequence[Facet], name: Callable[[str], str]) -> None:
    """The counts as a small table."""
    rows = "".join(
        f'<tr><td dir="auto">{markup.text(name(facet.value))}</td>'
        f"<td>{say.number(facet.count)}</td></tr>"
        for facet in facets[:12]
    )
    st.html(f'<table class="k-counts">{rows}</table>')
    st.html(markup.block(say.t("search.counts_note"), "k-place"))


def _dates(say: Translator, findings: Findings) -> None:
    limited = findings.request.limited("years")
    with st.popover(_headed(say.t("search.filter_years"), int(limited))):
        st.text_input(
            say.t("search.filter_after"), key=KEYS["after"], max_chars=40, persist_state="session"
        )
        st.text_input(
            say.t("search.filter_before"), key=KEYS["before"], max_chars=40, persist_state="session"
        )
        st.html(markup.block(say.t("search.filter_date_hint"), "k-place"))
        _bars(say, findings.facets["years"], str)


def _headed(label: str, chosen: int) -> str:
    return f"{label} · {chosen}" if chosen else label


def _reset() -> None:
    for key in KEYS.values():
        st.session_state[key] = "" if key in (KEYS["after"], KEYS["before"]) else []
