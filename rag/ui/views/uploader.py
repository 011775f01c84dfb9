"""The file uploader's own English words in the reader's language."""

import streamlit as st

from rag.ui import documents_markup
from rag.ui.i18n import Translator

MOST = 200_000_000  # bytes of one file; `maxUploadSize` of .streamlit/config.toml


def translate_uploader(say: Translator) -> None:
    """Put our words over Streamlit's in every uploader of the page."""
    st.html(
        documents_markup.uploader_style(
            say.t("documents.upload_drop"),
            say.t("documents.upload_limit", size=say.size(MOST)),
            say.t("documents.upload_browse"),
        )
    )
