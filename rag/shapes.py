"""The JSON that other programs rely on; the keys are those of `docs/operations.md`."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from index.records import ChangeReport, DocumentRecord
from index.types import Evidence, Hit
from rag.types import Answer, Citation, Sentence

if TYPE_CHECKING:
    from index.reader import Reader

Shape = dict[str, object]


def hit_shape(hit: Hit, reader: "Reader") -> Shape:
    """A passage of `search --json` and of the related ones of a refusal."""
    chunk = hit.chunk
    record = reader.document(chunk.document_id)
    return {
        "rank": hit.rank,
        "document": record.path,
        "title": record.title,
        "page": chunk.pages[0] if chunk.pages else 1,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
        "language": chunk.language,
        "score": float(hit.score),
        "evidence": [_evidence(item) for item in hit.evidence] + _same(hit),
    }


def answer_shape(
    answer: Answer, reader: "Reader", name: str | int | None = None, *, notes: bool = False
) -> Shape:
    """`ask --json`: `name` is the id of the question in a batch; with `notes` also what Kordon says
    itself beside the quotes."""
    shape: Shape = {
        "id": name,
        "question": answer.question,
        "language": answer.language,
        "answered": answer.answered,
        "confidence": float(answer.confidence),
        "sentences": [_sentence(sentence, answer) for sentence in answer.sentences],
        "related": [hit_shape(hit, reader) for hit in answer.related],
        "generation": answer.generation,
        "answerer": answer.answerer,
        "timings_ms": {stage: float(spent) for stage, spent in answer.timings_ms.items()},
    }
    if notes:
        understood = answer.understood or answer.question
        shape |= {"lead": answer.lead, "notice": answer.notice, "understood": understood}
    return shape


def document_shape(record: DocumentRecord) -> Shape:
    """A document of `index list --json`."""
    return {
        "id": record.id,
        "document": record.path,
        "title": record.title,
        "date": record.date,
        "publisher": record.publisher,
        "language": record.language,
        "format": record.format,
        "label": record.label,
        "pages": record.pages,
        "chunks": record.chunks,
        "unread_pages": list(record.unread),
        "problems": list(record.problems),
        "added": record.added,
    }


def report_shape(report: ChangeReport) -> Shape:
    """What `index add --json` and `index remove --json` did."""
    return {
        "added": report.added,
        "changed": report.changed,
        "moved": report.moved,
        "duplicates": report.duplicates,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "failed": [{"document": path, "reason": reason} for path, reason in report.failed],
        "notes": list(report.notes),
        "left_out": dict(report.left_out),
        "generation": report.generation,
    }


def status_shape(home: Path, reader: "Reader") -> Shape:
    """`index status --json`."""
    records = reader.documents()
    return {
        "home": str(home),
        "generation": reader.generation,
        "documents": len(records),
        "pages": sum(record.pages for record in records),
        "chunks": sum(record.chunks for record in records),
        "languages": dict(sorted(Counter(record.language for record in records).items())),
        "embedder": reader.card.encoder.name,
        "dimension": reader.card.encoder.dimension,
        "chunking": reader.card.chunking.describe(),
        "parts": {part.kind: part.spec for part in reader.card.parts},
        "unread_pages": sum(len(record.unread) for record in records),
        "problems": [
            {"document": record.path, "problem": problem}
            for record in records
            for problem in record.problems
        ],
    }


def _sentence(sentence: Sentence, answer: Answer) -> Shape:
    known = {citation.marker: citation for citation in answer.citations}
    return {
        "text": sentence.text,
        "citations": [_citation(known[marker]) for marker in sentence.markers],
    }


def _citation(citation: Citation) -> Shape:
    return {
        "document": citation.document,
        "title": citation.title,
        "page": citation.page,
        "page_label": citation.page_label,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def _same(hit: Hit) -> list[Shape]:
    """The rank of an earlier hit that says the same, among the evidence: programs rely on the keys
    of a hit."""
    if hit.same_as is None:
        return []
    return [{"leg": "same_as", "score": 1.0, "rank": hit.same_as, "terms": []}]


def _evidence(evidence: Evidence) -> Shape:
    return {
        "leg": evidence.leg,
        "score": float(evidence.score),
        "rank": evidence.rank,
        "terms": list(evidence.terms),
    }
