"""The generations of the index: what changed in each, who did it, and the way back."""

from functools import partial

import streamlit as st

from index.journal import Entry
from rag.ui import documents_markup, markup
from rag.ui.generations_logic import Change, Event, events, turns
from rag.ui.i18n import Translator
from rag.ui.jobs import Watch
from rag.ui.service import kordon
from rag.ui.views.documents_job import begin

SHOWN = 8  # titles of one kind of change


def show_history(say: Translator) -> None:
    """The whole tab."""
    store = kordon().index
    found = events(store)
    if not found:
        st.html(markup.block(say.t("documents.empty"), "k-text"))
        return
    st.html(markup.block(say.t("documents.history_hint"), "k-text"))
    for event in found:
        with st.container(border=True, key=f"generation-{event.generation.number}"):
            _event(say, event)
    with st.expander(say.t("documents.journal")):
        _journal(say, turns(store))


def _event(say: Translator, event: Event) -> None:
    generation = event.generation
    with st.container(horizontal=True, vertical_alignment="center"):
        name = markup.text(say.t("documents.generation", number=generation.number))
        live = ""
        if generation.live:
            live = documents_markup.chip(say.t("documents.generation_live"), "live")
        st.html(f'<div class="k-title">{name} {live}</div>')
        if not generation.live and not generation.problem:
            number = generation.number
            if st.button(
                say.t("documents.rollback"), key=f"rollback-{number}", icon=":material/undo:"
            ):
                begin(say, "rollback", partial(_back, number))
    if generation.problem:
        words = say.t("documents.damaged", problem=generation.problem)
        st.html(markup.notice(words))
        return
    facts = say.t(
        "documents.generation_facts",
        when=_when(say, generation.created),
        action=action_name(say, generation.action),
        documents=say.t("common.documents", count=generation.documents),
        chunks=say.t("documents.chunks", count=generation.chunks),
    )
    if event.entry is not None:
        seconds = say.number(event.entry.seconds, 1)
        by = say.t("documents.generation_by", user=event.entry.user, seconds=seconds)
        facts = f"{facts} · {by}"
    st.html(markup.block(facts, "k-facts"))
    _change(say, event.change, first=generation.parent is None)


def _back(number: int, watch: Watch) -> int:
    return kordon().index.rollback(number)


def _change(say: Translator, change: Change, *, first: bool) -> None:
    if first:
        st.html(markup.block(say.t("documents.change_first"), "k-place"))
    if not change.known:
        st.html(markup.block(say.t("documents.change_unknown"), "k-place"))
        return
    if change.empty:
        st.html(markup.block(say.t("documents.change_none"), "k-place"))
        return
    parts = (
        (say.t("documents.change_added"), change.added),
        (say.t("documents.change_removed"), change.removed),
        (say.t("documents.change_replaced"), change.replaced),
        (say.t("documents.change_edited"), change.edited),
        (say.t("documents.change_settings"), change.settings),
    )
    pairs = []
    for name, titles in parts:
        text = "; ".join(titles[:SHOWN])
        if len(titles) > SHOWN:
            text += "; " + say.t("documents.change_more", count=len(titles) - SHOWN)
        pairs.append((name, text))
    st.html(documents_markup.facts(pairs))


def _journal(say: Translator, entries: list[Entry]) -> None:
    rows = [
        (
            _when(say, entry.when),
            entry.user,
            action_name(say, entry.action),
            f"{entry.before or '–'} → {entry.after or '–'}",
        )
        for entry in entries
    ]
    heads = [
        say.t("documents.journal_when"),
        say.t("documents.journal_who"),
        say.t("documents.journal_what"),
        say.t("documents.journal_generations"),
    ]
    st.html(documents_markup.table(heads, rows))


def _when(say: Translator, iso: str) -> str:
    return say.moment(iso, st.context.timezone or "")


def action_name(say: Translator, action: str) -> str:
    """An action of the journal in the reader's words."""
    names = {
        "add": say.t("documents.action_add"),
        "remove": say.t("documents.action_remove"),
        "rebuild": say.t("documents.action_rebuild"),
        "repair": say.t("documents.action_repair"),
        "rollback": say.t("documents.action_rollback"),
        "gc": say.t("documents.action_gc"),
        "import": say.t("documents.action_import"),
        "recover": say.t("documents.action_recover"),
    }
    return names.get(action, action)
