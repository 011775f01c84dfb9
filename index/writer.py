"""Changes of the index, one at a time: each becomes a new generation or nothing at all."""

import socket
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.errors import DocumentError, IndexError_, IndexMissing, UsageError
from corpus.load import load_document
from corpus.progress import Progress, Silent
from index.building import Build, now
from index.cache import EncodingCache
from index.card import IndexCard, card_differences
from index.encoders.base import Encoder
from index.generations import Layout, read_manifest
from index.housekeeping import collect, recover
from index.journal import Entry, append_entry
from index.lock import WriterLock, current_owner
from index.options import IndexOptions, wanted_card
from index.reader import Reader
from index.records import ChangeReport, Source
from index.storage import storage_errors
from index.survey import Survey, Surveyor, Task

__all__ = ["ChangeReport", "Writer"]


class Writer:
    """Adds and removes documents. A context manager that holds the writer's lock.

    Raises `IndexLocked` on entering when another living process holds it, and `StorageError` from
    any change when the disk is full or not writable; the live generation is then untouched.
    """

    def __init__(
        self,
        layout: Layout,
        encoder: Encoder,
        options: IndexOptions | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Use `IndexStore.writer`."""
        self._layout = layout
        self._encoder = encoder
        self._options = options or IndexOptions()
        self._progress = progress or Silent()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(WriterLock(self._layout.lock, "changing documents"))
        with storage_errors(self._layout.root):
            recover(self._layout)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def add(
        self, paths: Sequence[Path | str], *, label: str | None = None, sync: bool = False
    ) -> ChangeReport:
        """Take in files, and folders with everything below them.

        Unchanged files are skipped; a file that cannot be taken in is reported and the others are
        still indexed. `label` is the clearance of files for which `documents.toml` names none; None
        keeps the label of known files and gives new ones "public". `sync` also removes documents
        whose files below `paths` are gone.
        """
        with storage_errors(self._layout.root):
            live = self._layout.live()
            card = self._card(live)
            survey = self._survey([Path(path) for path in paths], label, sync, live)
            if not survey.tasks and not survey.vanished:
                return _report(survey, {}, live)
            return self._apply(survey, live, card, ", ".join(str(path) for path in paths))

    def remove(self, names: Iterable[str | Path]) -> ChangeReport:
        """Remove documents by id, or files by their path as listed or on disk.

        Raises `UsageError` naming what the index does not hold; nothing is removed then.
        """
        wanted = [str(name) for name in names]
        with storage_errors(self._layout.root):
            live = self._layout.live()
            if live is None:
                raise IndexMissing("Nothing is indexed yet; type `kordon index add PATH`.")
            with Reader(self._layout.folder(live)) as reader:
                sources = list(reader.catalogue.sources().values())
            picked = [source for name in wanted for source in _matching(name, sources)]
            survey = Survey(vanished=list(dict.fromkeys(picked)))
            return self._apply(
                survey,
                live,
                read_manifest(self._layout.folder(live)).card,
                ", ".join(wanted),
                "remove",
            )

    def _card(self, live: int | None) -> IndexCard:
        """Today's card. Raises `IndexError_` when the live generation was built otherwise."""
        wanted = wanted_card(self._encoder.card, self._options)
        if live is not None:
            found = card_differences(read_manifest(self._layout.folder(live)).card, wanted)
            if found:
                raise IndexError_(
                    f"The index was built with other settings: {'; '.join(found)}; type "
                    "`kordon index rebuild`, or set them back."
                )
        return wanted

    def _survey(
        self, paths: Sequence[Path], label: str | None, sync: bool, live: int | None
    ) -> Survey:
        if live is None:
            return Surveyor({}, {}).survey(paths, label, sync, self._progress)
        with Reader(self._layout.folder(live)) as reader:
            labels = {record.id: record.label for record in reader.documents()}
            surveyor = Surveyor(reader.catalogue.sources(), labels)
        return surveyor.survey(paths, label, sync, self._progress)

    def _apply(
        self, survey: Survey, live: int | None, card: IndexCard, detail: str, action: str = "add"
    ) -> ChangeReport:
        started = time.monotonic()
        build = Build(self._layout, live, card, self._encoder)
        try:
            before = build.editor.counts()["documents"]
            for source in survey.vanished:
                build.drop_source(source.root, source.path)
            done = {"removed": before - build.editor.counts()["documents"]}
            self._take_in(build, survey, done)
            if not any(done.values()) and not survey.vanished:
                build.abandon()
                return _report(survey, done, live)
            self._derive(build)
            generation = build.publish(action)
        except BaseException:
            build.abandon()
            raise
        report = _report(survey, done, generation)
        self._after(action, detail, live, report, time.monotonic() - started)
        return report

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
            kind = "moved" if task.kind == "copy" else task.kind
            done[kind] = done.get(kind, 0) + 1

    def _take(self, build: Build, task: Task) -> None:
        if task.kind == "copy" and build.holds(task.source.document_id):
            build.put_source(task.source)
            return
        root = Path(task.source.root)
        document = load_document(task.file, root=root, label=task.source.label)
        original = task.file.read_bytes() if self._options.originals else None
        if document.id != task.source.document_id:
            raise DocumentError(
                f"{task.source.path} changed while it was read; add it again when it is complete."
            )
        build.put(document, task.source, original=original, forced=task.language)
        if task.former:
            build.drop_source(task.former.root, task.former.path)

    def _derive(self, build: Build, renew: frozenset[str] = frozenset()) -> None:
        cache = EncodingCache(self._layout.cache, self._encoder.card)
        try:
            build.derive(cache, self._progress, renew)
        finally:
            cache.close()

    def _after(
        self, action: str, detail: str, before: int | None, report: ChangeReport, seconds: float
    ) -> None:
        """Note the change, and drop what is not needed any more."""
        owner = current_owner(action)
        counts = {
            "added": report.added,
            "changed": report.changed,
            "moved": report.moved,
            "removed": report.removed,
            "failed": len(report.failed),
        }
        append_entry(
            self._layout.journal,
            Entry(
                when=now(),
                user=owner.user,
                host=socket.gethostname(),
                pid=owner.pid,
                action=action,
                detail=detail,
                before=before,
                after=report.generation,
                seconds=round(seconds, 2),
                counts=counts,
            ),
        )
        cache = EncodingCache(self._layout.cache, self._encoder.card)
        cache.shrink(self._options.cache_bytes)
        cache.close()
        collect(self._layout, self._options.keep)


def _report(survey: Survey, done: dict[str, int], generation: int | None) -> ChangeReport:
    return ChangeReport(
        added=done.get("added", 0),
        changed=done.get("changed", 0),
        unchanged=survey.unchanged,
        removed=done.get("removed", 0),
        moved=done.get("moved", 0),
        failed=tuple(survey.failed),
        generation=generation,
    )


def _matching(name: str, sources: Sequence[Source]) -> list[Source]:
    """The files that a document's id or a path means; a folder means all below it."""
    place = Path(name).expanduser().absolute()
    tests: tuple[Callable[[Source], bool], ...] = (
        lambda source: source.document_id == name,
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
