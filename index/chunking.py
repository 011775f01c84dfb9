"""Documents into chunks that follow sentences, blocks and headings, measured in model tokens.

Policy. A section (what stands under one heading) is cut into chunks of nearly equal size near
`target` tokens, at sentence ends, and at paragraph ends where one is near; sections far below
the target are joined with their neighbours. Inside a section each chunk repeats the last sentences
of the one before, up to `overlap` tokens, because an answer often leans on the sentence before it;
table rows and headings are never repeated. A sentence or row is cut only when it alone is longer
than the model reads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from corpus.language import detect
from corpus.types import Document
from index.encoders.base import Encoder
from index.types import Chunk, chunk_id
from index.units import Unit, document_units

Context = Literal["none", "heading", "title"]

_TELLING = 60  # letters from which a chunk's own language is believed


@dataclass(frozen=True, slots=True)
class ChunkOptions:
    """How documents are cut; recorded in the index card.

    Sizes in the model's tokens. `context` is put before the text that is embedded: the path of
    headings, or the document's title and that path. `version` is that of the rules in this module.
    """

    target: int = 180
    overlap: int = 40
    context: Context = "none"
    version: int = field(default=1, metadata={"set": False})  # no setting: only code changes it

    def describe(self) -> str:
        """The options as one comparable line."""
        sizes = f"target {self.target}, overlap {self.overlap}"
        return f"{sizes}, context {self.context}, version {self.version}"


def chunk_document(
    document: Document,
    encoder: Encoder,
    options: ChunkOptions | None = None,
    *,
    language: str = "",
) -> list[Chunk]:
    """The chunks of a document in reading order; empty when it has no text.

    `language` is that of every chunk, when a person has said so; otherwise each is detected.

    Every character that is not white space is in at least one chunk, and no chunk with the passage
    prefix is longer than the encoder reads.
    """
    options = options or ChunkOptions()
    limit = _hard_limit(encoder, options)
    units = document_units(document, encoder, limit)
    languages = {page.number: page.language for page in document.pages}
    return [
        _chunk(document, part, languages, language)
        for group in _groups(units, options.target)
        for part in _cut(group, options, limit)
    ]


def _chunk(
    document: Document, part: Sequence[Unit], languages: dict[int, str], language: str
) -> Chunk:
    first, last = part[0], part[-1]
    text = document.text[first.start : last.end]
    return Chunk(
        id=chunk_id(document.id, first.start, last.end),
        document_id=document.id,
        start=first.start,
        end=last.end,
        pages=tuple(range(first.page, last.page + 1)),
        heading=_heading(part),
        language=language or _language(text, part, languages),
        label=document.label,
        text=text,
    )


def context_lead(text: str, heading: str, title: str, context: Context) -> str:
    """What is put before a chunk's text when it is encoded, "" or text with a line break."""
    parts = []
    if context == "title" and title:
        parts.append(title)
    if context != "none" and heading and not text.startswith(heading.rsplit(" > ", 1)[-1]):
        parts.append(heading)
    return " > ".join(parts)[:200] + "\n" if parts else ""


def _hard_limit(encoder: Encoder, options: ChunkOptions) -> int:
    """Tokens a chunk may have: specials, prefix, context and the margin for cut edges taken off."""
    prefix = len(encoder.token_spans(encoder.card.passage_prefix + "a"))
    context = 0 if options.context == "none" else 100
    return max(16, encoder.card.max_tokens - prefix - context - 12)


def _groups(units: Sequence[Unit], target: int) -> list[list[Unit]]:
    """Sections, with runs of short ones joined while together they stay under the target."""
    groups: list[list[Unit]] = []
    sizes: list[int] = []
    for section in _sections(units):
        weight = sum(unit.tokens for unit in section)
        small = sizes and min(sizes[-1], weight) < target // 4
        if sizes and (small or sizes[-1] + weight <= target):
            groups[-1] += section
            sizes[-1] += weight
        else:
            groups.append(list(section))
            sizes.append(weight)
    return groups


def _sections(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Headings with what follows them; consecutive headings stay together."""
    section: list[Unit] = []
    for unit in units:
        if unit.kind == "heading" and section and section[-1].kind != "heading":
            yield section
            section = []
        section.append(unit)
    if section:
        yield section


def _cut(group: Sequence[Unit], options: ChunkOptions, limit: int) -> Iterator[list[Unit]]:
    """Cut a group into about equal parts near the target, with overlap."""
    left = sum(unit.tokens for unit in group)
    goal = min(left / max(1, round(left / options.target)), limit)
    part: list[Unit] = []
    size = 0
    fresh = 0  # units of `part` that are not repeated from the part before
    for unit in group:
        tail = left < goal / 3 and size + left <= limit
        if fresh and (size + unit.tokens > limit or (not tail and _full(part, size, unit, goal))):
            yield part
            part = _repeated(part, options.overlap, limit - unit.tokens)
            size = sum(one.tokens for one in part)
            fresh = 0
        part.append(unit)
        size += unit.tokens
        left -= unit.tokens
        fresh += 1
    if fresh:
        yield part


def _full(part: Sequence[Unit], size: int, following: Unit, goal: float) -> bool:
    """Stop at the sentence end nearest to the goal, a little earlier at a paragraph's end."""
    if part[-1].kind == "heading":
        return False
    if following.opens_block and size >= 0.85 * goal:
        return True
    return size + following.tokens / 2 > goal * (1.0 if following.opens_block else 1.1)


def _repeated(part: Sequence[Unit], overlap: int, room: int) -> list[Unit]:
    """The last sentences of a part that the next one repeats."""
    kept: list[Unit] = []
    size = 0
    for unit in reversed(part[1:]):
        if unit.kind in ("table_row", "heading") or size + unit.tokens > min(overlap, room):
            break
        kept.insert(0, unit)
        size += unit.tokens
    return kept


def _heading(part: Sequence[Unit]) -> str:
    """The path above the first unit that is not itself a heading."""
    for unit in part:
        if unit.kind != "heading":
            return " > ".join(unit.path)
    return " > ".join(part[-1].path)


def _language(text: str, part: Sequence[Unit], languages: dict[int, str]) -> str:
    """That of the text; of the page that gives most of it, when it is too short to tell."""
    if sum(char.isalpha() for char in text) >= _TELLING:
        found = detect(text)
        if found != "other":
            return found
    weights: dict[str, int] = {}
    for unit in part:
        code = languages.get(unit.page, "other")
        weights[code] = weights.get(code, 0) + unit.end - unit.start
    return max(weights, key=lambda code: weights[code])
