"""Passages as data in a prompt: opaque markers, and no character that could end the frame.

A marker is four consonants made of a secret of this process and the passage's id: no word that a
model would translate, no number that it would count on from, and nothing that the writer of a
document can know. The same passage keeps its marker, so a server's cache of the prompt stays good.
`harmless` replaces character by character, so an offset in the framed text is one in the passage.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from index.types import Hit
from rag.generation.types import Source

NO_TITLES: Mapping[str, str] = MappingProxyType({})
_SECRET = secrets.token_bytes(16)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_LENGTH = 4
_PLAIN = str.maketrans(
    {"<": "‹", ">": "›", "`": "'", "[": "(", "]": ")", "{": "(", "}": ")", "|": "¦", "#": "♯"}
)
_ROLE = re.compile(
    r"(?im)^(?P<space>\s*)(?P<role>system|assistant|user|human|developer|tool|система|ассистент|"
    r"пользователь|помощник)(?P<mark>\s*:)"
)


def harmless(text: str) -> str:
    """`text`, as long as it is, without marks of frames, markup, roles and hidden characters."""
    plain = "".join(map(_visible, text.translate(_PLAIN)))
    return _ROLE.sub(lambda match: match.group().replace(":", "·"), plain)


def _visible(character: str) -> str:
    """A space for what has no shape of its own (control, format, private, tag characters)."""
    if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}:
        return character
    return " "


def sources_of(
    hits: Sequence[Hit], secret: bytes = _SECRET, titles: Mapping[str, str] = NO_TITLES
) -> tuple[Source, ...]:
    """The passages framed, best first, each under a marker of its own that no text contains.

    `titles` of documents by their id.
    """
    texts = [hit.chunk.text.upper() for hit in hits]
    taken: set[str] = set()
    found = []
    for hit in hits:
        marker = next(
            name
            for attempt in range(10_000)
            if (name := _marker(hit.chunk.id, attempt, secret)) not in taken
            and not any(name in text for text in texts)
        )
        taken.add(marker)
        found.append(
            Source(marker, hit, harmless(hit.chunk.text), titles.get(hit.chunk.document_id, ""))
        )
    return tuple(found)


def _marker(name: str, attempt: int, secret: bytes) -> str:
    digest = hmac.new(secret, f"{attempt}:{name}".encode(), hashlib.sha256).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_LENGTH])


def block(source: Source) -> str:
    """One source as it stands in the prompt."""
    return f"<source {source.marker}>\n{source.framed.strip()}\n</source {source.marker}>"
