"""Adding and removing documents, and building the index anew."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.errors import DocumentError, IndexError_, UsageError
from corpus.load import load_document
from corpus.progress import Progress
from index import maintenance
from index.building import Build
from index.card import IndexCard, card_differences
from index.encoders.base import Encoder
from index.generations import Layout
from index.manifest import read_manifest
from index.naming import telling_names
from index.options import IndexOptions, wanted_card
from index.reader import Reader
from index.records import ChangeReport, Source
from index.session import Counts, Gate, Session
from index.storage import storage_errors
from index.survey import Survey, Surveyor, Task

__all__ = ["ChangeReport", "Writer"]


class Writer:
    """Changes documents. A context manager that holds the writer's lock.

    Raises `IndexLocked` on entering when another living process holds it, and `StorageError` from
    any change when the disk is full or not writable; the live generation is then untouched.
    """

    def __init__(
        self,
        layout: Layout,
        encoder: Encoder | None,
        options: IndexOptions | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Use `IndexStore.writer`."""
        self._layout = layout
        self._session = Session(layout, encoder, options, progress)
        self._progress = self._session.progress

    def __enter__(self) -> Self:
        self._session.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.__exit__(kind, error, trace)

    def add(
        self,
        paths: Sequence[Path | str],
        *,
        label: str | None = None,
        sync: bool = False,
        accept: Callable[[Path], bool] | None = None,
    ) -> ChangeReport:
        """Take in files, and folders with everything below them.

        Unchanged files are skipped; a file that cannot be taken in is reported and the others are
        still indexed. `label` is the clearance of files for which `documents.toml` names none; None
        keeps the label of known files and gives new ones "public". `sync` also removes documents
        whose files below `paths` are gone. Files that `accept` refuses are left for later.
        """
        with storage_errors(self._layout.root):
            live = self._layout.live()
            card = self._card(live)
            survey = self._survey([Path(path) for path in paths], label, sync, live, accept)
            if not (survey.tasks or survey.vanished or survey.outlived):
                return _report(survey, {}, live)
            detail = ", ".join(str(path) for path in paths)
            return self._apply(survey, card, "add", detail)

    def remove(self, names: Iterable[str | Path]) -> ChangeReport:
        """Remove documents by id, or files by their name as listed, their path as added or on disk.

        Raises `UsageError` naming what the index does not hold; nothing is removed then.
        """
        wanted = [str(name) for name in names]
        with storage_errors(self._layout.root):
            folder = self._layout.folder(self._layout.established())
            with Reader(folder) as reader:
                sources = list(reader.catalogue.sources().values())
            picked = [source for name in wanted for source in _matching(name, sources)]
            survey = Survey(vanished=list(dict.fromkeys(picked)))
            return self._apply(survey, read_manifest(folder).card, "remove", ", ".join(wanted))

    def rebuild(self, *, reread: bool = False, gate: Gate | None = None) -> ChangeReport:
        """Build a generation with today's encoder, chunking and stores beside the live one.

        Only what differs is made anew. `reread` parses the kept originals again. `gate` sees the
        finished generation before it goes live and returns "" or the reason to refuse it, which is
        then raised as `IndexError_`.
        """
        with storage_errors(self._layout.root):
            self._layout.established()
            return maintenance.rebuild(self._session, reread=reread, gate=gate)

    def repair(self) -> ChangeReport:
        """Make a sound generation from a damaged one; see `index.maintenance.repair`."""
        with storage_errors(self._layout.root):
            self._layout.established()
            return maintenance.repair(self._session)

    def _card(self, live: int | None) -> IndexCard:
        """Today's card. Raises `IndexError_` when the live generation was built otherwise."""
        wanted = wanted_card(self._session.encoder.card, self._session.options)
        if live is not None:
            found = card_differences(read_manifest(self._layout.folder(live)).card, wanted)
            if found:
                raise IndexError_(
                    f"The index was built with other settings: {'; '.join(found)}; type "
                    "`kordon index rebuild`, or set them back."
                )
        return wanted

    def _survey(
        self,
        paths: Sequence[Path],
        label: str | None,
        sync: bool,
        live: int | None,
        accept: Callable[[Path], bool] | None,
    ) -> Survey:
        if live is None:
            return Surveyor({}, {}).survey(paths, label, sync, self._progress, accept)
        with Reader(self._layout.folder(live)) as reader:
            labels = {record.id: record.label for record in reader.documents()}
            surveyor = Surveyor(reader.catalogue.sources(), labels)
        return surveyor.survey(paths, label, sync, self._progress, accept)

    def _apply(self, survey: Survey, card: IndexCard, action: str, detail: str) -> ChangeReport:
        def edit(build: Build) -> Counts:
            before = build.editor.counts()["documents"]
            for source in survey.vanished:
                build.drop_source(source.root, source.path)
            removed = before - build.editor.counts()["documents"]
            done = {"removed": removed, "sources": len(survey.vanished)}
            self._take_in(build, survey, done)
            dropped = sum(build.drop_copy(source) for source in survey.outlived)
            done["moved"] = done.get("moved", 0) + dropped
            return {**done, "failed": len(survey.failed)} if any(done.values()) else done

        done, generation = self._session.change(action, detail, card, edit)
        return _report(survey, done, generation)

    def _take_in(self, build: Build, survey: Survey, done: dict[str, int]) -> None:
        tasks = self._progress.track(
            survey.tasks, step="Reading documents", total=len(survey.tasks), unit="document"
        )
        for task in tasks:
            try:
                self._take(build, task)
            except DocumentError as error:
                survey.failed.append((task.source.path, str(error)))
                continue
            copied = "moved" if task.former else "duplicates"
            kind = copied if task.kind == "copy" else task.kind
            done[kind] = done.get(kind, 0) + 1

    def _take(self, build: Build, task: Task) -> None:
        if task.kind == "copy" and build.holds(task.source.document_id):
            build.put_source(task.source)
        else:
            self._read(build, task)
        if task.former:
            build.drop_source(task.former.root, task.former.path)

    def _read(self, build: Build, task: Task) -> None:
        root = Path(task.source.root)
        document = load_document(task.file, root=root, label=task.source.label)
        original = task.file.read_bytes() if self._session.options.originals else None
        if document.id != task.source.document_id:
            raise DocumentError(
                f"{task.source.path} changed while it was read; add it again when it is complete."
            )
        build.put(document, task.source, original=original, forced=task.language)


def _report(survey: Survey, done: Counts, generation: int | None) -> ChangeReport:
    return ChangeReport(
        added=done.get("added", 0),
        changed=done.get("changed", 0),
        unchanged=survey.unchanged,
        removed=done.get("removed", 0),
        moved=done.get("moved", 0),
        failed=tuple(survey.failed),
        generation=generation,
        duplicates=done.get("duplicates", 0),
        notes=tuple(survey.notes),
        left_out=tuple(survey.left_out.most_common()),
    )


def _matching(name: str, sources: Sequence[Source]) -> list[Source]:
    """The files that a document's id or a path means; a folder means all below it."""
    place = Path(name).expanduser().absolute()
    names = telling_names((source.root, source.path) for source in sources)
    tests: tuple[Callable[[Source], bool], ...] = (
        lambda source: source.document_id == name,
        lambda source: names[source.root, source.path] == name,
        lambda source: source.path == name,
        lambda source: (Path(source.root) / source.path).is_relative_to(place),
    )
    for test in tests:
        found = [source for source in sources if test(source)]
        if found:
            return found
    raise UsageError(
        f"The index holds no document {name!r}; type `kordon index list` to see what there is."
    )
