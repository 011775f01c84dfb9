"""The list of documents, and the buttons that bring the whole index up to date."""

from functools import partial

import streamlit as st

from index.reader import Reader
from rag.ui import documents_markup, markup
from rag.ui.documents_logic import (
    ORDERS,
    STATES,
    Order,
    Row,
    State,
    look_again,
    picked,
    rebuild,
    rows,
)
from rag.ui.i18n import Translator
from rag.ui.names import language_name
from rag.ui.service import kordon
from rag.ui.views.documents_job import begin

OPEN = "documents-open"
JUST_OPENED = "documents-just-opened"
PER_PAGE = 15


def show_list(say: Translator, reader: Reader) -> None:
    """The whole tab."""
    found = rows(reader)
    pages = sum(row.record.pages for row in found)
    chunks = sum(row.record.chunks for row in found)
    words = say.t(
        "documents.totals",
        documents=say.t("common.documents", count=len(found)),
        pages=say.t("common.pages", count=pages),
        chunks=say.t("documents.chunks", count=chunks),
        generation=reader.generation,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(markup.block(words, "k-facts"))
        _reindex(say)
    kept = _filtered(say, found)
    if not kept:
        st.html(markup.block(say.t("documents.none"), "k-refused"))
        return
    turns = -(-len(kept) // PER_PAGE)
    page = min(int(st.session_state.get("documents-page", 1)), turns)
    _rows(say, kept[(page - 1) * PER_PAGE : page * PER_PAGE])
    if turns > 1:
        st.pagination(turns, key="documents-page")


def _filtered(say: Translator, found: list[Row]) -> list[Row]:
    words, state, order = st.columns((4, 2, 2), vertical_alignment="bottom")
    asked = words.text_input(
        say.t("documents.find"),
        key="documents-find",
        label_visibility="collapsed",
        placeholder=say.t("documents.find"),
        persist_state="session",
    )
    wanted = state.selectbox(
        say.t("documents.state"),
        (None, *STATES),
        format_func=lambda one: (
            say.t("documents.state_any") if one is None else state_name(say, one)
        ),
        key="documents-state",
        label_visibility="collapsed",
        persist_state="session",
        filter_mode=None,
    )
    chosen = order.selectbox(
        say.t("documents.order"),
        ORDERS,
        format_func=partial(order_name, say),
        key="documents-order",
        label_visibility="collapsed",
        persist_state="session",
        filter_mode=None,
    )
    return picked(found, asked, wanted, chosen)


def _rows(say: Translator, kept: list[Row]) -> None:
    heads = [
        say.t("documents.column_title"),
        say.t("documents.column_language"),
        say.t("documents.column_pages"),
        say.t("documents.column_chunks"),
        say.t("documents.column_label"),
        say.t("documents.column_date"),
        say.t("documents.column_state"),
    ]
    with st.container(key="doc-heads"):
        st.html(documents_markup.heads(heads))
    for row in kept:
        record = row.record
        with st.container(
            horizontal=True,
            wrap=False,
            vertical_alignment="center",
            gap=None,
            key=f"doc-{record.id}",
        ):
            st.html(
                documents_markup.row(
                    record.title or row.name,
                    row.name,
                    list(zip(heads[1:6], _cells(say, row), strict=True)),
                    documents_markup.chip(state_name(say, row.state), row.state),
                )
            )
            st.button(
                say.t("documents.open"),
                key=f"open-{record.id}",
                type="tertiary",
                width=80,
                on_click=_open,
                args=(record.id,),
            )


def _cells(say: Translator, row: Row) -> list[str]:
    record = row.record
    return [
        language_name(say, record.language),
        say.number(record.pages),
        say.number(record.chunks),
        record.label,
        say.date(record.date) or say.t("documents.undated"),
    ]


def _open(document_id: str) -> None:
    st.session_state[OPEN] = document_id
    st.session_state[JUST_OPENED] = True


def _reindex(say: Translator) -> None:
    with st.popover(say.t("documents.reindex"), icon=":material/sync:"):
        st.html(markup.block(say.t("documents.reindex_changed_hint"), "k-place"))
        if st.button(say.t("documents.reindex_changed"), key="reindex-changed", width="stretch"):
            begin(say, "reindex", partial(look_again, kordon()))
        st.html(markup.block(say.t("documents.reindex_all_hint"), "k-place"))
        if st.button(say.t("documents.reindex_all"), key="reindex-all", width="stretch"):
            begin(say, "reindex", partial(rebuild, kordon(), True))


def state_name(say: Translator, state: State) -> str:
    """A state in the reader's words."""
    return {
        "fine": say.t("documents.state_fine"),
        "partly": say.t("documents.state_partly"),
        "empty": say.t("documents.state_empty"),
        "changed": say.t("documents.state_changed"),
        "gone": say.t("documents.state_gone"),
    }[state]


def order_name(say: Translator, order: Order) -> str:
    """An order in the reader's words."""
    return {
        "title": say.t("documents.order_title"),
        "added": say.t("documents.order_added"),
        "date": say.t("documents.order_date"),
        "pages": say.t("documents.order_pages"),
        "state": say.t("documents.order_state"),
    }[order]
