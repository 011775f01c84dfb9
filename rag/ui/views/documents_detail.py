"""One document: facts, what was extracted beside the page's picture, its details, its removal."""

from functools import partial

import streamlit as st

from corpus.overrides import Override
from corpus.types import Page
from index.reader import Reader
from index.records import DocumentRecord
from rag.terminal import place as page_place
from rag.ui import documents_markup, markup
from rag.ui.document_edit import said_about
from rag.ui.documents_logic import Shown, edit, opened, place, remove
from rag.ui.i18n import Translator
from rag.ui.names import format_name, language_name
from rag.ui.page_images import has_picture, page_shape
from rag.ui.search_logic import bound
from rag.ui.service import kordon
from rag.ui.source_panel import show_page
from rag.ui.views.documents_job import begin

OPEN = "documents-open"


def show_document(say: Translator, reader: Reader, document_id: str) -> bool:
    """The document in place of the list; False when the generation does not hold it."""
    shown = opened(reader, document_id)
    if shown is None:
        st.session_state.pop(OPEN, None)
        return False
    record = shown.record
    if st.session_state.pop("documents-just-opened", False):
        st.html(documents_markup.TO_TOP, unsafe_allow_javascript=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say.t("documents.back"),
            key="documents-back",
            icon=":material/arrow_back:",
            type="tertiary",
            on_click=_close,
        )
        if shown.original is not None:
            st.download_button(
                say.t("documents.download"),
                shown.original.read_bytes,
                file_name=record.path.rsplit("/", 1)[-1],
                mime="application/octet-stream",
                key="documents-download",
                on_click="ignore",
                icon=":material/download:",
            )
        _removal(say, record)
    st.html(markup.block(record.title or record.path, "k-title"))
    _facts(say, shown)
    with st.expander(say.t("documents.edit"), icon=":material/edit:"):
        _form(say, record)
    _preview(say, shown)
    return True


def _close() -> None:
    st.session_state.pop(OPEN, None)


def _facts(say: Translator, shown: Shown) -> None:
    record = shown.record
    content = ", ".join(
        (
            say.t("common.pages", count=record.pages),
            say.t("documents.chunks", count=record.chunks),
        )
    )
    unread = ", ".join(say.number(number) for number in record.unread)
    left = [
        (say.t("documents.fact_file"), record.path),
        (say.t("documents.fact_also"), ", ".join(record.also)),
        (say.t("documents.fact_folder"), record.root),
        (say.t("documents.fact_kind"), format_name(say, record.format)),
        (say.t("documents.fact_size"), say.size(record.size)),
    ]
    right = [
        (say.t("documents.fact_publisher"), record.publisher),
        (say.t("documents.fact_date"), say.date(record.date) or say.t("documents.undated")),
        (say.t("documents.fact_label"), record.label),
        (say.t("documents.fact_language"), language_name(say, record.language)),
        (say.t("documents.fact_content"), content),
        (say.t("documents.fact_added"), say.moment(record.added, st.context.timezone or "")),
    ]
    one, other = st.columns(2)
    one.html(documents_markup.facts(left))
    other.html(documents_markup.facts(right))
    problems = list(record.problems)
    if unread:
        problems.append(say.t("documents.fact_unread", pages=unread))
    if problems:
        words = f"{say.t('documents.fact_problems')}: " + " ".join(problems)
        st.html(markup.block(words, "k-caveat"))


def _preview(say: Translator, shown: Shown) -> None:
    st.html(documents_markup.section(say.t("documents.preview")))
    total = len(shown.pages)
    number = 1
    if total > 1:
        number = st.pagination(total, key=f"preview-{shown.record.id}")
    page = shown.pages[min(number, total) - 1]
    with st.container(key="documents-preview"):
        text, picture = st.columns(2, gap="medium")
        with text:
            _extracted(say, page)
        with picture:
            _picture(say, shown, page)


def _extracted(say: Translator, page: Page) -> None:
    facts = [
        page_place(say, page.number, page.label),
        say.t("documents.page_language", language=language_name(say, page.language)),
    ]
    if page.layer == "ocr":
        facts.append(say.t("documents.page_ocr"))
    st.html(markup.block(" · ".join(facts), "k-facts"))
    if page.text.strip():
        st.html(markup.block(page.text, "k-extract", page.language))
    elif page.layer == "none":
        st.html(markup.block(say.t("documents.page_unread"), "k-caveat"))
    else:
        st.html(markup.block(say.t("documents.page_empty"), "k-place"))


def _picture(say: Translator, shown: Shown, page: Page) -> None:
    record = shown.record
    if not has_picture(record.format):
        st.html(markup.block(say.t("documents.no_image"), "k-place"))
    elif shown.original is None:
        st.html(markup.block(say.t("documents.no_original"), "k-place"))
    else:
        shape = page_shape(shown.original, page.number)
        show_page(say, record.id, page.number, record.title, shape)


def _form(say: Translator, record: DocumentRecord) -> None:
    said = said_about(place(record))
    st.html(markup.block(say.t("documents.edit_hint"), "k-place"))
    with st.form(f"edit-{record.id}", border=False):

        def field(label: str, name: str, now: str) -> str:
            given: str = getattr(said, name)
            return st.text_input(
                label,
                value=given,
                key=f"edit-{name}-{record.id}",
                max_chars=300,
                placeholder="" if given else say.t("documents.edit_from_document", value=now),
            )

        title = field(say.t("documents.edit_title"), "title", record.title)
        publisher = field(say.t("documents.edit_publisher"), "publisher", record.publisher)
        one, other = st.columns(2)
        with one:
            date = field(say.t("documents.edit_date"), "date", record.date)
        with other:
            label = field(say.t("documents.edit_label"), "label", record.label)
        saved = st.form_submit_button(say.t("documents.edit_save"), type="primary")
    if not saved:
        return
    day = bound(date)
    if day is None:
        st.html(markup.notice(say.t("documents.wrong_date", text=date[:40])))
        return
    wanted = Override(title.strip(), day, publisher.strip(), label.strip(), said.language)
    begin(say, "edit", partial(edit, kordon(), record, wanted))


def _removal(say: Translator, record: DocumentRecord) -> None:
    with st.popover(say.t("documents.remove"), icon=":material/delete:"):
        title = record.title or record.path
        st.html(markup.block(say.t("documents.remove_sure", title=title), "k-text"))
        if st.button(say.t("documents.remove_yes"), key="documents-remove", type="primary"):
            begin(say, "remove", partial(remove, kordon(), [record]))
