"""The page on which questions are asked: the chat, and beside it the source of a quote."""

from typing import TYPE_CHECKING

import streamlit as st

from corpus.errors import KordonError
from rag.ui import markup
from rag.ui.ask_answer import draw_answer, draw_question
from rag.ui.ask_chats import chat_list, chat_menu
from rag.ui.ask_empty import draw_empty
from rag.ui.ask_state import Desk, Wish
from rag.ui.ask_steps import Steps
from rag.ui.chats import ChatStore, Turn
from rag.ui.conversation import ask
from rag.ui.i18n import Translator
from rag.ui.problems import sentence
from rag.ui.service import kordon, settings
from rag.ui.session import reader
from rag.ui.source_panel import show_source

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

LAST = 10  # turns that are drawn at once
QUESTION, ANSWER = ":material/person:", ":material/menu_book:"


def show(say: Translator) -> None:
    """The whole page."""
    desk = _desk()
    listed = st.sidebar.container(key="chats")
    with st.container(horizontal=True, vertical_alignment="center", key="ask-head"):
        st.title(say.t("ask.title"), anchor=False, width="stretch")
        menu = st.container(width="content")
    # Without a limit of its own: the box drops what is longer without a word.
    typed = st.chat_input(say.t("ask.box"), key="question")
    if typed:
        desk.ask(typed)
    with st.container(key="ask-columns"):
        left, right = st.columns((11, 9), gap="medium")
    with left:
        _turns(say, desk)
    if desk.open is not None:
        with right:
            show_source(say, desk.open, desk.close)
    with menu:
        chat_menu(say, desk)
    with listed:
        chat_list(say, desk)
    _address(desk)


def _desk() -> Desk:
    """This session's desk; a chat named in the address is opened again after a reload."""
    if "desk" not in st.session_state:
        own = reader()
        desk = Desk(settings().home, ChatStore(own.chats))
        named = st.query_params.get("chat", "")
        if named:
            desk.reopen(named)
        st.session_state["desk"] = desk
    desk = st.session_state["desk"]
    assert isinstance(desk, Desk)
    return desk


def _address(desk: Desk) -> None:
    """Name the open chat in the address, so that a reload opens it again."""
    wanted = desk.chat.id if desk.chat.turns else ""
    if wanted and st.query_params.get("chat") != wanted:
        st.query_params["chat"] = wanted
    elif not wanted and "chat" in st.query_params:
        del st.query_params["chat"]


def _turns(say: Translator, desk: Desk) -> None:
    wish = desk.wish
    welcome = st.empty()  # gone at once when the first question is asked
    if not desk.chat.turns and wish is None and desk.failed is None:
        with welcome.container():
            draw_empty(say, desk)
    for turn in _shown(say, desk):
        again = wish if wish is not None and wish.turn_id == turn.id else None
        _turn(say, desk, turn, again)
    if wish is not None and not wish.again:
        _turn(say, desk, None, wish)
    elif desk.failed is not None:
        question, why = desk.failed
        with st.container(key="turn-failed"):
            with st.chat_message("user", avatar=QUESTION):
                st.html(markup.block(question, "k-asked"))
            st.html(markup.notice(why))


def _shown(say: Translator, desk: Desk) -> tuple[Turn, ...]:
    """The last turns; the ones before them when they are asked for."""
    turns = desk.chat.turns
    earlier = len(turns) - LAST
    if earlier <= 0 or st.toggle(
        say.t("ask.earlier", count=earlier), key=f"earlier-{desk.chat.id}"
    ):
        return turns
    return turns[-LAST:]


def _turn(say: Translator, desk: Desk, turn: Turn | None, wish: Wish | None) -> None:
    """A turn; `wish` is what is asked in it now. A new turn is built as it will be built later,
    under the same key, so that nothing is drawn anew at the next interaction."""
    turn_id = turn.id if turn else wish.turn_id if wish else ""
    with st.container(key=f"turn-{turn_id}"):
        with st.chat_message("user", avatar=QUESTION):
            head = st.empty()
            if wish:
                head.html(markup.block(wish.question, "k-asked"))
        with st.chat_message("assistant", avatar=ANSWER):
            place = st.empty()
            turn = (_answer(say, desk, wish, place) if wish else None) or turn
            if turn is None:
                place.html(markup.notice(desk.failed[1] if desk.failed else ""))
                return
            with place.container():
                draw_answer(say, desk, turn)
        with head.container():
            draw_question(say, desk, turn)
        if wish:
            st.html(markup.script(markup.TO_NEWEST, turn.id), unsafe_allow_javascript=True)


def _answer(say: Translator, desk: Desk, wish: Wish, place: "DeltaGenerator") -> Turn | None:
    """Ask, with the steps shown in `place`; None when the question could not be asked."""
    steps = Steps(say, place)
    desk.wish = None  # whatever happens, it is not asked again by itself
    try:
        turn = ask(
            kordon(),
            wish.question,
            before=None if wish.again else desk.chat.before(),
            turn_id=wish.turn_id,
            listen=steps,
            said=steps.said,
        )
    except KordonError as error:
        desk.refused(wish.question, sentence(error, say))
        return None
    desk.answered(turn)
    return turn
