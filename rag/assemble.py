"""The one place where the parts are put together.

`assemble(settings)` gives a `Kordon`: it opens the live generation on first use, moves to a newer
one between queries, and lets every query finish on the generation it began with. One `Kordon`
serves any number of threads.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from corpus.errors import KordonError, UsageError
from corpus.progress import Progress
from index.types import Filter, Hit
from rag.settings import Settings
from rag.types import Answer

if TYPE_CHECKING:
    from index.encoders.base import Encoder
    from index.reader import Reader
    from index.search.found import Found
    from index.search.searcher import Searcher
    from index.store import IndexStore
    from index.writer import Writer
    from rag.answering.by_sentence import BySentence
    from rag.answering.pipeline import Pipeline

ANSWERERS = {
    "extractive": "rag.answering.pipeline:Pipeline",
    "openai-compatible": "rag.generation.chain:OpenAICompatible",
    "chat-model": "rag.generation.chain:AnyChatModel",
}
COMPOSING = frozenset(("openai-compatible", "chat-model"))  # these are told about the model too


@dataclass(frozen=True)
class View:
    """One generation, opened: what a query needs from its first step to its last."""

    reader: "Reader"
    searcher: "Searcher"
    settings: Settings

    @cached_property
    def pipeline(self) -> "Pipeline":
        """What answers questions; made when the first one is asked, since a search needs none."""
        name, told = self.settings.answerer, {}
        if name in COMPOSING:
            told = {"llm": self.settings.llm}
        return answerer_class(name)(self.searcher, self.reader, self.settings.answer, **told)

    @property
    def generation(self) -> int:
        """The number of the generation seen."""
        return self.reader.generation

    @cached_property
    def _order(self) -> "BySentence | None":
        from rag.answering.by_sentence import by_sentence

        return by_sentence(self.searcher)

    def find(self, question: str, k: int = 10, *, where: Filter | None = None) -> "Found":
        """The best `k` passages, ordered by their best sentences too, and what was learned on the
        way. Raises `QuestionError` for a question that cannot be asked."""
        return self.searcher.find(question, k, where=where, rescorer=self._order)

    def search(self, question: str, k: int = 10, *, where: Filter | None = None) -> list[Hit]:
        """The hits of `find`."""
        return list(self.find(question, k, where=where).hits)

    def ask(
        self, question: str, *, where: Filter | None = None, before: str | None = None
    ) -> Answer:
        """The answer with its citations, or a refusal. Raises `QuestionError`.

        `before` is the question asked before it in the conversation (as it was understood then):
        a follow-up takes its topic from there.
        """
        return self.pipeline.answer(question, where=where or Filter(), before=before)


class _Lease:
    """A view and how many queries are in it; closed when it is left behind and empty."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.users = 0
        self.left = False

    def close_if_done(self) -> None:
        if self.left and not self.users:
            self.view.reader.close()


class Kordon:
    """Search and answers over the live index of one home folder."""

    def __init__(self, settings: Settings, index: "IndexStore") -> None:
        self.settings = settings
        self.index = index
        self._lock = threading.Lock()
        self._lease: _Lease | None = None
        self._encoder: Encoder | None = None

    @property
    def encoder(self) -> "Encoder":
        """The embedding model of the settings, loaded on first use. Raises `ModelError`."""
        if self._encoder is None:
            from index.encoders.registry import open_encoder

            self._encoder = open_encoder(self.settings.embedder, self.settings.models)
        return self._encoder

    @contextmanager
    def view(self) -> Iterator[View]:
        """The live generation, held open until the block ends.

        Raises `IndexMissing` when nothing is indexed, `IndexDamaged` when it does not open and
        `ModelError` when the model does not load.
        """
        lease = self._enter()
        try:
            yield lease.view
        finally:
            with self._lock:
                lease.users -= 1
                lease.close_if_done()

    @contextmanager
    def reader(self) -> Iterator["Reader"]:
        """The live generation without the model, for what needs no search."""
        reader = self.index.open()
        try:
            yield reader
        finally:
            reader.close()

    def writer(self, progress: Progress) -> "Writer":
        """The one writer; a context manager. Raises `IndexLocked` while another one writes.

        The model is loaded when something is encoded or compared with it; `remove` does neither.
        """
        from index.lazy import LazyEncoder

        encoder = LazyEncoder(lambda: self.encoder)
        return self.index.writer(encoder, self.settings.index, progress=progress)

    def search(self, question: str, k: int = 10, *, where: Filter | None = None) -> list[Hit]:
        """The best `k` passages of the live generation."""
        with self.view() as view:
            return view.search(question, k, where=where)

    def ask(
        self, question: str, *, where: Filter | None = None, before: str | None = None
    ) -> Answer:
        """The answer from the live generation; `before` as in `View.ask`."""
        with self.view() as view:
            return view.ask(question, where=where, before=before)

    def close(self) -> None:
        """Let go of the index once the running queries are done; the next one opens it again."""
        with self._lock:
            self._leave()

    def _enter(self) -> _Lease:
        with self._lock:
            live = self.index.generation()
            if self._lease is None or self._lease.view.generation != live:
                fresh = _Lease(self._open())
                self._leave()
                self._lease = fresh
            self._lease.users += 1
            return self._lease

    def _leave(self) -> None:
        if self._lease is not None:
            self._lease.left = True
            self._lease.close_if_done()
            self._lease = None

    def _open(self) -> View:
        from index.search.searcher import Searcher

        reader = self.index.open()
        try:
            reader.expect(self.encoder.card)
            searcher = Searcher(reader, self.encoder, self.settings.search)
        except KordonError:
            reader.close()
            raise
        return View(reader, searcher, self.settings)


def answerer_class(name: str) -> "type[Pipeline]":
    """The class of an answerer by its name in the table or "package.module:Class".

    Raises `UsageError` when there is none.
    """
    place = ANSWERERS.get(name, name)
    if ":" not in place:
        known = ", ".join(ANSWERERS)
        raise UsageError(f'There is no answerer "{name}"; use {known} or "package.module:Class".')
    try:
        found: type[Pipeline] = resolve_name(place)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            f'The answerer "{name}" cannot be imported ({error}); correct the setting answerer.'
        ) from error
    # A function may make the answerer; a class must be one.
    if not callable(found) or (isinstance(found, type) and not hasattr(found, "answer")):
        raise UsageError(f'"{name}" is no answerer; correct the setting answerer.')
    return found


def assemble(settings: Settings) -> Kordon:
    """The parts that `settings` name, put together; nothing heavy is opened yet."""
    from index.store import IndexStore

    return Kordon(settings, IndexStore(settings.home))
