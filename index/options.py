"""How an index is built and kept."""

from dataclasses import dataclass, field

from index.card import FORMAT, IndexCard, PartCard
from index.chunking import ChunkOptions
from index.encoders.base import EncoderCard
from index.stores.table import store_class


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """`vectors`, `terms`, `tokens` name stores of `index.stores.table` or "module:Class"; "" is
    none. `keep` is the number of generations kept, `originals` whether copies of the files are,
    `cache_bytes` how much of the encoded texts stays on disk after a change.
    """

    chunking: ChunkOptions = field(default_factory=ChunkOptions)
    vectors: str = "faiss"
    terms: str = "tantivy"
    tokens: str = "signs"
    keep: int = 3
    originals: bool = True
    cache_bytes: int = 200_000_000


def wanted_card(encoder: EncoderCard, options: IndexOptions) -> IndexCard:
    """The card of an index built with these. Raises `UsageError` for an unknown store."""
    names = {"vectors": options.vectors, "terms": options.terms, "tokens": options.tokens}
    parts = tuple(
        PartCard(kind, name, store_class(kind, name).revision)
        for kind, name in names.items()
        if name
    )
    return IndexCard(FORMAT, encoder, options.chunking, parts)
