"""The list of kept chats in the sidebar, and what can be done with the open one."""

import streamlit as st

from rag.ui.ask_state import Desk
from rag.ui.chat_exports import file_name
from rag.ui.chats import dumped
from rag.ui.export_docx import to_docx
from rag.ui.export_markdown import to_markdown
from rag.ui.i18n import Translator
from rag.ui.markup import label

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LISTED = 30  # chats in the sidebar before the rest is asked for
TITLE = 60  # characters of a chat's title in the list


def chat_list(say: Translator, desk: Desk) -> None:
    """A button for a new chat, and the kept ones, the newest first."""
    st.button(
        say.t("ask.new"),
        key="new-chat",
        icon=":material/add:",
        width="stretch",
        on_click=desk.start,
        disabled=not desk.chat.turns and desk.failed is None,
    )
    entries = desk.store.entries()
    shown = entries if st.session_state.get("all-chats") else entries[:LISTED]
    if shown:
        st.caption(say.t("ask.chats"))
    for entry in shown:
        st.button(
            label(entry.title, TITLE),
            key=f"chat-{entry.id}",
            type="tertiary",
            width="stretch",
            icon=":material/chat_bubble:" if entry.id == desk.chat.id else None,
            on_click=desk.reopen,
            args=(entry.id,),
        )
    if len(entries) > len(shown):
        st.toggle(say.t("ask.all_chats", count=len(entries)), key="all-chats")


def chat_menu(say: Translator, desk: Desk) -> None:
    """Rename, export and delete the open chat."""
    if not desk.chat.turns:
        return
    with st.popover(say.t("ask.menu"), icon=":material/more_horiz:", key="chat-menu"):
        _rename(say, desk)
        st.caption(say.t("ask.export"))
        zone = str(st.context.timezone or "")
        with st.container(horizontal=True, gap="small"):
            _export(say, desk, zone)
        _delete(say, desk)


def _rename(say: Translator, desk: Desk) -> None:
    key = f"title-{desk.chat.id}"

    def renamed() -> None:
        desk.rename(str(st.session_state[key]))

    st.text_input(say.t("ask.rename"), desk.chat.title, key=key, max_chars=200, on_change=renamed)


def _export(say: Translator, desk: Desk, zone: str) -> None:
    chat = desk.chat
    forms = (
        ("Markdown", "md", "text/markdown", lambda: to_markdown(chat, say, zone)),
        ("Word", "docx", WORD, lambda: to_docx(chat, say, zone)),
        ("JSON", "json", "application/json", lambda: dumped(chat)),
    )
    for name, suffix, kind, make in forms:
        st.download_button(
            name,
            make,
            file_name=file_name(chat, suffix),
            mime=kind,
            key=f"export-{suffix}",
            on_click="ignore",
        )


def _delete(say: Translator, desk: Desk) -> None:
    key = f"sure-{desk.chat.id}"
    sure = st.checkbox(say.t("ask.delete_sure"), key=key)
    st.button(
        say.t("ask.delete"),
        key="delete-chat",
        icon=":material/delete:",
        disabled=not sure,
        on_click=desk.delete,
    )
