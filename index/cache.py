"""Encoded texts kept on disk while a change is being made, so that a second try goes on.

One SQLite file per encoder card. An entry is the vector of a text and, when asked for, its token
vectors in half precision. A finished change empties it down to `limit` bytes, oldest first.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.encoders.base import EncoderCard
from index.types import Spans, Vectors

Key = tuple[str, str]  # (context before the text, text)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS encoded(
  number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL, tokens BLOB,
  spans BLOB, size INTEGER NOT NULL)
"""


def _no_tokens() -> Vectors:
    return np.zeros((0, 0), np.float32)


def _no_spans() -> Spans:
    return np.zeros((0, 2), np.int32)


@dataclass(frozen=True, slots=True)
class EncodedText:
    """`vector` (d,) float32, `tokens` (t, d) float32 and `spans` (t, 2), empty if not asked for."""

    vector: Vectors
    tokens: Vectors = field(default_factory=_no_tokens)
    spans: Spans = field(default_factory=_no_spans)


class EncodingCache:
    """The entries of one encoder. Not for use from several threads."""

    def __init__(self, folder: Path, card: EncoderCard) -> None:
        """Open or make the cache; a damaged one is thrown away. Raises `sqlite3.Error`."""
        self._salt = repr(card).encode()
        name = hashlib.sha256(self._salt).hexdigest()[:16]
        self._path = folder / f"{name}.sqlite"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._connect()
        except sqlite3.DatabaseError:
            self._path.unlink()
            self._connection = self._connect()

    def get(self, keys: Iterable[Key], *, tokens: bool) -> dict[Key, EncodedText]:
        """The entries that are known (with token vectors, if asked for)."""
        found = {}
        for key in keys:
            row = self._connection.execute(
                "SELECT vector, tokens, spans FROM encoded WHERE key = ?", (self._key(key),)
            ).fetchone()
            if row is not None and not (tokens and row[1] is None):
                found[key] = _unpack(row, tokens)
        return found

    def put(self, entries: Mapping[Key, EncodedText]) -> None:
        """Keep entries, durably enough to survive the death of the process."""
        rows = []
        for key, entry in entries.items():
            tokens = spans = None
            if len(entry.tokens):
                tokens = zlib.compress(entry.tokens.astype(np.float16).tobytes(), 1)
                spans = entry.spans.astype(np.int32).tobytes()
            vector = entry.vector.astype(np.float32).tobytes()
            size = len(vector) + len(tokens or b"") + len(spans or b"")
            rows.append((self._key(key), vector, tokens, spans, size))
        self._connection.executemany(
            "INSERT OR REPLACE INTO encoded(key, vector, tokens, spans, size) VALUES (?,?,?,?,?)",
            rows,
        )
        self._connection.commit()

    def shrink(self, limit: int) -> None:
        """Drop the oldest entries until `limit` bytes are left; 0 drops all."""
        total = self._connection.execute("SELECT coalesce(sum(size), 0) FROM encoded").fetchone()[0]
        if total <= limit:
            return
        left = total
        last = -1
        for number, size in self._connection.execute(
            "SELECT number, size FROM encoded ORDER BY number"
        ):
            if left <= limit:
                break
            last, left = number, left - size
        self._connection.execute("DELETE FROM encoded WHERE number <= ?", (last,))
        self._connection.commit()
        self._connection.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(_SCHEMA)
        return connection

    def _key(self, key: Key) -> bytes:
        text = "\x00".join(key).encode("utf-8", "surrogatepass")
        return hashlib.sha256(self._salt + b"\x00" + text).digest()


def _unpack(row: tuple[bytes, bytes | None, bytes | None], tokens: bool) -> EncodedText:
    vector = np.frombuffer(row[0], np.float32)
    if not tokens or row[1] is None or row[2] is None:
        return EncodedText(vector)
    spans = np.frombuffer(row[2], np.int32).reshape(-1, 2)
    half = np.frombuffer(zlib.decompress(row[1]), np.float16)
    return EncodedText(vector, half.reshape(len(spans), -1).astype(np.float32), spans)
