"""One holder of the writer's lock: runs changes, each a new generation or nothing at all."""

import socket
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from corpus.errors import IndexError_
from corpus.progress import Progress, Silent
from index.building import Build, now
from index.cache import EncodingCache
from index.card import IndexCard
from index.encoders.base import Encoder, EncoderCard
from index.generations import Layout
from index.housekeeping import collect, recover
from index.journal import Entry, append_entry
from index.lazy import matching, no_model
from index.lock import WriterLock, current_owner
from index.options import IndexOptions
from index.reader import Reader
from index.storage import storage_errors

Counts = Mapping[str, int]
Gate = Callable[[Reader], str]


class Session:
    """A context manager around the lock. Raises `IndexLocked` on entering."""

    def __init__(
        self,
        layout: Layout,
        encoder: Encoder | None,
        options: IndexOptions | None = None,
        progress: Progress | None = None,
        purpose: str = "changing documents",
    ) -> None:
        """`encoder` None is for changes that encode nothing; `purpose` is told to the refused."""
        self.layout = layout
        self.options = options or IndexOptions()
        self.progress: Progress = progress or Silent()
        self._encoder = encoder
        self._purpose = purpose
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(WriterLock(self.layout.lock, self._purpose))
        try:
            with storage_errors(self.layout.root):
                recover(self.layout)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def encoder(self) -> Encoder:
        """The encoder. Raises `ModelError` when the session has none."""
        if self._encoder is None:
            raise no_model()
        return self._encoder

    def change(
        self,
        action: str,
        detail: str,
        card: IndexCard,
        edit: Callable[[Build], Counts],
        *,
        renew: frozenset[str] = frozenset(),
        gate: Gate | None = None,
    ) -> tuple[Counts, int | None]:
        """Clone the live generation, `edit` the clone, derive, prove, switch.

        `edit` returns what it did; nothing but zeros, and nothing to renew, makes no generation.
        `gate` looks at the finished generation before it is live and returns "" or why not.
        Returns the counts and the number of the live generation afterwards.
        """
        started = time.monotonic()
        before = self.layout.live()
        build = Build(self.layout, before, card, matching(self._encoder, card.encoder))
        try:
            done = edit(build)
            if not any(done.values()) and not renew:
                build.abandon()
                return done, before
            self._derive(build, card, renew)
            manifest = build.seal(action)
            self._pass(build, gate)
            after = build.publish(manifest)
        except BaseException:
            build.abandon()
            raise
        self.note(action, detail, before, after, done, time.monotonic() - started)
        self.tidy(card.encoder)
        return done, after

    def note(
        self,
        action: str,
        detail: str,
        before: int | None,
        after: int | None,
        counts: Counts,
        seconds: float = 0.0,
    ) -> None:
        """Write a change into the journal."""
        owner = current_owner(action)
        entry = Entry(
            when=now(),
            user=owner.user,
            host=socket.gethostname(),
            pid=owner.pid,
            action=action,
            detail=detail,
            before=before,
            after=after,
            seconds=round(seconds, 2),
            counts=dict(counts),
        )
        append_entry(self.layout.journal, entry)

    def tidy(self, card: EncoderCard) -> None:
        """Drop what is not needed any more."""
        cache = EncodingCache(self.layout.cache, card)
        cache.shrink(self.options.cache_bytes)
        cache.close()
        collect(self.layout, self.options.keep)

    def _derive(self, build: Build, card: IndexCard, renew: frozenset[str]) -> None:
        cache = EncodingCache(self.layout.cache, card.encoder)
        try:
            build.derive(cache, self.progress, renew)
        finally:
            cache.close()

    def _pass(self, build: Build, gate: Gate | None) -> None:
        if gate is None:
            return
        with Reader(build.folder) as reader:
            refusal = gate(reader)
        if refusal:
            raise IndexError_(f"The new index is not taken into use: {refusal}")
