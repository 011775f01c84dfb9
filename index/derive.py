"""Derived parts from chunks: what is encoded, and what a digest stands for."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.progress import Progress
from index.cache import EncodedText, EncodingCache
from index.catalogue import Catalogue, ChunkRow
from index.chunking import Context, context_lead
from index.encoders.base import Encoder
from index.manifest import DOCUMENTS
from index.stores.base import DenseStore, Part, Rows, TermStore, TokenStore
from index.texts import TextFile
from index.types import Encoded

BATCH = 256  # rows given to the parts at once
CHECKPOINT = 32  # texts encoded between two writes of the cache


@dataclass(frozen=True, slots=True)
class Passage:
    """What the derived parts are made of: `lead` is context put before `text` for the encoder."""

    row: int
    text: str
    lead: str
    language: str


def chunk_digest(text: str, lead: str, language: str) -> bytes:
    """16 bytes that change whenever a derived part of the chunk would."""
    joined = "\x00".join((language, lead, text)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).digest()[:16]


class Passages:
    """Passages of catalogue rows, read from the texts of one generation's folder."""

    def __init__(self, catalogue: Catalogue, folder: Path, context: Context) -> None:
        """`context` is that of the chunk options."""
        self._catalogue = catalogue
        self._folder = folder
        self._context = context
        self._about = {
            number: (document, title)
            for number, document, title in catalogue.query(
                "SELECT number, id, title FROM documents"
            )
        }
        self._open: tuple[int, TextFile] | None = None

    def of(self, rows: Sequence[int]) -> list[Passage]:
        """Passages of these rows, in their order. Raises `IndexDamaged`, `KeyError`."""
        found = self._catalogue.chunk_rows(rows)
        return [self.passage(found[row]) for row in rows]

    def passage(self, chunk: ChunkRow) -> Passage:
        """One passage."""
        document, title = self._about[chunk.document]
        if self._open is None or self._open[0] != chunk.document:
            path = self._folder / DOCUMENTS / f"{document}.text"
            self._open = (chunk.document, TextFile(path))
        text = self._open[1].slice(chunk.start, chunk.end)
        return Passage(
            chunk.row, text, context_lead(text, chunk.heading, title, self._context), chunk.language
        )


def fill_parts(
    parts: dict[str, Part],
    rows: Rows,
    passages: Passages,
    encoder: Encoder,
    cache: EncodingCache,
    progress: Progress,
) -> None:
    """Add rows to every part. Encoded texts are kept in `cache`, so that a second try goes on."""
    if not parts or not len(rows):
        return
    steps = _fill(parts, rows, passages, encoder, cache)
    for _ in progress.track(steps, step="Encoding chunks", total=len(rows), unit="chunk"):
        pass


def _fill(
    parts: dict[str, Part],
    rows: Rows,
    passages: Passages,
    encoder: Encoder,
    cache: EncodingCache,
) -> Iterator[int]:
    for at in range(0, len(rows), BATCH):
        batch = rows[at : at + BATCH]
        found = passages.of(batch.tolist())
        if "terms" in parts:
            terms: TermStore = parts["terms"]  # type: ignore[assignment]
            terms.add(batch, [one.text for one in found], [one.language for one in found])
        if "vectors" in parts or "tokens" in parts:
            encoded = encode(found, encoder, cache, tokens="tokens" in parts)
            _add_encoded(parts, batch, encoded, [one.language for one in found])
        yield from batch.tolist()


def _add_encoded(
    parts: dict[str, Part], rows: Rows, encoded: Sequence[EncodedText], languages: Sequence[str]
) -> None:
    if "vectors" in parts:
        vectors: DenseStore = parts["vectors"]  # type: ignore[assignment]
        vectors.add(rows, np.stack([one.vector for one in encoded]))
    if "tokens" in parts:
        tokens: TokenStore = parts["tokens"]  # type: ignore[assignment]
        tokens.add(rows, [one.tokens for one in encoded], [one.spans for one in encoded], languages)


def encode(
    passages: Sequence[Passage], encoder: Encoder, cache: EncodingCache, *, tokens: bool
) -> list[EncodedText]:
    """Vectors, and token vectors on request, of passages in their order, from the cache or new."""
    wanted = {(one.lead, one.text) for one in passages}
    known = cache.get(wanted, tokens=tokens)
    missing = sorted(wanted - known.keys(), key=lambda pair: len(pair[0]) + len(pair[1]))
    for at in range(0, len(missing), CHECKPOINT):
        batch = missing[at : at + CHECKPOINT]
        encoded = encoder.encode_passages([lead + text for lead, text in batch], tokens=tokens)
        fresh = {
            key: _entry(encoded, place, len(key[0]), tokens) for place, key in enumerate(batch)
        }
        cache.put(fresh)
        known.update(fresh)
    return [known[one.lead, one.text] for one in passages]


def _entry(encoded: Encoded, place: int, lead: int, tokens: bool) -> EncodedText:
    """One text's vectors; tokens of the context are left out, offsets count from the passage.

    Token vectors are rounded as the cache rounds them, so that a resumed change ends the same.
    """
    vector = encoded.vectors[place]
    if not tokens:
        return EncodedText(vector)
    spans = encoded.spans[place]
    kept = spans[:, 0] >= lead
    rounded = encoded.tokens[place][kept].astype(np.float16).astype(np.float32)
    return EncodedText(vector, rounded, spans[kept] - lead)
