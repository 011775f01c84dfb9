"""Adding documents: files dropped here are kept in the home and indexed together."""

from functools import partial

import streamlit as st

from corpus.load import DEFAULT_LABEL
from rag.ui import markup
from rag.ui.i18n import Translator
from rag.ui.service import kordon
from rag.ui.uploads import folder, keep, safe_name, take_in
from rag.ui.views.documents_job import NAMES, begin
from rag.ui.work import DESK

ROUND = "documents-upload-round"


def show_add(say: Translator) -> None:
    """The whole tab."""
    st.html(markup.block(say.t("documents.add_hint"), "k-text"))
    turn = st.session_state.setdefault(ROUND, 0)
    files = st.file_uploader(
        say.t("documents.add_files"),
        accept_multiple_files=True,
        key=f"documents-files-{turn}",
        label_visibility="collapsed",
    )
    label, button = st.columns((2, 1), vertical_alignment="bottom")
    given = label.text_input(
        say.t("documents.add_label"), value=DEFAULT_LABEL, key="documents-add-label", max_chars=60
    )
    busy = DESK.job is not None and DESK.job.running
    start = button.button(
        say.t("documents.add_start"),
        type="primary",
        key="documents-add",
        disabled=not files or busy,
        width="stretch",
    )
    if not files:
        return
    home = kordon().settings.home
    names = [safe_name(file.name) for file in files]
    size = say.size(sum(file.size for file in files))
    st.html(markup.block(say.t("documents.add_count", count=len(files), size=size), "k-facts"))
    known = [name for name in names if (folder(home) / name).exists()]
    if known:
        words = say.t("documents.add_replaces", names=", ".join(known))
        st.html(markup.block(words, "k-caveat"))
    if start:
        kept = [keep(home, file.name, file.getvalue()) for file in files]
        kept = list(dict.fromkeys(kept))
        st.session_state[NAMES] = tuple(file.name for file in kept)
        # A new key empties the uploader, so that the same files are not offered again.
        st.session_state[ROUND] = turn + 1
        begin(say, "add", partial(take_in, kordon(), kept, given.strip()))
