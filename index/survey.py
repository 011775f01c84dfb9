"""What an `add` has to do: files compared with what the live generation knows of them."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from corpus.errors import DocumentError
from corpus.load import DEFAULT_LABEL
from corpus.overrides import Overrides
from corpus.progress import Progress
from corpus.strays import strays
from corpus.walk import Walk
from index.records import Source
from index.storage import sha256_file

Kind = Literal["added", "changed", "moved", "copy"]
_YOUNG = 2_000_000_000  # ns: within this a second change may leave size and time as they were


@dataclass(frozen=True, slots=True)
class Task:
    """One file to take in. `former` is the place that a moved file had; a "copy" is of a document
    that has another file too."""

    kind: Kind
    file: Path
    source: Source
    language: str
    former: Source | None = None


@dataclass(slots=True)
class Survey:
    """What was found: `tasks` in the order of the files, and files that need nothing.

    `outlived` are known places without a file whose content is there at another place. `notes` and
    `left_out` are those of the `ChangeReport`.
    """

    tasks: list[Task] = field(default_factory=list)
    vanished: list[Source] = field(default_factory=list)
    outlived: list[Source] = field(default_factory=list)
    unchanged: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


class Surveyor:
    """Compares files with the sources of the live generation."""

    def __init__(
        self, sources: Mapping[tuple[str, str], Source], labels: Mapping[str, str]
    ) -> None:
        """`labels` maps ids of documents in the live generation to their clearance labels."""
        self._by_place = {_place(source): source for source in sources.values()}
        self._by_digest: dict[str, list[Source]] = {}
        for source in sources.values():
            self._by_digest.setdefault(source.digest, []).append(source)
        self._labels = dict(labels)
        self._lost: set[Path] = set()  # known places below the paths without a file of their own
        self._now: dict[Path, str] = {}  # digests of the files looked at

    def survey(
        self,
        paths: Sequence[Path],
        label: str | None,
        sync: bool,
        progress: Progress,
        accept: Callable[[Path], bool] | None = None,
    ) -> Survey:
        """Look at every file that `accept` takes (all, if None).

        `sync` also lists known files below `paths` that are gone.
        """
        walk = Walk()
        there = list(walk.files(paths))
        survey = _walked(walk)
        self._lost = self._losses(paths, [file for _, file in there], walk)
        files = [pair for pair in there if accept is None or accept(pair[1])]
        for root, file in progress.track(
            files, step="Checking files", total=len(files), unit="file"
        ):
            try:
                self._look(survey, root, file, label)
            except DocumentError as error:
                survey.failed.append((_name(root, file), str(error)))
            except OSError as error:
                reason = f"{file.name} cannot be read ({error.strerror}); check its rights."
                survey.failed.append((_name(root, file), reason))
        if sync:
            survey.vanished = list(self._vanished(survey))
        survey.outlived = list(self._outlived(survey))
        return survey

    def _look(self, survey: Survey, root: Path, file: Path, label: str | None) -> None:
        known = self._by_place.get(file)
        if known:
            root = Path(known.root)
        override = Overrides.of(file.parent).get(file.name)
        wanted = label or (known.label if known else "")
        settings = hashlib.sha256(repr(override).encode()).hexdigest()[:16]
        state = file.stat()
        same = known is not None and (known.label, known.settings) == (wanted, settings)
        times = (state.st_size, state.st_mtime_ns)
        if known and same and times == (known.size, known.modified):
            self._now[file] = known.digest
            survey.unchanged += 1
            return
        digest = self._now[file] = sha256_file(file)
        if known and same and known.digest == digest:
            survey.unchanged += 1
            return
        young = time.time_ns() - state.st_mtime_ns < _YOUNG
        source = Source(
            root=str(root),
            path=_name(root, file),
            document_id=digest[:16],
            size=state.st_size,
            modified=0 if young else state.st_mtime_ns,
            digest=digest,
            label=wanted or DEFAULT_LABEL,
            settings=settings,
        )
        task = self._task(file, source, known, label, override.label, override.language)
        survey.tasks.append(task)
        self._note(task, override.label or task.source.label)

    def _task(
        self,
        file: Path,
        source: Source,
        known: Source | None,
        label: str | None,
        fixed: str,
        language: str,
    ) -> Task:
        twins = [twin for twin in self._by_digest.get(source.digest, []) if twin is not known]
        if known and known.digest == source.digest or not twins:
            return Task("changed" if known else "added", file, source, language)
        gone = next((twin for twin in twins if self._is_gone(twin)), None)
        if gone and len(twins) == 1:
            kept = label or gone.label
            return Task("moved", file, _with_label(source, kept), language, former=gone)
        have = self._labels[twins[0].document_id]
        if label is None and not fixed and not known:
            source = _with_label(source, twins[0].label)
        if (fixed or source.label) != have:
            raise DocumentError(
                f"{source.path} is the same file as {twins[0].path}, which has the label "
                f"{have!r}; give both the same label or remove one of them."
            )
        return Task("copy", file, source, language, former=gone)

    def _note(self, task: Task, label: str) -> None:
        """A later file of the same `add` may be the same again."""
        self._by_digest.setdefault(task.source.digest, []).append(task.source)
        if task.former in self._by_digest[task.source.digest]:
            self._by_digest[task.source.digest].remove(task.former)
        self._labels[task.source.document_id] = label

    def _losses(self, paths: Sequence[Path], files: Sequence[Path], walk: Walk) -> set[Path]:
        """Known places below `paths` that are no more, or that only a link led to another time.

        What stands in a folder that cannot be read just now is not lost.
        """
        roots = [path.expanduser().absolute() for path in paths]
        unread = [path for _, path, _ in walk.refused]
        others = [
            place
            for place in self._by_place.keys() - set(files)
            if _below(place, roots) and not _below(place, unread)
        ]
        real = {file.resolve() for file in files} if others else set()
        return {place for place in others if not _there(place) or place.resolve() in real}

    def _is_gone(self, source: Source) -> bool:
        return _place(source) in self._lost or not _there(_place(source))

    def _vanished(self, survey: Survey) -> Iterator[Source]:
        moved = {task.former for task in survey.tasks}
        for place, source in self._by_place.items():
            if place in self._lost and source not in moved and not _there(place):
                yield source

    def _outlived(self, survey: Survey) -> Iterator[Source]:
        settled = {*survey.vanished, *(task.former for task in survey.tasks)}
        for place, source in self._by_place.items():
            if place in self._lost and source not in settled and self._lives_on(source):
                yield source

    def _lives_on(self, source: Source) -> bool:
        """Whether another file has the content of this one now."""
        return any(
            not self._is_gone(twin) and self._now.get(_place(twin), twin.digest) == source.digest
            for twin in self._by_digest[source.digest]
        )


def _walked(walk: Walk) -> Survey:
    """What is known after the walk, before any file is looked at."""
    return Survey(
        failed=[(_name(root, path), sentence) for root, path, sentence in walk.refused],
        notes=[note for folder in walk.folders for note in strays(folder)],
        left_out=walk.left_out,
    )


def _below(place: Path, folders: Sequence[Path]) -> bool:
    return any(place.is_relative_to(folder) for folder in folders)


def _there(place: Path) -> bool:
    """Whether something is there, or cannot be seen for want of rights or of a network."""
    try:
        return place.exists()
    except OSError:
        return True


def _place(source: Source) -> Path:
    return Path(source.root) / source.path


def _name(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name


def _with_label(source: Source, label: str) -> Source:
    return Source(
        root=source.root,
        path=source.path,
        document_id=source.document_id,
        size=source.size,
        modified=source.modified,
        digest=source.digest,
        label=label,
        settings=source.settings,
    )
