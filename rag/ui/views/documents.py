"""The administrator's page: documents in the index, new ones, and the history of changes."""

import streamlit as st

from corpus.errors import IndexMissing
from rag.ui import documents_markup, markup
from rag.ui.i18n import Translator
from rag.ui.service import kordon
from rag.ui.views.documents_add import show_add
from rag.ui.views.documents_detail import show_document
from rag.ui.views.documents_history import show_history
from rag.ui.views.documents_job import show_job
from rag.ui.views.documents_list import OPEN, show_list
from rag.ui.views.uploader import translate_uploader


def show(say: Translator) -> None:
    """The whole page."""
    st.html(documents_markup.STYLE)
    translate_uploader(say)
    st.title(say.t("documents.title"), anchor=False)
    show_job(say)
    names = [
        say.t("documents.tab_list"),
        say.t("documents.tab_add"),
        say.t("documents.tab_history"),
    ]
    empty = kordon().index.generation() is None
    listed, add, history = st.tabs(
        names, key="documents-tab", on_change="rerun", default=names[1] if empty else names[0]
    )
    if listed.open:
        with listed:
            _documents(say)
    if add.open:
        with add:
            show_add(say)
    if history.open:
        with history:
            show_history(say)


def _documents(say: Translator) -> None:
    try:
        with kordon().reader() as reader:
            chosen = st.session_state.get(OPEN, "")
            if not chosen or not show_document(say, reader, chosen):
                show_list(say, reader)
    except IndexMissing:
        st.html(markup.block(say.t("documents.empty"), "k-text"))
