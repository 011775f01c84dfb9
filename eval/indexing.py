"""Indexes of data sets, built by the product's own code and kept for the next run.

    $KORDON_HOME/evaluation/<texts>-<digest>/index/       an index like any other
    $KORDON_HOME/evaluation/cache/                        encoded texts, shared by all of them

The digest covers the texts, the encoder, the chunking and the parts: whatever of these changes,
another index is built, and only what was never encoded is encoded. The texts are called by their
data set, or by their folders, so that data sets over the same folders share one index.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import KordonError
from corpus.load import supported_suffixes
from corpus.progress import Progress
from corpus.types import Block, Document, Page, Run
from eval.errors import DatasetError
from eval.settings import RunSettings
from eval.systems.base import Indexed
from eval.types import Dataset, Passage
from index.building import Build
from index.cache import EncodingCache
from index.card import card_to_json
from index.chunking import ChunkOptions
from index.encoders.base import Encoder
from index.generations import Layout
from index.housekeeping import recover
from index.lock import WriterLock
from index.options import IndexOptions, wanted_card
from index.records import Source
from index.storage import storage_errors
from index.store import IndexStore, Reader
from rag.settings import Settings

FOLDER = "evaluation"
WHOLE = ChunkOptions(target=100_000, overlap=0)
CACHE_BYTES = 4_000_000_000


def open_indexed(
    dataset: Dataset,
    settings: RunSettings,
    product: Settings,
    encoder: Encoder,
    progress: Progress,
) -> tuple[Indexed, tuple[str, ...]]:
    """The data set's index, built if need be, and sentences on what could not be taken in.

    Raises `KordonError`: `DatasetError` for folders without a document, `IndexMissing` for a data
    set over the live index when there is none, `IndexError_` when another encoder made it.
    """
    problems: tuple[str, ...] = ()
    home = product.home
    if dataset.passages or dataset.folders:
        options = _options(dataset, settings, product)
        home = product.home / FOLDER / f"{_texts(dataset)}-{_digest(dataset, encoder, options)}"
        if IndexStore(home).generation() is None and dataset.passages:
            index_passages(home, dataset.passages, encoder, options, progress)
        if dataset.folders:
            # Files already there are skipped; those that fail are told in every run.
            problems = _index_files(home, dataset.folders, encoder, options, progress)
            if IndexStore(home).generation() is None:
                raise _nothing_to_ask(dataset.folders, problems)
    reader = IndexStore(home).open()
    try:
        reader.expect(encoder.card)  # the live index may be made by another
    except KordonError:
        reader.close()
        raise
    names = {record.id: record.path for record in reader.documents()}
    filtered = bool(dataset.passages) and dataset.unit == "passage"
    return Indexed(reader, encoder, names, filtered, home.name, home), problems


def _options(dataset: Dataset, settings: RunSettings, product: Settings) -> IndexOptions:
    if dataset.passages and settings.chunks == "whole":
        return replace(product.index, chunking=WHOLE)
    return product.index


def _texts(dataset: Dataset) -> str:
    return "+".join(folder.name for folder in dataset.folders) or dataset.name


def _digest(dataset: Dataset, encoder: Encoder, options: IndexOptions) -> str:
    card = json.dumps(card_to_json(wanted_card(encoder.card, options)), sort_keys=True)
    return hashlib.sha256(f"{dataset.corpus_digest()} {card}".encode()).hexdigest()[:12]


def _index_files(
    home: Path, folders: Sequence[Path], encoder: Encoder, options: IndexOptions, progress: Progress
) -> tuple[str, ...]:
    with IndexStore(home).writer(encoder, options, progress) as writer:
        report = writer.add(folders)
    return tuple(f"{path}: {reason}" for path, reason in report.failed)


def _nothing_to_ask(folders: Sequence[Path], problems: Sequence[str]) -> DatasetError:
    """One sentence on folders from which no document was taken in."""
    named = ", ".join(str(folder) for folder in folders)
    if problems:
        return DatasetError(f"No file in {named} could be read; the first is {problems[0]}")
    known = ", ".join(sorted(supported_suffixes()))
    return DatasetError(f"There is no document to ask in {named}; known are {known}.")


def index_passages(
    home: Path,
    passages: Sequence[Passage],
    encoder: Encoder,
    options: IndexOptions,
    progress: Progress,
) -> None:
    """Index texts as documents of one page each; a document's path is the passage's id.

    Blank passages are left out: there is nothing to index. The language is the passage's own, not
    a guess. Raises `StorageError`, `IndexLocked`.
    """
    layout = Layout(home)
    filled = [passage for passage in passages if passage.text.strip()]
    with WriterLock(layout.lock, "indexing a data set"), storage_errors(layout.root):
        recover(layout)
        build = Build(layout, None, wanted_card(encoder.card, options), encoder)
        try:
            for passage in progress.track(
                filled, step="Reading passages", total=len(filled), unit="passage"
            ):
                document = document_of(passage)
                build.put(document, _source(document), original=None, forced=passage.language)
            cache = EncodingCache(home.parent / "cache", encoder.card)
            try:
                build.derive(cache, progress, frozenset())
                cache.shrink(CACHE_BYTES)
            finally:
                cache.close()
            build.publish(build.seal("add"))
        except BaseException:
            build.abandon()
            raise


def document_of(passage: Passage) -> Document:
    """A passage as a document: its text untouched, so that gold offsets hold."""
    text = passage.text
    digest = hashlib.sha256(f"{passage.id}\0{text}".encode()).hexdigest()[:16]
    page = Page(
        document_id=digest,
        number=1,
        label="section 1",
        text=text,
        language=passage.language,
        start=0,
        raw=text,
        runs=(Run(0, 0, len(text)),),
        blocks=(Block("paragraph", 0, len(text)),),
    )
    return Document(
        id=digest,
        root="passages",
        path=passage.id,
        format="text",
        title=passage.title,
        date="",
        publisher="",
        label="public",
        language=passage.language,
        paged=False,
        text=text,
        pages=(page,),
    )


def _source(document: Document) -> Source:
    size = len(document.text.encode())
    digest = hashlib.sha256(document.text.encode()).hexdigest()
    return Source(
        root=document.root,
        path=document.path,
        document_id=document.id,
        size=size,
        modified=0,
        digest=digest,
        label=document.label,
        settings="",
    )


def describe(indexed: Indexed) -> dict[str, object]:
    """What the run folder says of the index."""
    reader: Reader = indexed.reader
    card = reader.card
    records = reader.documents()
    return {
        "digest": indexed.digest,
        "generation": reader.generation,
        "encoder": f"{card.encoder.name} {card.encoder.revision}".strip(),
        "chunks": f"{sum(record.chunks for record in records)} ({card.chunking.describe()})",
        "documents": len(records),
        "parts": [f"{part.kind}: {part.spec} {part.revision}" for part in card.parts],
    }
