"""A generation made from another one: with other settings, without damage, without traces."""

import shutil
import tempfile
from pathlib import Path

from corpus.errors import DocumentError, IndexDamaged
from corpus.load import load_document
from corpus.types import Document
from index import catalogue
from index.building import Build
from index.card import IndexCard, encoder_differences
from index.manifest import DOCUMENTS, ORIGINALS, Manifest, read_manifest
from index.options import wanted_card
from index.reader import Reader
from index.records import ChangeReport, DocumentRecord, Source
from index.session import Counts, Gate, Session
from index.storage import files_below, sha256_file, write_file
from index.verification import verify_generation


def rebuild(session: Session, *, reread: bool, gate: Gate | None) -> ChangeReport:
    """See `index.writer.Writer.rebuild`."""
    layout = session.layout
    live = layout.live() or 0
    card = wanted_card(session.encoder.card, session.options)
    old = read_manifest(layout.folder(live)).card
    failed: list[tuple[str, str]] = []

    def edit(build: Build) -> Counts:
        with Reader(layout.folder(live)) as reader:
            records = reader.documents()
            sources = _first_sources(reader)
            for record in session.progress.track(
                records, step="Cutting documents", total=len(records), unit="document"
            ):
                source = sources[record.id]
                document = stored_document(reader, record)
                if reread:
                    try:
                        document = _reread(reader, record, source)
                    except DocumentError as error:
                        failed.append((record.path, str(error)))
                forced = reader.forced_language(record.id)
                if reread:
                    build.put(document, source, original=None, forced=forced)
                else:
                    build.recut(document, forced)
        return {"documents": len(records), "failed": len(failed), "settings": int(old != card)}

    _, generation = session.change(
        "rebuild", _describe(card), card, edit, renew=_differing(old, card), gate=gate
    )
    return ChangeReport(failed=tuple(failed), generation=generation)


def repair(session: Session) -> ChangeReport:
    """Make a sound generation from what is still sound of the live one.

    Derived parts that are damaged are made anew from the texts; damaged texts are read again from
    the kept originals, damaged originals are copied again from where they came. What cannot be
    repaired is reported in `failed` and leaves the index. Raises `IndexDamaged` when the catalogue
    itself is damaged.
    """
    layout = session.layout
    live = layout.live() or 0
    folder = layout.folder(live)
    findings = verify_generation(folder)
    if not findings:
        return ChangeReport(generation=live)
    manifest = _readable(folder, live)
    failed: list[tuple[str, str]] = []
    kinds = {part.kind for part in manifest.card.parts}
    renew = frozenset(kind for kind in kinds if any(_about(kind, one) for one in findings))

    def edit(build: Build) -> Counts:
        _drop_strangers(build.folder, manifest)
        with Reader(folder) as reader:
            sources = _first_sources(reader)
            originals = {one.document_id: one.original for one in reader.catalogue.sums()}
            for record in reader.documents():
                text = any(f"{record.id}{mark}" in one for one in findings for mark in ".:")
                copy = originals[record.id]
                problem = ""
                if text:
                    problem = _restore_text(build, reader, record, sources[record.id])
                # A document that had to leave has no copy to mend.
                if not problem and copy and any(copy in one for one in findings):
                    problem = _restore_original(build, record, sources[record.id], copy)
                if problem:
                    failed.append((record.path, problem))
        return {"repaired": len(findings), "failed": len(failed)}

    detail = "; ".join(findings)[:500]
    _, generation = session.change("repair", detail, manifest.card, edit, renew=renew)
    return ChangeReport(failed=tuple(failed), generation=generation)


def purge(session: Session) -> int | None:
    """Make a generation whose files keep no trace of removed documents. Returns the live one."""
    live = session.layout.live()
    if live is None:
        return None
    manifest = read_manifest(session.layout.folder(live))
    if not manifest.remains:
        return live

    def edit(build: Build) -> Counts:
        build.traceless()
        return {"purged": manifest.remains}

    return session.change("gc", "remove traces", manifest.card, edit)[1]


