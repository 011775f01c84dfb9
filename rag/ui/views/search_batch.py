"""Many queries from a file, with progress, and the file of their results."""

import streamlit as st

from rag.ui import markup
from rag.ui.i18n import Translator
from rag.ui.jobs import Job, Watch
from rag.ui.search_batch import BatchResult, batch_csv, read_queries, run_batch
from rag.ui.service import kordon
from rag.ui.views.uploader import translate_uploader

KEY = "search-batch"


def show_batch(say: Translator) -> None:
    """The tab."""
    st.html(markup.block(say.t("search.batch_hint"), "k-text"))
    translate_uploader(say)
    file = st.file_uploader(say.t("search.batch_file"), type=["csv", "txt"], key="batch-file")
    job: Job[BatchResult] | None = st.session_state.get(KEY)
    if file is not None and (job is None or not job.running):
        queries = read_queries(file.getvalue())
        if not queries.texts:
            st.html(markup.notice(say.t("search.batch_none")))
        else:
            _start(say, queries.texts, queries.left_out)
    if job is not None:
        _watch(say)


def _start(say: Translator, texts: tuple[str, ...], left_out: int) -> None:
    st.html(markup.block(say.t("search.batch_count", count=len(texts)), "k-text"))
    if left_out:
        st.html(markup.block(say.t("search.batch_left_out", count=left_out), "k-caveat"))
    each = st.select_slider(
        say.t("search.batch_each"), (1, 3, 5, 10, 20), value=5, key="batch-each"
    )
    if st.button(say.t("search.batch_start"), type="primary", key="batch-start"):
        shared = kordon()

        def work(watch: Watch) -> BatchResult:
            return run_batch(shared, texts, each, watch)

        st.session_state[KEY] = Job.start("batch", work)
        st.rerun()


def _watch(say: Translator) -> None:
    running = st.session_state[KEY].running
    st.fragment(_progress, run_every=0.7 if running else None)(say, running)


def _progress(say: Translator, was_running: bool) -> None:
    job: Job[BatchResult] = st.session_state[KEY]
    if was_running and not job.running:
        st.rerun()
    if job.running:
        step = job.watch.now()
        done, total = (step.done, step.total) if step else (0, 0)
        words = say.t("search.batch_progress", done=say.number(done), total=say.number(total))
        st.progress(done / total if total else 0.0, text=words)
        st.button(say.t("search.batch_stop"), key="batch-stop", on_click=job.stop)
        return
    failure = job.failure(say)
    if failure:
        st.html(markup.notice(failure))
    result = job.result
    if result is not None:
        _done(say, result)


def _done(say: Translator, result: BatchResult) -> None:
    words = [say.t("search.batch_done", count=result.asked)]
    if result.failed:
        words.append(say.t("search.batch_failed", count=result.failed))
    st.html(markup.block("; ".join(words) + ".", "k-text"))
    if result.stopped:
        st.html(markup.block(say.t("search.batch_stopped"), "k-caveat"))
    st.download_button(
        say.t("search.batch_download"),
        lambda: batch_csv(result, say),
        file_name=f"{say.t('search.file_batch')}.csv",
        mime="text/csv",
        key="batch-download",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
    )
