"""The term store on tantivy, fed with terms of our own analysis.

Tantivy is imported here only. A document of the tantivy index is one chunk: its row (fast field),
its language, its analysed terms, keys of names and pairs of words, each joined by spaces. Segment
files are written once and `meta.json` is replaced whole, so a clone of hard links never changes
what a reader has open.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from corpus.errors import IndexDamaged, StorageError
from index.analysis.analyzer import ANALYSIS_REVISION, Analyzer
from index.analysis.pairs import pair_terms
from index.stores.base import Rows, Scores

if TYPE_CHECKING:
    import tantivy

_HEAP_BYTES = 64_000_000
# Up to here a set of rows is given to tantivy; above, matches are read in full and then sifted.
_SET_LIMIT = 10_000
_TOKENIZER = "kordon"
_FIELDS = ("terms", "names", "pairs")


class TantivyStore:
    """BM25 (k1 1.2, b 0.75) over analysed terms; see `index.stores.base.TermStore`."""

    revision: ClassVar[str] = f"tantivy-7/{ANALYSIS_REVISION}"

    def __init__(
        self,
        index: tantivy.Index,
        folder: Path,
        writer: Any = None,
        mirror: TemporaryDirectory[str] | None = None,
    ) -> None:
        """Use `open`."""
        self._index = index
        self._mirror = mirror
        self._folder = folder
        self._writer = writer
        self._analyzer = Analyzer()
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path, *, writable: bool) -> Self:
        """Open the store in `folder`; missing or empty is an empty store.

        Raises `IndexDamaged` if the files cannot be read, `StorageError` if not written.
        """
        import tantivy

        mirror = None if writable else _mirror(folder)
        try:
            if writable:
                folder.mkdir(parents=True, exist_ok=True)
            # An empty store that nobody may write to lives in memory.
            path = str(folder) if writable or (folder / "meta.json").is_file() else None
            path = mirror.name if mirror else path
            index = tantivy.Index(_schema(), path=path)
            whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            index.register_tokenizer(_TOKENIZER, whitespace)
            writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1) if writable else None
        except OSError as error:
            raise StorageError(
                f"The term index cannot be written in {folder} ({error}); free some space."
            ) from error
        except ValueError as error:
            raise IndexDamaged(
                f"The term index in {folder} is damaged; restore an older generation or rebuild."
            ) from error
        return cls(index, folder, writer, mirror)

    def add(self, rows: Rows, texts: Sequence[str], languages: Sequence[str]) -> None:
        """Analyse and add texts under new rows."""
        import tantivy

        with self._writing():
            for row, text, language in zip(rows.tolist(), texts, languages, strict=True):
                document = tantivy.Document()
                document.add_unsigned("row", row)
                document.add_text("language", language)
                found = list(self._analyzer.analyse(text, language))
                found += pair_terms(text, found)
                for field in _FIELDS:
                    own = [term.term for term in found if _field(term.term) == field]
                    document.add_text(field, " ".join(own))
                self._writer.add_document(document)

    def remove(self, rows: Rows) -> None:
        """Forget these rows; unknown ones are ignored."""
        import tantivy

        # Not `delete_documents_by_term`: it does not find unsigned values (tantivy 0.27).
        for row in rows.tolist():
            query = tantivy.Query.term_query(self._index.schema, "row", row)
            self._writer.delete_documents_by_query(query)

    def compact(self) -> bool:
        """False: segments with removed rows are merged when tantivy sees fit."""
        return False

    def save(self) -> None:
        """Commit and wait for merges; afterwards the folder does not change any more."""
        with self._writing():
            self._writer.commit()
            self._writer.garbage_collect_files()
            self._writer.wait_merging_threads()
        self._writer = None
        for lock in self._folder.glob(".tantivy-*.lock"):
            lock.unlink(missing_ok=True)
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(
        self,
        terms: Mapping[str, float],
        k: int,
        allowed: Rows | None,
        language: str | None = None,
    ) -> tuple[Rows, Scores]:
        """The best `k` rows by weighted BM25 over analysed `terms`, best first.

        `allowed` limits the rows (all if None), `language` limits them to chunks added under it;
        both before scoring, so that the result is that of an exhaustive search.
        """
        if k <= 0 or not terms or (allowed is not None and not allowed.size):
            return _nothing()
        inside = allowed is not None and allowed.size <= _SET_LIMIT
        query = self._query(terms, allowed if inside else None, language)
        if allowed is None or inside:
            return self._run(query, k)
        limit = 4 * k
        while True:
            rows, scores = self._run(query, limit)
            keep = np.isin(rows, allowed, assume_unique=True)
            if rows.size < limit or int(keep.sum()) >= k:
                return rows[keep][:k], scores[keep][:k]
            limit *= 4

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each term occurs, only for terms that occur at all."""
        found = {term: self._searcher.doc_freq(_field(term), term) for term in terms}
        return {term: count for term, count in found.items() if count}

    def rows(self) -> Rows:
        """All rows held, ascending."""
        import tantivy

        if not self._searcher.num_docs:
            return np.empty(0, np.int64)
        return np.sort(self._run(tantivy.Query.all_query(), self._searcher.num_docs)[0])

    def verify(self) -> Iterator[str]:
        """Sentences on what is damaged; none when all is well."""
        rows = self.rows()
        if np.unique(rows).size != rows.size:
            yield "The term index holds a passage twice."
        if rows.size != self._searcher.num_docs:
            yield "The term index does not read back all passages that it counts."

    def close(self) -> None:
        """Let go of the writer's lock, if it was not saved."""
        if self._writer is not None:
            # A writer that a full disk has killed cannot roll back, and need not.
            with suppress(OSError, ValueError):
                self._writer.rollback()
            self._writer = None
        if self._mirror is not None:
            self._mirror.cleanup()
            self._mirror = None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say in one sentence what tantivy's threads ran into: as a rule, a full disk."""
        try:
            yield
        except (OSError, ValueError) as error:
            raise StorageError(
                f"The term index cannot be written in {self._folder} ({error}); free some space."
            ) from error

    def _query(
        self, terms: Mapping[str, float], allowed: Rows | None, language: str | None
    ) -> tantivy.Query:
        from tantivy import Occur, Query

        schema = self._index.schema
        wanted = Query.boolean_query(
            [
                (Occur.Should, Query.boost_query(_term(schema, _field(term), term, "freq"), weight))
                for term, weight in terms.items()
            ]
        )
        limits = []
        if language is not None:
            limits.append(_term(schema, "language", language, "basic"))
        if allowed is not None:
            limits.append(Query.term_set_query(schema, "row", allowed.tolist()))
        if not limits:
            return wanted
        silent = [(Occur.Must, Query.const_score_query(limit, 0.0)) for limit in limits]
        return Query.boolean_query([(Occur.Must, wanted), *silent])

    def _run(self, query: tantivy.Query, limit: int) -> tuple[Rows, Scores]:
        hits = self._searcher.search(query, limit, count=False).hits
        if not hits:
            return _nothing()
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.asarray(rows, np.int64), np.asarray([score for score, _ in hits], np.float32)


def _mirror(folder: Path) -> TemporaryDirectory[str] | None:
    """Links to the files of a folder that is not writable: tantivy locks even what it reads."""
    if not (folder / "meta.json").is_file() or os.access(folder, os.W_OK):
        return None
    mirror = TemporaryDirectory(prefix="kordon-terms-")
    for file in folder.iterdir():
        if not file.name.endswith(".lock"):
            Path(mirror.name, file.name).symlink_to(file.absolute())
    return mirror


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


def _field(term: str) -> str:
    """Names and pairs have fields of their own: they must not make passages look longer."""
    return {"~": "names", "&": "pairs"}.get(term[:1], "terms")


def _term(schema: tantivy.Schema, field: str, value: str, option: str) -> tantivy.Query:
    from tantivy import Query

    return Query.term_query(schema, field, value, option)


def _nothing() -> tuple[Rows, Scores]:
    return np.empty(0, np.int64), np.empty(0, np.float32)
