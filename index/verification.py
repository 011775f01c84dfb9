"""The proof of a generation: checksums, counts, offsets, and parts against the catalogue."""

from collections.abc import Iterator, Set
from pathlib import Path

import numpy as np

from corpus.errors import IndexError_, KordonError
from index import catalogue
from index.catalogue import Catalogue, open_catalogue
from index.chunking import context_lead
from index.derive import chunk_digest
from index.manifest import DOCUMENTS, MANIFEST, ORIGINALS, Manifest, is_lock, read_manifest
from index.storage import files_below, sha256_file
from index.stores.base import DenseStore
from index.stores.table import store_class
from index.texts import TextFile, unpack_pages

_SAMPLE = 5
_SAMPLED_DOCUMENTS = 20
_TOLERANCE = 1e-3


def verify_generation(folder: Path, *, fresh: Set[str] | None = None) -> list[str]:
    """Everything that does not hold, one sentence each, naming the file or part.

    With `fresh`, for a folder that was written a moment ago, checksums are left out, and the texts
    of these documents and of a sample of the others are proven: what was sound stays sound.
    """
    try:
        manifest = read_manifest(folder)
    except IndexError_ as error:
        return [str(error)]
    found = list(_files(folder, manifest)) if fresh is None else []
    broken = {sentence.split(" ", 1)[0] for sentence in found}
    if catalogue.FILE in broken:
        return found
    try:
        known = open_catalogue(folder / catalogue.FILE)
    except IndexError_ as error:
        return [*found, str(error)]
    try:
        found += _counts(known, manifest)
        found += _documents(folder, known, manifest, fresh)
        for card in manifest.card.parts:
            if not any(name.startswith(f"{card.kind}/") for name in broken):
                found += _part(folder, card.kind, card.spec, card.revision, known)
    except KordonError as error:
        found.append(str(error))
    finally:
        known.close()
    return found


def _files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, entry in manifest.files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            if size != entry.size:
                yield f"{name} has {size} bytes instead of {entry.size}."
            elif sha256_file(path) != entry.sha256:
                yield f"{name} is damaged: its checksum is not that of the manifest."
        except FileNotFoundError:
            yield f"{name} is missing."
        except OSError as error:
            yield f"{name} cannot be read ({error.strerror})."
    owned = (f"{DOCUMENTS}/", f"{ORIGINALS}/")
    for name in files_below(folder):
        known = name in manifest.files or name == MANIFEST or is_lock(name)
        if not known and not name.startswith(owned):
            yield f"{name} does not belong to this generation."


def _counts(known: Catalogue, manifest: Manifest) -> Iterator[str]:
    yield from known.problems()
    counts = known.counts()
    for name, number in manifest.counts.items():
        if counts.get(name) != number:
            yield f"The catalogue holds {counts.get(name)} {name}, the manifest says {number}."


def _documents(
    folder: Path, known: Catalogue, manifest: Manifest, fresh: Set[str] | None
) -> Iterator[str]:
    titles = {row[0]: row[1:] for row in known.query("SELECT id, number, title FROM documents")}
    paths = dict(
        known.query("SELECT d.id, s.path FROM sources s JOIN documents d ON d.number = s.document")
    )
    step = max(1, len(titles) // _SAMPLED_DOCUMENTS)
    expected = set()
    for place, sums in enumerate(known.sums()):
        text, pages = f"{sums.document_id}.text", f"{sums.document_id}.pages"
        expected |= {f"{DOCUMENTS}/{text}", f"{DOCUMENTS}/{pages}"}
        checks = [(DOCUMENTS, text, sums.text), (DOCUMENTS, pages, sums.pages)]
        if sums.original:
            expected.add(f"{ORIGINALS}/{sums.original}")
            checks.append((ORIGINALS, sums.original, sums.original.split(".")[0]))
        of = paths.get(sums.document_id, "")
        bad = list(_sums(folder, checks, of)) if fresh is None else []
        yield from bad
        proven = fresh is not None and sums.document_id not in fresh and place % step
        if not bad and not proven:
            number, title = titles[sums.document_id]
            yield from _chunks(folder, known, manifest, sums.document_id, number, title)
    for sub in (DOCUMENTS, ORIGINALS):
        for name in files_below(folder / sub):
            if f"{sub}/{name}" not in expected:
                yield f"{sub}/{name} belongs to no document."


def _sums(folder: Path, checks: list[tuple[str, str, str]], of: str) -> Iterator[str]:
    """`of` is the file that the texts were read from."""
    for sub, name, expected in checks:
        path = folder / sub / name
        try:
            if sha256_file(path) != expected:
                yield f"{sub}/{name} ({of}) is damaged: its checksum is not that of the catalogue."
        except FileNotFoundError:
            yield f"{sub}/{name} ({of}) is missing."
        except OSError as error:
            yield f"{sub}/{name} ({of}) cannot be read ({error.strerror})."


def _chunks(
    folder: Path, known: Catalogue, manifest: Manifest, document: str, number: int, title: str
) -> Iterator[str]:
    """Every chunk's text, cut out at its offsets, gives the digest it was indexed under."""
    path = folder / DOCUMENTS / document
    try:
        text = TextFile(path.with_name(f"{document}.text")).whole()
        pages = unpack_pages(path.with_name(f"{document}.pages").read_bytes(), document, text)
    except OSError as error:
        yield f"{DOCUMENTS}/{document}.pages cannot be read ({error.strerror})."
        return
    numbers = {page.number for page in pages}
    for chunk in known.chunks_of(number):
        piece = text[chunk.start : chunk.end]
        lead = context_lead(piece, chunk.heading, title, manifest.card.chunking.context)
        sound = chunk.digest == chunk_digest(piece, lead, chunk.language)
        if not sound or not {chunk.first_page, chunk.last_page} <= numbers:
            yield (
                f"Chunk {document}:{chunk.start}-{chunk.end} does not stand in its document "
                "as it was indexed."
            )


def _part(folder: Path, kind: str, spec: str, revision: str, known: Catalogue) -> Iterator[str]:
    known_class = store_class(kind, spec)
    if known_class.revision != revision:
        yield f"{kind} were written by {revision}; this version reads {known_class.revision}."
        return
    part = known_class.open(folder / kind, writable=False)
    try:
        held, wanted = part.rows(), known.all_rows()
        if not np.array_equal(held, wanted):
            lost, extra = len(np.setdiff1d(wanted, held)), len(np.setdiff1d(held, wanted))
            yield f"{kind} lack {lost} chunks of the catalogue and hold {extra} others."
            return
        yield from part.verify()
        if kind == "vectors" and len(held):
            yield from _queries(part)  # type: ignore[arg-type]
    finally:
        part.close()


def _queries(store: DenseStore) -> Iterator[str]:
    """Sample searches find what exact scores say: a chunk's own vector finds a chunk as good."""
    rows = store.rows()
    picked = rows[:: max(1, len(rows) // _SAMPLE)][:_SAMPLE]
    for row, vector in zip(picked, store.vectors(picked), strict=True):
        found, scores = store.search(vector, 3, None)
        exact = store.scores(vector, found)
        if not len(found) or scores[0] < 1 - _TOLERANCE:
            yield f"A search for the vector of row {row} does not find it."
        elif not np.allclose(scores, exact, atol=_TOLERANCE):
            yield f"A search for the vector of row {row} gives other scores than exact search."
