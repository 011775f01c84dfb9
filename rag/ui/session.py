"""Who sits at this browser, for the length of a session."""

import streamlit as st

from rag.ui.readers import COOKIE, Reader, is_name, new_name
from rag.ui.service import settings


def reader() -> Reader:
    """The reader: by the cookie, in a browser without cookies for this session only."""
    if "reader" not in st.session_state:
        given = str(st.context.cookies.get(COOKIE, ""))
        st.session_state["reader"] = given if is_name(given) else new_name()
    return Reader.of(settings().home, st.session_state["reader"])
