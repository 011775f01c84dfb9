"""The page on which questions are asked: the chat, and beside it the source of a quote."""

from dataclasses import dataclass, field

import streamlit as st

from corpus.errors import KordonError
from rag.terminal import place
from rag.ui import markup
from rag.ui.conversation import Turn, ask
from rag.ui.i18n import Translator
from rag.ui.service import kordon
from rag.ui.source import Mention
from rag.ui.source_panel import show_source


@dataclass(slots=True)
class Chat:
    """What this session holds: the turns, a question that failed, and the open source."""

    turns: list[Turn] = field(default_factory=list)
    failed: tuple[str, str] | None = None
    open: Mention | None = None


def show(say: Translator) -> None:
    """The whole page."""
    chat: Chat = st.session_state.setdefault("chat", Chat())
    st.title(say.t("ask.title"), anchor=False)
    st.caption(say.t("ask.hint"))
    question = st.chat_input(say.t("ask.box"), key="question")
    if question:
        with st.spinner(say.t("ask.working")):
            _answer(chat, question)
    if chat.open is None:
        _turns(say, chat)
        return
    left, right = st.columns((3, 2), gap="large")
    with left:
        _turns(say, chat)
    with right:

        def close() -> None:
            chat.open = None

        show_source(say, chat.open, close)


def _answer(chat: Chat, question: str) -> None:
    chat.failed = None
    try:
        turn = ask(kordon(), question)
    except KordonError as error:
        chat.failed = (question, str(error))
        return
    chat.turns.append(turn)
    chat.open = None


def _turns(say: Translator, chat: Chat) -> None:
    for number, turn in enumerate(chat.turns):
        with st.chat_message("user", avatar=":material/person:"):
            st.html(markup.block(turn.answer.question, "k-asked"))
        with st.chat_message("assistant", avatar=":material/menu_book:"):
            if turn.answer.answered:
                _sentences(say, chat, turn, number)
            else:
                _refusal(say, chat, turn, number)
    if chat.failed:
        question, why = chat.failed
        with st.chat_message("user", avatar=":material/person:"):
            st.html(markup.block(question[:500], "k-asked"))
        st.html(markup.notice(why))
    if chat.turns and st.button(say.t("ask.forget"), key="forget", icon=":material/refresh:"):
        st.session_state["chat"] = Chat()
        st.rerun()


def _sentences(say: Translator, chat: Chat, turn: Turn, number: int) -> None:
    answer = turn.answer
    if answer.lead:
        st.html(markup.block(answer.lead, "k-place"))
    for position, sentence in enumerate(answer.sentences):
        st.html(markup.sentence(sentence.text, sentence.answer))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for marker in sentence.markers:
                mention = turn.mention(marker)
                if st.button(f"{marker}", key=f"mark-{number}-{position}-{marker}"):
                    chat.open = mention
                    st.rerun()
                st.html(markup.block(_title(say, mention), "k-place"))
    if answer.notice:
        st.html(markup.block(answer.notice, "k-place"))
    st.caption(say.t("answer.confidence", share=say.percent(answer.confidence)))


def _refusal(say: Translator, chat: Chat, turn: Turn, number: int) -> None:
    st.html(markup.block(turn.answer.lead or say.t("ask.refused"), "k-refused k-text"))
    if not turn.related:
        return
    st.caption(turn.answer.notice or say.t("ask.related"))
    for position, mention in enumerate(turn.related, start=1):
        with st.container(border=True):
            st.html(markup.block(_title(say, mention), "k-place"))
            st.html(markup.block(mention.quote[:400] + ("…" if len(mention.quote) > 400 else "")))
            label = say.t("ask.open_related", rank=position)
            if st.button(label, key=f"related-{number}-{position}", type="tertiary"):
                chat.open = mention
                st.rerun()


def _title(say: Translator, mention: Mention) -> str:
    where = place(say, mention.page, mention.page_label)
    return f"{mention.title or mention.document}, {where}"
