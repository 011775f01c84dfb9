"""The page on which passages are searched: one box, filters, results, files of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from rag.terminal import place
from rag.ui import markup, search_markup
from rag.ui.i18n import Translator
from rag.ui.names import format_name, language_name
from rag.ui.search_export import hits_csv, quotes_csv, quotes_text
from rag.ui.search_logic import (
    ORDERS,
    Findings,
    Order,
    Request,
    Result,
    ordered,
    page_labels,
    same_said,
    search,
)
from rag.ui.search_reasons import reasons
from rag.ui.service import kordon
from rag.ui.source import Mention, found
from rag.ui.source_panel import show_source
from rag.ui.views.search_batch import show_batch
from rag.ui.views.search_filters import asked, filter_bar, wrong_date

PER_PAGE = 10
Write = Callable[[Sequence[Result], Sequence[str], Translator], bytes]


@dataclass(slots=True)
class Held:
    """What this session found last, so that turning a page does not search again, and the source
    that is open beside it."""

    findings: Findings | None = None
    open: Mention | None = None


def show(say: Translator) -> None:
    """The whole page."""
    st.html(search_markup.STYLE)
    st.title(say.t("search.title"), anchor=False)
    one, many = st.tabs([say.t("search.tab_one"), say.t("search.tab_batch")])
    with one:
        _search(say)
    with many:
        show_batch(say)


def _search(say: Translator) -> None:
    with st.form("search-form", border=False, enter_to_submit=True):
        box, button = st.columns((6, 1), vertical_alignment="bottom")
        query = box.text_input(
            say.t("search.box"),
            key="search-query",
            placeholder=say.t("search.example"),
            max_chars=4_000,
            persist_state="session",
        )
        button.form_submit_button(say.t("search.run"), type="primary", width="stretch")
    if not query.strip():
        st.html(markup.block(say.t("search.hint"), "k-text"))
        st.html(markup.block(say.t("search.empty"), "k-place"))
        return
    wrong = wrong_date(say)
    if wrong:
        st.html(markup.notice(wrong))
    findings = _found(asked(query))
    filter_bar(say, findings)
    if not findings.results:
        st.html(markup.block(say.t("search.nothing"), "k-refused"))
        return
    held: Held = st.session_state["search-held"]
    if held.open is None:
        _results(say, findings)
        return
    with st.container(key="search-columns"):
        left, right = st.columns((3, 2), gap="medium")
    with left:
        _results(say, findings)
    with right:

        def close() -> None:
            held.open = None

        show_source(say, held.open, close)


def _found(request: Request) -> Findings:
    """The findings of a request, searched for once per generation and session."""
    held: Held = st.session_state.setdefault("search-held", Held())
    known = held.findings
    if known is None or known.request != request or known.generation != kordon().index.generation():
        held.findings = known = search(kordon(), request)
        held.open = None
        st.session_state.pop("search-page", None)
    return known


def _results(say: Translator, findings: Findings) -> None:
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small")
    documents = len({result.record.id for result in findings.results})
    with bar:
        best = say.t("search.found", count=len(findings.results))
        where = say.t("search.found_in", count=documents)
        took = say.t("search.took", seconds=say.number(findings.seconds, 2))
        facts = markup.block(f"{best} {where} · {took}", "k-facts")
        legend = search_markup.legend(say.t("search.legend_word"), say.t("search.legend_kindred"))
        st.html(facts + legend)
        order = st.selectbox(
            say.t("search.sort"),
            ORDERS,
            format_func=partial(order_name, say),
            key="search-order",
            label_visibility="collapsed",
            persist_state="session",
            filter_mode=None,
            width=190,
        )
    results = ordered(findings.results, order)
    with bar:
        _export(say, results)
    same = same_said(results)
    shown = [result for result in results if result.hit.same_as is None]
    pages = -(-len(shown) // PER_PAGE)
    chosen = min(int(st.session_state.get("search-page", 1)), pages)
    for result in shown[(chosen - 1) * PER_PAGE : chosen * PER_PAGE]:
        _result(say, result, same.get(result.hit.rank, []))
    if pages > 1:
        st.pagination(pages, key="search-page")


def order_name(say: Translator, order: Order) -> str:
    """An order in the reader's words."""
    return {
        "best": say.t("search.sort_best"),
        "newest": say.t("search.sort_newest"),
        "oldest": say.t("search.sort_oldest"),
        "document": say.t("search.sort_document"),
    }[order]


def _result(say: Translator, result: Result, same: list[Result]) -> None:
    record, chunk = result.record, result.hit.chunk
    with kordon().view() as view:
        label, *labels = page_labels(view, [result, *same])
    facts = [
        record.publisher,
        say.date(record.date) or say.t("search.undated"),
        place(say, result.page, label),
        language_name(say, chunk.language),
        format_name(say, record.format),
        result.name,
    ]
    with st.container(border=True, key=f"hit-{result.hit.rank}"):
        st.html(
            search_markup.hit(
                result.hit.rank,
                record.title or result.name,
                " · ".join(fact for fact in facts if fact),
                chunk.text,
                result.marks,
                chunk.language,
                [*reasons(result.hit, say), *_elsewhere(say, same, labels)],
            )
        )
        st.button(
            say.t("search.open"),
            key=f"open-{result.hit.rank}",
            icon=":material/article:",
            type="tertiary",
            on_click=_open,
            args=(result,),
        )


def _elsewhere(say: Translator, same: list[Result], labels: list[str]) -> list[str]:
    """Where else the same is said: copies of a passage, and versions in the other language."""
    return [
        say.t(
            "search.same",
            title=twin.record.title or twin.name,
            place=place(say, twin.page, label),
            language=language_name(say, twin.hit.chunk.language),
        )
        for twin, label in zip(same, labels, strict=True)
    ]


def _open(result: Result) -> None:
    with kordon().view() as view:
        st.session_state["search-held"].open = found(result.hit, view.reader)


def _export(say: Translator, results: list[Result]) -> None:
    with st.popover(say.t("search.export"), icon=":material/download:"):
        kinds = (
            ("hits", hits_csv, say.t("search.export_hits"), say.t("search.file_hits"), "csv"),
            (
                "quotes-csv",
                quotes_csv,
                say.t("search.export_quotes_csv"),
                say.t("search.file_quotes"),
                "csv",
            ),
            (
                "quotes-text",
                quotes_text,
                say.t("search.export_quotes_text"),
                say.t("search.file_quotes"),
                "txt",
            ),
        )
        for key, write, label, name, end in kinds:
            st.download_button(
                label,
                partial(_file, write, results, say),
                file_name=f"{name}.{end}",
                mime="text/csv" if end == "csv" else "text/plain",
                key=f"export-{key}",
                on_click="ignore",
                width="stretch",
            )


def _file(write: Write, results: list[Result], say: Translator) -> bytes:
    with kordon().view() as view:
        labels = page_labels(view, results)
    return write(results, labels, say)
