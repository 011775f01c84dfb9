"""The contracts of the three derived parts of a generation, all keyed by the chunk's row number.

A row (int64 >= 0) is the primary key of a chunk in the catalogue of one generation and the id under
which each part keeps what it knows of that chunk. A part lives in a folder of its own and is opened
by `Class.open(folder: Path, *, writable: bool) -> Part`; a folder that is missing or empty is an
empty part. What a part keeps depends on the chunk's text and language only, so a chunk that moves
within its document keeps its row.

A writer opens a part in a folder that no reader has: a clone whose files are HARD LINKS to those of
the live generation. So a part never changes a file in place (no append, no truncation, no mapped
write): it writes a new file and puts it in the old one's place with `os.replace`, or adds segment
files and rewrites a small list of them. `save()` makes everything durable; nothing is written after
it. A reader never changes a file. `verify()` yields sentences on what does not hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from index.types import Spans, Vectors

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


class Part(Protocol):
    """What every derived part can do. Reading methods are safe to call from several threads.

    `revision` names the format and whatever its content depends on (library, analysis); when it
    differs from the one a generation was built with, the part is rebuilt from the catalogue.
    """

    revision: ClassVar[str]

    def remove(self, rows: Rows) -> None:
        """Forget these rows; unknown ones are ignored."""
        ...

    def compact(self) -> bool:
        """Let the next `save` leave no trace of removed rows in the files.

        False when the part cannot do that; it is then made anew from the catalogue.
        """
        ...

    def save(self) -> None:
        """Write everything to the folder, durably."""
        ...

    def rows(self) -> Rows:
        """All rows held, ascending."""
        ...

    def verify(self) -> Iterator[str]:
        """Sentences on what is damaged; none when all is well."""
        ...

    def close(self) -> None:
        """Let go of files and memory."""
        ...


class DenseStore(Part, Protocol):
    """One vector per chunk, inner-product search."""

    @property
    def summary(self) -> str:
        """The type of the index and its state in a few words, for `status`."""
        ...

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add (n, d) unit vectors under new rows."""
        ...

    def search(self, query: Vectors, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
        """The best `k` rows for one (d,) query among `allowed` (all if None), best first."""
        ...

    def scores(self, query: Vectors, rows: Rows) -> Scores:
        """Exact inner products of one (d,) query with these rows, in their order."""
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) stored vectors of these rows, in their order."""
        ...


class TermStore(Part, Protocol):
    """An inverted index over our own analysed terms, BM25."""

    def add(self, rows: Rows, texts: Sequence[str], languages: Sequence[str]) -> None:
        """Analyse and add texts under new rows."""
        ...

    def search(
        self,
        terms: Mapping[str, float],
        k: int,
        allowed: Rows | None,
        language: str | None = None,
    ) -> tuple[Rows, Scores]:
        """The best `k` rows by weighted BM25 over analysed `terms`, best first.

        `allowed` and `language` (of the chunks, as given to `add`) limit the rows before scoring.
        """
        ...

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each term occurs, only for terms that occur at all."""
        ...


class TokenStore(Part, Protocol):
    """The token vectors of every chunk, quantised, read only for candidates."""

    def add(
        self,
        rows: Rows,
        tokens: Sequence[Vectors],
        spans: Sequence[Spans],
        languages: Sequence[str] = (),
    ) -> None:
        """Add (t_i, d) unit token vectors and their character offsets under new rows.

        `languages` of the chunks, "" or none where unknown; tokens are centred per language.
        """
        ...

    def read(self, rows: Rows) -> tuple[tuple[Vectors, ...], tuple[Spans, ...]]:
        """Decoded token vectors, in the store's own space, and offsets, in the order of `rows`.

        Near-equal neighbouring tokens may have been joined into one. Raises `KeyError` for an
        unknown row.
        """
        ...

    def question(self, tokens: Vectors, language: str) -> Vectors:
        """(t, d) token vectors of a question in the space of what `read` returns, unit rows."""
        ...

    def best_matches(self, question: Vectors, rows: Rows) -> Scores:
        """(t, w) tokens from `question` -> (n, t): each one's best cosine in each of these rows."""
        ...
