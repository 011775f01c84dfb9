"""The interface's one script; Streamlit runs it from top to bottom at every interaction."""

from collections.abc import Callable

import streamlit as st

from corpus.errors import KordonError
from rag.mishap import report
from rag.ui.i18n import LANGUAGES, Translator
from rag.ui.markup import ICON, STYLE, notice
from rag.ui.registry import VIEWS, View

LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}


def run() -> None:
    """Show the page that was chosen, in the language that was chosen."""
    st.set_page_config(page_title="Kordon", page_icon=ICON, layout="wide")
    st.html(STYLE)
    try:
        say = Translator(language())
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
        st.navigation(pages, position="sidebar" if len(pages) > 1 else "hidden").run()
    except KordonError as error:
        st.html(notice(str(error)))
    except Exception as error:  # noqa: BLE001 - a reader sees a sentence and a number, no traceback
        st.html(notice(report(error)))


def language() -> str:
    """The interface's language: the switch, which `?lang=` sets and keeps in the address."""
    if "language" not in st.session_state:
        from rag.ui.service import settings

        asked = st.query_params.get("lang", "")
        st.session_state["language"] = asked if asked in LANGUAGES else settings().app.language
    with st.sidebar:
        chosen = st.segmented_control(
            "Language / Язык",
            LANGUAGES,
            format_func=LANGUAGE_NAMES.__getitem__,
            key="language",
            required=True,
        )
    language = str(chosen)
    st.query_params["lang"] = language
    return language


def _page(view: View, say: Translator) -> Callable[[], None]:
    def show() -> None:
        view.load()(say)

    show.__name__ = view.key
    return show


if __name__ == "__main__":
    run()
