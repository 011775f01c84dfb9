"""An empty chat: what Kordon is asked for, and questions that its documents answer."""

import streamlit as st

from corpus.errors import KordonError
from rag.ui import markup
from rag.ui.ask_state import Desk
from rag.ui.i18n import Translator
from rag.ui.problems import sentence
from rag.ui.service import examples, kordon


def draw_empty(say: Translator, desk: Desk) -> None:
    """A few words, how much is indexed, and examples; or what is missing."""
    try:
        with kordon().reader() as reader:
            records = reader.documents()
            generation = reader.generation
    except KordonError as error:
        st.html(markup.notice(sentence(error, say)))
        return
    pages = sum(record.pages for record in records)
    size = say.t(
        "ask.indexed",
        documents=say.t("common.documents", count=len(records)),
        pages=say.t("common.pages", count=pages),
    )
    st.html(markup.block(f"{say.t('ask.hint')} {size}", "k-lead"))
    made = examples().ready(generation, say.language)
    if made is None:
        st.fragment(_wait, run_every=0.7)(say, generation)
        return
    st.html(markup.block(say.t("ask.examples"), "k-place"))
    with st.container(key="examples", gap="small"):
        for position, question in enumerate(made):
            st.button(
                markup.label(question, 120),
                key=f"example-{position}",
                on_click=desk.ask,
                args=(question,),
            )


def _wait(say: Translator, generation: int) -> None:
    """Looks again and again until the examples are made; then the page is drawn with them."""
    if examples().ready(generation, say.language) is not None:
        st.rerun()
    st.html(markup.block(say.t("ask.examples_made"), "k-place"))
