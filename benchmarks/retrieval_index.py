"""An index whose chunks are given passages: the product's own stores without files or chunking."""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from index.catalogue import Columns
from index.encoders.base import Encoder
from index.records import DocumentRecord
from index.stores.base import Rows
from index.stores.exact import ExactStore
from index.stores.tantivy_store import TantivyStore
from index.stores.tokens_store import SignTokenStore
from index.types import Chunk, Encoded, Filter, Spans, Vectors

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts with their vectors (n, d), token vectors (all texts' together) and their offsets."""

    texts: tuple[str, ...]
    vectors: Vectors
    tokens: np.ndarray  # (sum t, d) float16
    spans: Spans  # (sum t, 2)
    offsets: Rows  # (n + 1,)

    def encoded(self, number: int) -> Encoded:
        """What the encoder says of one text."""
        inside = slice(self.offsets[number], self.offsets[number + 1])
        own = self.tokens[inside].astype(np.float32)
        return Encoded(self.vectors[number : number + 1], (own,), (self.spans[inside],))


class Encodings:
    """Encoded texts, kept in a folder so that a second run is quick."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.folder = folder
        self.encoder = encoder
        folder.mkdir(parents=True, exist_ok=True)

    def of(self, name: str, texts: Sequence[str], *, questions: bool = False) -> Texts:
        """The texts encoded, from the folder when they are the same as last time."""
        arrays, listed = self.folder / f"{name}.npz", self.folder / f"{name}.json"
        if arrays.is_file() and json.loads(listed.read_text("utf-8"))["texts"] == list(texts):
            with np.load(arrays, allow_pickle=False) as held:
                parts = (held["vec"], held["tok"], held["spans"], held["off"])
        else:
            parts = self._encode(name, texts, questions)
            np.savez(arrays, **dict(zip(("vec", "tok", "spans", "off"), parts, strict=True)))
            listed.write_text(json.dumps({"texts": list(texts)}, ensure_ascii=False), "utf-8")
        return Texts(tuple(texts), *parts)

    def _encode(self, name: str, texts: Sequence[str], questions: bool) -> tuple[np.ndarray, ...]:
        encode = self.encoder.encode_queries if questions else self.encoder.encode_passages
        by_length = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        held: dict[int, tuple[np.ndarray, ...]] = {}
        for at in range(0, len(texts), _BATCH):
            some = by_length[at : at + _BATCH]
            encoded = encode([texts[number] or "-" for number in some], tokens=True)
            for place, number in enumerate(some):
                tokens = encoded.tokens[place].astype(np.float16)
                held[number] = (encoded.vectors[place], tokens, encoded.spans[place])
            print(f"\rencoding {name}: {at + len(some)}/{len(texts)}", end="", file=sys.stderr)
        print(file=sys.stderr)
        vectors, tokens, spans = zip(*(held[number] for number in range(len(texts))), strict=True)
        offsets = np.cumsum([0] + [len(own) for own in tokens])
        return np.stack(vectors), np.concatenate(tokens), np.concatenate(spans), offsets


_UNTITLED = DocumentRecord(
    id="",
    root="",
    path="",
    also=(),
    format="text",
    title="",
    date="",
    publisher="",
    label="public",
    language="",
    paged=False,
    pages=1,
    characters=0,
    chunks=1,
    problems=(),
    unread=(),
    size=0,
    added="",
)


class PassageIndex:
    """What a `Searcher` reads of an index, over given passages; row n is passage n."""

    generation = 0

    def __init__(
        self, parts: Sequence[tuple[Texts, str]], documents: Sequence[int] | None = None
    ) -> None:
        """`parts` are passages with their language, `documents` the document of each; where there
        are none, every passage is one."""
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self._texts = [text for texts, _ in parts for text in texts.texts]
        self.languages = np.array([name for texts, name in parts for _ in texts.texts])
        rows = np.arange(len(self._texts))
        self._documents = rows if documents is None else np.array(documents)
        vectors = np.concatenate([texts.vectors for texts, _ in parts]).astype(np.float32)
        self.dense = ExactStore(folder / "vectors", rows, vectors)
        terms = TantivyStore.open(folder / "terms", writable=True)
        terms.add(rows, self._texts, self.languages.tolist())
        terms.save()
        self.terms = TantivyStore.open(folder / "terms", writable=False)
        tokens = SignTokenStore.open(folder / "tokens", writable=True)
        row = 0
        for texts, language in parts:
            for number in range(len(texts.texts)):
                own = texts.encoded(number)
                tokens.add(np.array([row]), own.tokens, own.spans, [language])
                row += 1
        tokens.save()
        self.tokens = SignTokenStore.open(folder / "tokens", writable=False)
        size = sum(path.stat().st_size for path in (folder / "tokens").iterdir())
        self.token_bytes = size / max(1, row)

    def has(self, kind: str) -> bool:
        """All parts are there."""
        return kind in ("vectors", "terms", "tokens")

    @cached_property
    def columns(self) -> Columns:
        """Document and language of every passage."""
        rows = np.arange(len(self._texts))
        codes, languages = np.unique(self.languages, return_inverse=True)
        return Columns(rows, self._documents, languages.astype(np.int16), tuple(codes.tolist()))

    def record(self, number: int) -> DocumentRecord:
        """A document without a title."""
        own = np.flatnonzero(self._documents == number)
        language = str(self.languages[own[0]])
        return replace(_UNTITLED, id=str(number), language=language, chunks=own.size)

    def document(self, name: str) -> DocumentRecord:
        """The document of a chunk, by the id that the chunk tells."""
        return self.record(int(name))

    def rows_of(self, where: Filter) -> Rows | None:
        """Only languages are known."""
        if not where.languages:
            return None
        return np.flatnonzero(np.isin(self.languages, sorted(where.languages)))

    def chunks(self, rows: Rows) -> list[Chunk]:
        """The passages as chunks."""
        return [
            Chunk(
                id=str(row),
                document_id=str(self._documents[row]),
                start=0,
                end=len(self._texts[row]),
                pages=(1,),
                heading="",
                language=str(self.languages[row]),
                label="public",
                text=self._texts[row],
            )
            for row in rows.tolist()
        ]
