"""A turn of a chat as it is drawn: the question, its answer or the refusal, and the verdict."""

import streamlit as st

from rag.terminal import place
from rag.ui import markup
from rag.ui.ask_state import Desk
from rag.ui.chats import Turn, Verdict
from rag.ui.i18n import Translator
from rag.ui.source import Mention, head

RELATED = 240  # characters of a passage beside a refusal
FIRST = 3  # passages that are shown at once
HINT = 160  # characters of a quote in the hint of a mark
VERDICTS: tuple[Verdict, ...] = ("down", "up")  # as st.feedback("thumbs") counts them


def draw_question(say: Translator, desk: Desk, turn: Turn) -> None:
    """The question as typed and, where it says more, as it was understood; it can be changed."""
    with st.container(horizontal=True, vertical_alignment="top", gap="small", wrap=False):
        with st.container(gap=None):
            st.html(markup.block(turn.question, "k-asked"))
            if turn.restated:
                told = say.t("ask.understood", question=turn.understood)
                st.html(markup.block(told, "k-place"))
        with st.popover(
            say.t("ask.edit"), icon=":material/edit:", type="tertiary", key=f"edit-{turn.id}"
        ):
            _edit(say, desk, turn)


def _edit(say: Translator, desk: Desk, turn: Turn) -> None:
    key = f"edited-{turn.id}"

    def again() -> None:
        desk.ask(str(st.session_state[key]), turn.id)

    st.text_area(say.t("ask.edit_box"), turn.understood, key=key, height=100)
    st.button(say.t("ask.again"), key=f"again-{turn.id}", type="primary", on_click=again)


def draw_answer(say: Translator, desk: Desk, turn: Turn) -> None:
    """The sentences with their marks, or the refusal with what is related; then the verdict."""
    if turn.answered:
        _sentences(say, desk, turn)
    else:
        _refusal(say, desk, turn)
    _foot(say, desk, turn)


def _sentences(say: Translator, desk: Desk, turn: Turn) -> None:
    if turn.lead:
        st.html(markup.block(turn.lead, "k-lead"))
    for position, sentence in enumerate(turn.sentences):
        mentions = [(marker, turn.marks[marker]) for marker in sentence.markers]
        with st.container(horizontal=True, vertical_alignment="top", gap="small", wrap=False):
            with st.container(gap=None):
                st.html(markup.sentence(sentence.text, sentence.answer))
                where = " · ".join(dict.fromkeys(_title(say, one) for _, one in mentions))
                st.html(markup.block(where, "k-place"))
            with st.container(horizontal=True, width="content", gap="xsmall"):
                for marker, mention in mentions:
                    _mark(say, desk, mention, marker, f"mark-{turn.id}-{position}-{marker}")
    if turn.notice:
        st.html(markup.block(turn.notice, "k-caveat"))


def _mark(say: Translator, desk: Desk, mention: Mention, label: str, key: str) -> None:
    st.button(
        label,
        key=key,
        type="primary" if desk.open == mention else "secondary",
        help=markup.hint(f"{_title(say, mention)}: {head(mention.quote, HINT)}"),
        on_click=desk.show,
        args=(mention,),
    )


def _refusal(say: Translator, desk: Desk, turn: Turn) -> None:
    st.html(markup.block(turn.lead or say.t("ask.refused"), "k-refused"))
    if not turn.related:
        if turn.notice:
            st.html(markup.block(turn.notice, "k-place"))
        return
    st.html(markup.block(turn.notice or say.t("ask.related"), "k-lead"))
    for position, mention in enumerate(turn.related[:FIRST], start=1):
        _passage(say, desk, mention, f"{turn.id}-{position}")
    rest = turn.related[FIRST:]
    if rest:
        with st.expander(say.t("ask.more_related", count=len(rest))):
            for position, mention in enumerate(rest, start=FIRST + 1):
                _passage(say, desk, mention, f"{turn.id}-{position}")


def _passage(say: Translator, desk: Desk, mention: Mention, key: str) -> None:
    with st.container(border=True, gap=None, key=f"passage-{key}"):
        st.html(markup.block(head(" ".join(mention.quote.split()), RELATED), "k-small"))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(markup.block(_title(say, mention), "k-place"))
            st.button(
                say.t("ask.open_related"),
                key=f"related-{key}",
                type="tertiary",
                on_click=desk.show,
                args=(mention,),
            )


def _foot(say: Translator, desk: Desk, turn: Turn) -> None:
    """How sure the answer is, how it came about, and what the reader thinks of it."""
    key = f"verdict-{turn.id}"

    def judged() -> None:
        chosen = st.session_state.get(key)
        desk.judge(turn.id, VERDICTS[chosen] if chosen is not None else "")

    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"foot-{turn.id}"
    ):
        if turn.answered:
            sure = say.t("answer.confidence", share=say.percent(turn.confidence))
            st.html(markup.block(sure, "k-place"), width="content")
        with st.popover(say.t("ask.how"), type="tertiary", key=f"how-{turn.id}"):
            _how(say, turn)
        st.feedback(
            "thumbs",
            key=key,
            default=VERDICTS.index(turn.verdict) if turn.verdict else None,
            on_change=judged,
        )
    if turn.verdict:
        _reason(say, desk, turn)


def _reason(say: Translator, desk: Desk, turn: Turn) -> None:
    key = f"reason-{turn.id}"

    def given() -> None:
        desk.judge(turn.id, turn.verdict, " ".join(str(st.session_state[key]).split()))

    st.text_input(
        say.t("ask.reason_up" if turn.verdict == "up" else "ask.reason_down"),
        turn.reason,
        key=key,
        max_chars=500,
        placeholder=say.t("ask.reason_hint"),
        on_change=given,
    )
    st.html(markup.block(say.t("ask.thanks"), "k-place"))


def _how(say: Translator, turn: Turn) -> None:
    ways = {
        "extractive": say.t("ask.how_quotes"),
        "catalogue": say.t("ask.how_catalogue"),
    }
    made = ways.get(turn.answerer) or say.t("ask.how_other", answerer=turn.answerer)
    st.html(markup.block(made, "k-small"))
    spent = sum(turn.timings_ms.values())
    lines = [
        say.t("ask.how_time", time=say.number(spent / 1000, 2)),
        say.t("ask.how_generation", generation=turn.generation),
    ]
    st.html(markup.block("\n".join(lines), "k-place"))


def _title(say: Translator, mention: Mention) -> str:
    where = place(say, mention.page, mention.page_label)
    return f"{mention.title or mention.document}, {where}"
