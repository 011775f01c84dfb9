"""A file becomes a `Document`: parsed, cleaned, with its language, title, date and publisher.

for root, file in discover(paths):
    document = load_document(file, root=root)
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus.cleaning.furniture import strip_furniture
from corpus.cleaning.hyphens import Vocabulary
from corpus.cleaning.pages import Clean, clean
from corpus.cleaning.reflow import Reflow, usual_size
from corpus.cleaning.sections import cut
from corpus.errors import BrokenFile, DocumentError
from corpus.facts import find_facts
from corpus.language import detect, main_language
from corpus.overrides import Overrides
from corpus.parsers import table
from corpus.parsers.base import Parsed, RawPage
from corpus.progress import Progress, Silent
from corpus.types import PAGE_SEPARATOR, Document, Page
from corpus.walk import Walk

_FEW_LETTERS = 20  # a page with fewer is in the language of its document
_LONG = 20  # pages: reading fewer takes no time worth a bar
_SILENT = Silent()
DEFAULT_LABEL = "public"


def supported_suffixes() -> frozenset[str]:
    """Suffixes of the files that can be read, lower case with the dot."""
    return frozenset(table.SUFFIXES)


def discover(paths: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """(root, file) for every file among `paths` and below them, sorted, each file once.

    The root of a file given by name is its folder. Below a folder, hidden files, `documents.toml`
    and files that are no documents (pictures, data, programs) are skipped; documents of kinds that
    Kordon does not read are not, so that they can be reported. A link to a folder is followed
    unless that folder is walked anyway or contains the link. Raises `UsageError` for a path that
    does not exist or is neither a file nor a folder.
    """
    return Walk().files(paths)


def load_document(
    path: Path,
    *,
    root: Path,
    overrides: Overrides | None = None,
    label: str = DEFAULT_LABEL,
    progress: Progress = _SILENT,
) -> Document:
    """Read the file at `path`, named relative to `root`. Raises `DocumentError`.

    `overrides` are those of the file's folder, read from there when None; `label` is the clearance
    of documents for which they name none. `progress` watches the pages of long documents.
    """
    data = _read(path)
    wanted = (overrides if overrides is not None else Overrides.of(path.parent)).get(path.name)
    parsed = table.parse(path, data)
    identity = hashlib.sha256(data).hexdigest()[:16]
    source = _watched(parsed, progress)
    pages, text, language = _pages(source, parsed.paged, identity, wanted.language)
    if not text and not any(page.layer == "none" for page in pages):
        raise BrokenFile(f"{path.name} contains no text; there is nothing to index.")
    facts = find_facts(parsed.facts, pages, path)
    return Document(
        id=identity,
        root=str(root),
        path=path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name,
        format=parsed.format,
        title=wanted.title or facts.title,
        date=wanted.date or facts.date,
        publisher=wanted.publisher or facts.publisher,
        label=wanted.label or label,
        language=language,
        paged=parsed.paged,
        text=text,
        pages=pages,
        problems=parsed.problems + tuple(page.problem for page in source if page.problem),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{path.name} cannot be read ({error.strerror}); check its rights and add it anew."
        ) from error


def _watched(parsed: Parsed, progress: Progress) -> tuple[RawPage, ...]:
    """All pages of the source, read now."""
    if parsed.count < _LONG:
        return tuple(parsed.pages)
    return tuple(
        progress.track(parsed.pages, step="Reading pages", total=parsed.count, unit="page")
    )


def _pages(
    source: Sequence[RawPage], paged: bool, identity: str, forced: str
) -> tuple[tuple[Page, ...], str, str]:
    """The pages, the text of the document, and its language."""
    cleaned = list(_clean_pages(source, paged))
    languages: list[str] = [forced or detect(one.text) for _, one in cleaned]
    counts: Counter[str] = Counter()
    for (_, one), language in zip(cleaned, languages, strict=True):
        counts[language] += sum(char.isalpha() for char in one.text)
    main = forced or main_language(counts)
    pages: list[Page] = []
    start = 0
    for number, ((raw, one), language) in enumerate(zip(cleaned, languages, strict=True), 1):
        letters = sum(char.isalpha() for char in one.text)
        pages.append(
            Page(
                document_id=identity,
                number=number,
                label=raw.label or (str(number) if paged else f"section {number}"),
                text=one.text,
                language=main if letters < _FEW_LETTERS else language,
                start=start,
                raw=raw.raw,
                runs=one.runs,
                blocks=one.blocks,
                layer=raw.layer,
            )
        )
        start += len(one.text) + len(PAGE_SEPARATOR)
    return tuple(pages), PAGE_SEPARATOR.join(page.text for page in pages), main


def _clean_pages(source: Sequence[RawPage], paged: bool) -> Iterator[tuple[RawPage, Clean]]:
    """Raw pages (sections, where the source has none) with their clean text."""
    pages = strip_furniture(source) if paged else source
    reflow = Reflow(Vocabulary(_lines(source)), usual_size(pages))
    for page in pages:
        parts = reflow.parts(page)
        if paged:
            yield page, clean(page.raw, parts)
        else:
            for section, some in cut(page, parts):
                yield section, clean(section.raw, some)


def _lines(pages: Iterable[RawPage]) -> Iterator[str]:
    for page in pages:
        yield from page.raw.split("\n")
