"""Passages and answers as text for a terminal, in the question's language."""

import shutil
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.search.twins import grouped
from index.types import Hit
from rag.types import Answer, Citation, Sentence
from rag.ui.i18n import LANGUAGES, Translator

if TYPE_CHECKING:
    from index.reader import Reader

RELATED_LENGTH = 240  # characters of a passage beside a refusal


def hits_text(
    hits: Sequence[Hit], reader: "Reader", language: str = "en", limit: int | None = None
) -> str:
    """One paragraph per passage: where it stands, then its text, cut off after `limit`.

    Passages that say the same are one paragraph, with a line for each further place ("= ...").
    """
    say = _translator(language)
    parts = []
    for hit, twins in grouped(list(hits)):
        score = say.number(hit.score, 3)
        head = f"{hit.rank}. {_stands(say, hit, reader)} [{hit.chunk.language}, {score}]"
        also = [f"   = {_stands(say, twin, reader)} [{twin.chunk.language}]" for twin in twins]
        parts.append("\n".join([head, *also, _wrapped(_cut(hit.chunk.text, limit))]))
    return "\n\n".join(parts)


def _stands(say: Translator, hit: Hit, reader: "Reader") -> str:
    """Title, page and file of a passage."""
    chunk, record = hit.chunk, reader.document(hit.chunk.document_id)
    number = chunk.pages[0] if chunk.pages else 1
    label = next((p.label for p in reader.pages(record.id) if p.number == number), str(number))
    return where(say, record.title, reader.name(record.id), number, label)


def answer_text(answer: Answer, reader: "Reader") -> str:
    """The sentences with numbered marks and their sources, or the refusal with what is related."""
    say = _translator(answer.language)
    head = [text for text in (answer.lead, answer.notice) if text]
    if not answer.answered:
        related = hits_text(answer.related, reader, say.language, RELATED_LENGTH)
        return "\n\n".join((*head, related)).strip()
    lines = [
        _wrapped(f"{sentence.text} {''.join(f'[{marker}]' for marker in sentence.markers)}", "")
        + _aids(sentence)
        for sentence in answer.sentences
    ]
    shown = {sentence.text for sentence in answer.sentences}
    sources = [
        _source(say, citation, reader, citation.quote not in shown) for citation in answer.citations
    ]
    sure = say.t("answer.confidence", share=say.percent(answer.confidence))
    return "\n\n".join((*head, "\n\n".join(lines), "\n".join(sources), sure))


def _aids(sentence: Sentence) -> str:
    """What is glossed in a sentence of the other language, one line in brackets."""
    notes = [f"{sentence.text[start:end]} = {meaning}" for start, end, meaning in sentence.glosses]
    return "\n" + _wrapped(f"({'; '.join(notes)})") if notes else ""


def status_text(home: Path, reader: "Reader") -> str:
    """What is indexed, then one line per gap in a document."""
    records, card = reader.documents(), reader.card
    languages = Counter(record.language for record in records)
    lines = [
        f"home        {home}",
        f"generation  {reader.generation}",
        f"documents   {len(records)} ("
        + ", ".join(f"{count} {name}" for name, count in languages.most_common())
        + ")",
        f"pages       {sum(record.pages for record in records)}",
        f"chunks      {sum(record.chunks for record in records)} ({card.chunking.describe()})",
        f"embedder    {card.encoder.name}, {card.encoder.dimension} dimensions",
        *(f"{part.kind:11} {part.spec}" for part in card.parts),
    ]
    gaps = [f"{reader.name(r.id)}: {problem}" for r in records for problem in r.problems]
    return "\n".join(lines + gaps)


def where(say: Translator, title: str, document: str, page: int, label: str) -> str:
    """'Title, page 5 (printed iii): file.pdf'."""
    return f"{title or document}, {place(say, page, label)} ({document})"


def place(say: Translator, page: int, label: str) -> str:
    """'page 5', 'page 5 (printed iii)' or 'section 5', in the reader's language."""
    if label == f"section {page}":
        return say.t("place.section", page=page)
    if label and label != str(page):
        return say.t("place.labelled", page=page, label=label)
    return say.t("place.page", page=page)


def _source(say: Translator, citation: Citation, reader: "Reader", quoted: bool) -> str:
    name = reader.name(citation.document_id)
    line = f"[{citation.marker}] " + where(
        say, citation.title, name, citation.page, citation.page_label
    )
    return f"{line}\n{_wrapped(f'«{citation.quote}»')}" if quoted else line


def _cut(text: str, limit: int | None) -> str:
    if limit is None or len(text) <= limit:
        return text
    return text[:limit].rsplit(None, 1)[0] + " …"


def _wrapped(text: str, indent: str = "   ") -> str:
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    lines = text.splitlines() or [""]
    return "\n".join(
        textwrap.fill(line, width, initial_indent=indent, subsequent_indent=indent)
        for line in lines
        if line.strip()
    )


def _translator(language: str) -> Translator:
    return Translator(language if language in LANGUAGES else LANGUAGES[0])
