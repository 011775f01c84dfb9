"""Clean-up by the holder of the writer's lock: after a crash, and of generations not kept."""

import shutil
import socket

from corpus.errors import IndexDamaged, IndexError_
from index.building import now
from index.generations import Layout, is_held
from index.journal import Entry, append_entry, read_entries
from index.lock import current_owner
from index.manifest import read_manifest


def recover(layout: Layout) -> list[str]:
    """Bring the folder in order after a crash. Returns what was done, one sentence each.

    A generation that was numbered but never became live is removed; a switch that the journal
    missed is noted in it.
    """
    done = []
    try:
        live = layout.live()
    except IndexDamaged:
        return []  # only `rollback` can help, and it must be able to
    entries = read_entries(layout.journal)
    ever = [number for entry in entries for number in (entry.before, entry.after) if number]
    if live is not None or not layout.numbers():
        # Without CURRENT nobody can tell which generations were live: leave them all.
        for path in layout.clean(max([live or 0, *ever], default=0)):
            done.append(f"Removed {path.name}, left by an interrupted change.")
    last = entries[-1].after if entries else None
    if live is not None and live != last:
        owner = current_owner("recover")
        try:
            action = read_manifest(layout.folder(live)).action
        except IndexError_:
            action = "unknown change"
        append_entry(
            layout.journal,
            Entry(
                when=now(),
                user=owner.user,
                host=socket.gethostname(),
                pid=owner.pid,
                action="recover",
                detail=f"noted after an interruption: {action}",
                before=last,
                after=live,
            ),
        )
        done.append(f"Noted the switch to generation {live} in the journal.")
    return done


def collect(layout: Layout, keep: int) -> tuple[list[int], list[int]]:
    """Remove all but the newest `keep` generations and the live one.

    Returns the numbers removed, and those that a reader still holds and that stay for now.
    """
    live = layout.live()
    numbers = layout.numbers()
    spared = set(numbers[-keep:] if keep > 0 else []) | {live}
    removed, held = [], []
    for number in numbers:
        if number in spared:
            continue
        folder = layout.folder(number)
        if is_held(folder):
            held.append(number)
            continue
        # A folder that is being removed has no number any more.
        doomed = folder.with_name(f".removed-{number:06d}")
        folder.rename(doomed)
        shutil.rmtree(doomed)
        removed.append(number)
    return removed, held