def stored_document(reader: Reader, record: DocumentRecord) -> Document:
    """A document as it was read, from the texts of a generation."""
    return Document(
        id=record.id,
        root=record.root,
        path=record.path,
        format=record.format,
        title=record.title,
        date=record.date,
        publisher=record.publisher,
        label=record.label,
        language=record.language,
        paged=record.paged,
        text=reader.text(record.id),
        pages=reader.pages(record.id),
        problems=record.problems,
    )


def _first_sources(reader: Reader) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for source in reader.catalogue.sources().values():
        found.setdefault(source.document_id, source)
    return found


def _reread(reader: Reader, record: DocumentRecord, source: Source) -> Document:
    """Parse a document's file again: the one on disk if it is still the same, else the copy."""
    place = Path(source.root) / source.path
    if place.is_file() and sha256_file(place) == source.digest:
        return load_document(place, root=Path(source.root), label=source.label)
    kept = reader.kept_original(record.id)
    if kept is None or not kept.is_file() or sha256_file(kept) != source.digest:
        raise DocumentError(
            f"{record.path} is neither where it was nor kept in the index; add it again."
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / Path(source.path).name
        shutil.copyfile(kept, copy)
        document = load_document(copy, root=Path(folder), label=source.label)
    # The name, the place and what documents.toml said are as they were recorded.
    return Document(
        id=document.id,
        root=record.root,
        path=record.path,
        format=document.format,
        title=record.title,
        date=record.date,
        publisher=record.publisher,
        label=record.label,
        language=document.language,
        paged=document.paged,
        text=document.text,
        pages=document.pages,
        problems=document.problems,
    )


def _restore_text(build: Build, reader: Reader, record: DocumentRecord, source: Source) -> str:
    """Read a damaged document again; returns "" or why it had to leave the index."""
    try:
        document = _reread(reader, record, source)
    except DocumentError as error:
        build.forget(record.id)
        return str(error)
    build.put(document, source, original=None, forced=reader.forced_language(record.id))
    return ""


def _restore_original(build: Build, record: DocumentRecord, source: Source, name: str) -> str:
    """Copy a damaged original again; returns "" or a sentence on its loss."""
    place = Path(source.root) / source.path
    if place.is_file() and sha256_file(place) == source.digest:
        write_file(build.folder / ORIGINALS / name, place.read_bytes(), durable=False)
        return ""
    build.drop_original(record.id)
    return f"The kept copy of {record.path} was damaged and is gone; its text is still searched."


def _drop_strangers(folder: Path, manifest: Manifest) -> None:
    """Remove files that no manifest or catalogue vouches for."""
    for name in files_below(folder):
        owned = name.startswith((f"{DOCUMENTS}/", f"{ORIGINALS}/")) or name == catalogue.FILE
        if not owned and name not in manifest.files:
            (folder / name).unlink()


def _readable(folder: Path, live: int) -> Manifest:
    """The manifest, if it and the catalogue are sound. Raises `IndexDamaged` otherwise."""
    manifest = read_manifest(folder)
    entry = manifest.files.get(catalogue.FILE)
    path = folder / catalogue.FILE
    if entry is None or not path.is_file() or sha256_file(path) != entry.sha256:
        raise IndexDamaged(
            f"The catalogue of generation {live} is damaged and cannot be repaired from itself; "
            "type `kordon index rollback` and add what came since."
        )
    return manifest


def _about(kind: str, finding: str) -> bool:
    return finding.startswith((f"{kind}/", f"{kind} ")) or (
        kind == "vectors" and ("search for the vector" in finding or "stored vectors" in finding)
    )


def _differing(old: IndexCard, card: IndexCard) -> frozenset[str]:
    """Kinds of parts that cannot be taken over."""
    other_model = bool(encoder_differences(old.encoder, card.encoder))
    return frozenset(
        part.kind
        for part in card.parts
        if old.part(part.kind) != part or (other_model and part.kind in ("vectors", "tokens"))
    )


def _describe(card: IndexCard) -> str:
    return f"{card.encoder.name} {card.encoder.revision}, {card.chunking.describe()}"
