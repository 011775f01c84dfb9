"""The generations that are kept, and going back to one of them."""

from dataclasses import dataclass

from corpus.errors import IndexDamaged, IndexError_, IndexMissing, UsageError
from index.generations import Layout
from index.housekeeping import collect
from index.maintenance import purge
from index.manifest import MANIFEST, read_manifest
from index.session import Session
from index.verification import verify_generation


@dataclass(frozen=True, slots=True)
class Generation:
    """A kept generation. `problem` is "" or why its manifest cannot be read; `size` counts bytes
    of its files, many of which are shared with its neighbours.
    """

    number: int
    live: bool
    created: str
    action: str
    parent: int | None
    documents: int
    chunks: int
    size: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What `gc` did: generations removed, and those that a reader still holds; bytes set free."""

    removed: tuple[int, ...]
    held: tuple[int, ...]
    freed: int
    generation: int | None


def history(layout: Layout) -> list[Generation]:
    """All kept generations, oldest first."""
    try:
        live = layout.live()
    except IndexDamaged:
        live = None
    return [_described(layout, number, number == live) for number in layout.numbers()]


def rollback(session: Session, generation: int | None = None) -> int:
    """Make a kept generation live again (the one before the live one if None), after proving it.

    Raises `IndexMissing` when there is none, `IndexDamaged` when it is not sound.
    """
    layout = session.layout
    try:
        live = layout.live()
    except IndexDamaged:
        live = None
    target = generation if generation is not None else _before(layout, live)
    if target not in layout.numbers():
        raise IndexMissing(
            f"Generation {target} is not kept; type `kordon index history` to see which are."
        )
    if target == live:
        raise UsageError(f"Generation {target} is the live one already.")
    findings = verify_generation(layout.folder(target))
    if findings:
        raise IndexDamaged(f"Generation {target} is damaged and not taken: {findings[0]}")
    layout.switch(target)
    session.note("rollback", f"to generation {target}", live, target, {})
    return target


def garbage(session: Session, *, now: bool = False) -> Collected:
    """Remove generations beyond those kept. `now` keeps only the live one, and removes the last
    traces of removed documents from it and from the cache.
    """
    layout = session.layout
    before = _bytes(layout)
    if now:
        purge(session)
    removed, held = collect(layout, 0 if now else session.options.keep)
    if now:
        for path in layout.cache.glob("*"):
            path.unlink()
    live = layout.live()
    if removed:
        numbers = ", ".join(map(str, removed))
        session.note("gc", f"removed generations {numbers}", live, live, {"removed": len(removed)})
    return Collected(tuple(removed), tuple(held), max(0, before - _bytes(layout)), live)


def _before(layout: Layout, live: int | None) -> int:
    """The generation to go back to: the live one's parent, else the newest sound older one."""
    numbers = layout.numbers()
    if live is not None:
        try:
            parent = read_manifest(layout.folder(live)).parent
        except IndexError_:
            parent = None
        if parent in numbers:
            return parent
    older = [number for number in numbers if live is None or number < live]
    if not older:
        raise IndexMissing(
            "There is no older generation to go back to; take in a backup with `kordon index "
            f"import`, or remove {layout.root} and add the documents again."
        )
    return older[-1]


def _described(layout: Layout, number: int, live: bool) -> Generation:
    folder = layout.folder(number)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    try:
        manifest = read_manifest(folder)
    except IndexError_ as error:
        return Generation(number, live, "", "", None, 0, 0, size, str(error))
    return Generation(
        number=number,
        live=live,
        created=manifest.created,
        action=manifest.action,
        parent=manifest.parent,
        documents=manifest.counts.get("documents", 0),
        chunks=manifest.counts.get("chunks", 0),
        size=size,
    )


def _bytes(layout: Layout) -> int:
    """Bytes on disk, files that have several names counted once."""
    sizes = {}
    for path in layout.root.rglob("*"):
        if path.is_file() and path.name != MANIFEST:
            state = path.stat()
            sizes[state.st_dev, state.st_ino] = state.st_size
    return sum(sizes.values())
