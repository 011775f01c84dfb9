"""The parts behind the interface, opened once for all readers."""

import streamlit as st

from rag.assemble import Kordon, assemble
from rag.mishap import keep_log
from rag.settings import Settings, load


def settings() -> Settings:
    """The settings as they stand now."""
    return load()


def kordon() -> Kordon:
    """Search and answers, shared by all sessions; it follows the index by itself."""
    current = settings()
    return _assembled(repr(current), current)


@st.cache_resource(show_spinner=False)
def _assembled(name: str, _settings: Settings) -> Kordon:
    keep_log(_settings.log)
    return assemble(_settings)
