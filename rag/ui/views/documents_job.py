"""What is being done to the index just now, and how it ended; the same for all browsers."""

from collections.abc import Callable

import streamlit as st

from index.records import ChangeReport
from rag.ui import documents_markup, markup
from rag.ui.i18n import Translator
from rag.ui.jobs import Job, Step, Watch
from rag.ui.uploads import Taken, states
from rag.ui.work import DESK

NAMES = "documents-upload-names"


def begin(say: Translator, kind: str, work: Callable[[Watch], object]) -> None:
    """Start a change of the index, or say that another one is going on."""
    if DESK.begin(kind, work):
        st.rerun()
    st.html(markup.notice(say.t("documents.job_busy")))


def show_job(say: Translator) -> None:
    """The panel above the tabs; nothing when nothing was done."""
    job = DESK.job
    if job is None:
        return
    running = job.running
    st.fragment(_panel, run_every=0.6 if running else None)(say, job, running)


def _panel(say: Translator, job: Job[object], was_running: bool) -> None:
    if was_running and not job.running:
        st.rerun()
    with st.container(border=True, key="documents-job"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(markup.block(kind_name(say, job.kind), "k-title"))
            if not job.running:
                st.button(
                    say.t("documents.job_close"),
                    key="job-close",
                    type="tertiary",
                    icon=":material/close:",
                    on_click=DESK.clear,
                )
        if job.running:
            _progress(say, job)
        else:
            _outcome(say, job)


def _progress(say: Translator, job: Job[object]) -> None:
    step = job.watch.now()
    share = step.done / step.total if step and step.total else 0.0
    st.progress(min(share, 1.0), text=step_text(say, step))
    if job.kind == "add":
        names = st.session_state.get(NAMES, ())
        words = {
            "waiting": say.t("documents.file_waiting"),
            "reading": say.t("documents.file_reading"),
            "read": say.t("documents.file_read"),
        }
        rows = [(name, words[state]) for name, state in states(names, job.watch)]
        if rows:
            st.html(documents_markup.facts(rows))


def _outcome(say: Translator, job: Job[object]) -> None:
    failure = job.failure(say)
    if failure:
        st.html(markup.notice(failure))
        return
    result = job.result
    if isinstance(result, Taken):
        st.html(markup.block(report_text(say, result.report), "k-text"))
        for name in result.names:
            problem = result.problem(name)
            kind = "failed" if problem else "fine"
            words = say.t("documents.file_failed") if problem else say.t("documents.file_taken")
            # Most of these sentences begin with the name of the file.
            told = problem if problem.startswith(name) else f"{name}: {problem}"
            st.html(
                f'<div class="k-place" dir="auto">{documents_markup.chip(words, kind)} '
                f"{markup.text(told if problem else name)}</div>"
            )
        _notes(result.report)
    elif isinstance(result, ChangeReport):
        st.html(markup.block(report_text(say, result), "k-text"))
        if result.failed:
            st.html(documents_markup.listed([f"{path}: {why}" for path, why in result.failed]))
        _notes(result)
    elif isinstance(result, int):
        st.html(markup.block(say.t("documents.done_live", generation=result) + ".", "k-text"))


def _notes(report: ChangeReport) -> None:
    """What `documents.toml` says about no file."""
    if report.notes:
        st.html(documents_markup.listed(report.notes))


def report_text(say: Translator, report: ChangeReport) -> str:
    """What a change did, as one sentence."""
    added = report.added + report.moved
    twice = report.duplicates
    counts = (
        (added, say.t("documents.done_added", count=added)),
        (twice, say.t("documents.done_duplicates", count=twice)),
        (report.changed, say.t("documents.done_changed", count=report.changed)),
        (report.removed, say.t("documents.done_removed", count=report.removed)),
        (report.unchanged, say.t("documents.done_unchanged", count=report.unchanged)),
        (len(report.failed), say.t("documents.done_failed", count=len(report.failed))),
    )
    words = [text for count, text in counts if count]
    words = words or [say.t("documents.done_nothing")]
    if report.generation is not None:
        words.append(say.t("documents.done_live", generation=report.generation))
    return "; ".join(words) + "."


def step_text(say: Translator, step: Step | None) -> str:
    """What is being done and how far it is."""
    if step is None:
        return say.t("documents.step_checking")
    names = {
        "Checking files": say.t("documents.step_checking"),
        "Reading documents": say.t("documents.step_reading"),
        "Reading pages": say.t("documents.step_pages"),
        "Cutting documents": say.t("documents.step_cutting"),
        "Encoding chunks": say.t("documents.step_encoding"),
    }
    if step.name == "Encoding chunks" and step.done >= step.total:
        return say.t("documents.step_finishing")
    return say.t(
        "documents.step_of",
        step=names.get(step.name, step.name),
        done=say.number(step.done),
        total=say.number(step.total),
    )


def kind_name(say: Translator, kind: str) -> str:
    """A kind of change in the reader's words."""
    return {
        "add": say.t("documents.job_add"),
        "edit": say.t("documents.job_edit"),
        "remove": say.t("documents.job_remove"),
        "reindex": say.t("documents.job_reindex"),
        "rollback": say.t("documents.job_rollback"),
    }[kind]
