"""The card of an index: what its content depends on, and what differs from today's settings."""

from dataclasses import dataclass, replace

from index.chunking import ChunkOptions
from index.encoders.base import EncoderCard

FORMAT = 1


@dataclass(frozen=True, slots=True)
class PartCard:
    """A derived part: its `kind` ("vectors", "terms", "tokens"), its class and its revision."""

    kind: str
    spec: str
    revision: str


@dataclass(frozen=True, slots=True)
class IndexCard:
    """Written into every generation. `chunking` is how documents were cut."""

    format: int
    encoder: EncoderCard
    chunking: ChunkOptions
    parts: tuple[PartCard, ...]

    def part(self, kind: str) -> PartCard | None:
        """The part of this kind, if the index has one."""
        return next((part for part in self.parts if part.kind == kind), None)

    def with_parts(self, parts: tuple[PartCard, ...]) -> "IndexCard":
        """The same card with other parts."""
        return replace(self, parts=parts)


def card_to_json(card: IndexCard) -> dict[str, object]:
    """The card as JSON values."""
    encoder = card.encoder
    return {
        "format": card.format,
        "encoder": {
            "name": encoder.name,
            "revision": encoder.revision,
            "dimension": encoder.dimension,
            "max_tokens": encoder.max_tokens,
            "query_prefix": encoder.query_prefix,
            "passage_prefix": encoder.passage_prefix,
        },
        "chunking": {
            "target": card.chunking.target,
            "overlap": card.chunking.overlap,
            "context": card.chunking.context,
            "version": card.chunking.version,
        },
        "parts": [
            {"kind": part.kind, "spec": part.spec, "revision": part.revision} for part in card.parts
        ],
    }


def card_from_json(data: dict) -> IndexCard:
    """The card of a manifest. Raises `KeyError`, `TypeError` or `ValueError` if it is none."""
    return IndexCard(
        format=int(data["format"]),
        encoder=EncoderCard(**data["encoder"]),
        chunking=ChunkOptions(**data["chunking"]),
        parts=tuple(PartCard(**part) for part in data["parts"]),
    )


def encoder_differences(built: EncoderCard, given: EncoderCard) -> list[str]:
    """What makes vectors of two encoders incomparable, in words; empty when nothing does."""
    names = {
        "name": "model",
        "revision": "revision",
        "dimension": "dimension",
        "query_prefix": "query prefix",
        "passage_prefix": "passage prefix",
    }
    return [
        f"{words} {getattr(built, name)!r} in the index, {getattr(given, name)!r} in the settings"
        for name, words in names.items()
        if getattr(built, name) != getattr(given, name)
    ]


def card_differences(built: IndexCard, wanted: IndexCard) -> list[str]:
    """All differences between a generation's card and the one that would be built today."""
    found = encoder_differences(built.encoder, wanted.encoder)
    if built.chunking != wanted.chunking:
        found.append(
            f"chunking ({built.chunking.describe()}) in the index, "
            f"({wanted.chunking.describe()}) in the settings"
        )
    for part in wanted.parts:
        old = built.part(part.kind)
        if old is None:
            found.append(f"no {part.kind} in the index")
        elif (old.spec, old.revision) != (part.spec, part.revision):
            found.append(
                f"{part.kind} by {old.spec} {old.revision} in the index, "
                f"by {part.spec} {part.revision} here"
            )
    return found
