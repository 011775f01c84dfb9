"""A source as every page shows it: facts, the page with the quote marked, ways to the original."""

from collections.abc import Callable

import streamlit as st

from rag.terminal import place
from rag.ui import markup
from rag.ui.addresses import original_address, picture_address
from rag.ui.i18n import Translator
from rag.ui.page_images import page_shape
from rag.ui.service import kordon
from rag.ui.source import Box, Mention, Source, open_source


def show_source(
    say: Translator, mention: Mention, close: Callable[[], None], key: str = "source"
) -> None:
    """The panel with the source of a quote. `close` is called when the reader closes it."""
    with kordon().reader() as reader:
        source = open_source(reader, mention)
        original = reader.kept_original(mention.document_id) if source else None
        shape = page_shape(original, mention.page) if source and source.picture and original else 0
    with st.container(border=True, key=key):
        with st.container(
            horizontal=True, vertical_alignment="top", gap="small", wrap=False, key=f"{key}-titled"
        ):
            title = source.title if source else mention.title or mention.document
            st.html(markup.block(title, "k-title", source.language if source else ""))
            st.button(
                say.t("source.close"),
                key=f"{key}-close",
                icon=":material/close:",
                type="tertiary",
                on_click=close,
            )
        if source is None:
            st.html(markup.notice(say.t("source.changed")))
            return
        st.html(markup.block(facts(say, source), "k-facts"))
        _ways_out(say, source, key)
        if source.picture:
            _page(say, source, shape)
        else:
            _passage(say, source)
        place = f"{mention.document_id} {mention.start} {mention.end}"
        st.html(markup.script(markup.TO_QUOTE, place), unsafe_allow_javascript=True)


def facts(say: Translator, source: Source) -> str:
    """Publisher, date and page, as far as they are known."""
    mention = source.mention
    where = place(say, mention.page, mention.page_label)
    if source.format == "pdf" and mention.page_label in ("", str(mention.page)):
        where = say.t("source.page_of", page=mention.page, pages=source.pages)
    elif source.format == "pdf":
        count = say.t("common.pages", count=source.pages)
        where = say.t("source.of_pages", place=where, count=count)
    known = (source.publisher, say.date(source.date), where, source.name)
    return " · ".join(part for part in known if part)


def show_page(
    say: Translator,
    document_id: str,
    page: int,
    title: str,
    shape: float,
    boxes: tuple[Box, ...] = (),
) -> None:
    """The picture of a page of a PDF document, with boxes over some of its words.

    `shape` is its height by its width (`page_images.page_shape`).
    """
    base = str(st.get_option("server.baseUrlPath") or "")
    st.html(
        markup.page_picture(
            picture_address(document_id, page, base),
            say.t("source.picture", page=page, title=title),
            shape,
            [(box.left, box.top, box.right, box.bottom) for box in boxes],
        )
    )


def _ways_out(say: Translator, source: Source, key: str) -> None:
    if not source.original:
        return
    mention = source.mention
    with st.container(horizontal=True, gap="small"):
        if source.format == "pdf":
            base = str(st.get_option("server.baseUrlPath") or "")
            st.link_button(
                say.t("source.open", page=mention.page),
                original_address(mention.document_id, mention.page, base),
                icon=":material/open_in_new:",
                key=f"{key}-open",
            )
        with kordon().reader() as reader:
            file = reader.source_path(mention.document_id)
        st.download_button(
            say.t("source.download"),
            file.read_bytes,
            file_name=mention.document.rsplit("/", 1)[-1],
            mime="application/octet-stream",
            key=f"{key}-download",
            on_click="ignore",
            icon=":material/download:",
        )


def _page(say: Translator, source: Source, shape: float) -> None:
    mention = source.mention
    if not source.boxes:
        st.caption(say.t("source.no_place"))
    show_page(say, mention.document_id, mention.page, source.title, shape, source.boxes)
    with st.expander(say.t("source.as_text")):
        _passage(say, source)


def _passage(say: Translator, source: Source) -> None:
    if source.heading:
        st.html(markup.block(source.heading, "k-title", source.language))
    st.html(markup.quoted(source.before, source.quote, source.after, source.language))
