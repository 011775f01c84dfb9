"""What files are called where people read it: files of the same name must be told apart."""

from collections.abc import Iterable
from pathlib import PurePath

Place = tuple[str, str]  # the folder that was given, and the path below it


def telling_names(places: Iterable[Place]) -> dict[Place, str]:
    """Every file's path, with as many folders before it as tell it from all the others."""
    above = {place: PurePath(place[0]).parts for place in places}
    added = dict.fromkeys(above, 0)
    while True:
        found = {place: _name(place, above[place], added[place]) for place in above}
        by_name: dict[str, list[Place]] = {}
        for place, name in found.items():
            by_name.setdefault(name, []).append(place)
        alike = [place for group in by_name.values() if len(group) > 1 for place in group]
        short = [place for place in alike if added[place] < len(above[place])]
        if not short:
            return found
        for place in short:
            added[place] += 1


def _name(place: Place, above: tuple[str, ...], added: int) -> str:
    path = place[1]
    return PurePath(*above[-added:], path).as_posix() if added else path
