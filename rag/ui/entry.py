"""The interface's one script; Streamlit runs it from top to bottom at every interaction."""

from collections.abc import Callable

import streamlit as st

from rag.ui.i18n import LANGUAGES, Translator
from rag.ui.markup import ICON, SPEAKS, STYLE, notice, scheme
from rag.ui.problems import sentence
from rag.ui.registry import VIEWS, View
from rag.ui.service import settings
from rag.ui.session import reader
from rag.ui.warm import KEEPER

LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}


def run() -> None:
    """Show the page that was chosen, in the language that was chosen."""
    st.set_page_config(page_title="Kordon", page_icon=ICON, layout="wide")
    st.html(STYLE + scheme(str(st.context.theme.type)))
    say = Translator(LANGUAGES[0])
    try:
        say = Translator(language())
        st.html(SPEAKS[say.language], unsafe_allow_javascript=True)
        st.logo(ICON, size="large")
        pages = [
            st.Page(
                _page(view, say),
                title=say.t(f"nav.{view.key}"),
                icon=view.icon,
                url_path="" if position == 0 else view.key,
                default=position == 0,
            )
            for position, view in enumerate(VIEWS)
        ]
        chosen = st.navigation(pages, position="sidebar")
        _language_switch(say)
        chosen.run()
        KEEPER.settle()
    except Exception as error:  # noqa: BLE001 - a reader sees a sentence and a number, no traceback
        st.html(notice(sentence(error, say)))


def language() -> str:
    """The language of the address (`?lang=ru`), else the reader's last choice, else the setting."""
    # A browser on its way to another page may send the switch without a choice.
    if st.session_state.get("language") not in LANGUAGES:
        found = (st.query_params.get("lang", ""), reader().language(), settings().app.language)
        st.session_state["language"] = next(one for one in found if one in LANGUAGES)
    chosen = str(st.session_state["language"])
    if st.query_params.get("lang") != chosen:
        st.query_params["lang"] = chosen
    return chosen


def _language_switch(say: Translator) -> None:
    with st.sidebar.container(key="language-switch"):
        st.segmented_control(
            "Language / Язык",
            LANGUAGES,
            format_func=LANGUAGE_NAMES.__getitem__,
            key="language",
            required=True,
            label_visibility="collapsed",
            on_change=_remember,
        )


def _remember() -> None:
    if st.session_state["language"] in LANGUAGES:
        reader().remember(str(st.session_state["language"]))


def _page(view: View, say: Translator) -> Callable[[], None]:
    def show() -> None:
        view.load()(say)

    show.__name__ = view.key
    return show


if __name__ == "__main__":
    run()
