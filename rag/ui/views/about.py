"""The page about the system: what it holds, how it answers, and what it cannot do."""

import streamlit as st

from corpus.errors import IndexMissing
from rag.ui import about_markup, documents_markup, markup
from rag.ui.about_logic import Facts, facts, product_version
from rag.ui.i18n import Translator
from rag.ui.names import format_name, language_name
from rag.ui.service import kordon, settings

MOST = 8  # publishers shown


def show(say: Translator) -> None:
    """The whole page."""
    st.html(about_markup.STYLE)
    st.html(documents_markup.STYLE)
    st.title(say.t("about.title"), anchor=False)
    st.html(markup.block(say.t("about.what"), "k-opening"))
    try:
        with kordon().reader() as reader:
            found: Facts | None = facts(reader, settings())
    except IndexMissing:
        found = None
        st.html(markup.block(say.t("about.empty"), "k-caveat"))
    if found is not None:
        _indexed(say, found)
    st.html(documents_markup.section(say.t("about.how")))
    st.html(
        about_markup.steps(
            [
                say.t("about.how_search"),
                say.t("about.how_read"),
                say.t("about.how_check"),
                say.t("about.how_decide"),
                say.t("about.how_show"),
            ]
        )
    )
    st.html(documents_markup.section(say.t("about.limits")))
    st.html(
        about_markup.steps(
            [
                say.t("about.limit_quotes"),
                say.t("about.limit_refusal"),
                say.t("about.limit_scans"),
                say.t("about.limit_languages"),
                say.t("about.limit_accounts"),
                say.t("about.limit_network"),
            ],
            ordered=False,
        )
    )
    if found is not None:
        _parts(say, found)


def _indexed(say: Translator, found: Facts) -> None:
    tiles = [
        (say.number(found.documents), say.t("about.tile_documents", count=found.documents)),
        (say.number(found.pages), say.t("about.tile_pages", count=found.pages)),
        (say.number(found.chunks), say.t("about.tile_chunks", count=found.chunks)),
    ]
    if found.first:
        years = found.first if found.first == found.last else f"{found.first}–{found.last}"
        tiles.append((years, say.t("about.tile_years")))
    st.html(documents_markup.section(say.t("about.indexed")))
    st.html(about_markup.tiles(tiles))
    columns = st.columns(3, gap="medium")
    groups = (
        (
            say.t("about.by_language"),
            [(language_name(say, one), count) for one, count in found.languages],
        ),
        (say.t("about.by_kind"), [(format_name(say, one), count) for one, count in found.formats]),
        (say.t("about.by_publisher"), list(found.publishers[:MOST])),
    )
    for column, (title, pairs) in zip(columns, groups, strict=True):
        with column:
            st.html(markup.block(title, "k-facts"))
            rows = [(name, count, say.number(count)) for name, count in pairs]
            st.html(about_markup.shares(rows))
    if found.unread:
        st.html(markup.block(say.t("about.unread", count=found.unread), "k-caveat"))


def _parts(say: Translator, found: Facts) -> None:
    st.html(documents_markup.section(say.t("about.parts")))
    made = say.moment(found.created, st.context.timezone or "")
    generation = say.t("about.generation_value", number=found.generation, when=made)
    st.html(
        documents_markup.facts(
            [
                (say.t("about.version"), product_version()),
                (say.t("about.generation"), generation),
                (
                    say.t("about.encoder"),
                    say.t("about.encoder_value", name=found.encoder, dimension=found.dimension),
                ),
                (say.t("about.chunking"), found.chunking),
                (say.t("about.stores"), ", ".join(f"{kind}: {spec}" for kind, spec in found.parts)),
                (say.t("about.answerer"), found.answerer),
            ]
        )
    )
