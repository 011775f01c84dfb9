"""Progress of long work, told to whoever watches: a terminal bar, the interface, or nobody."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Progress(Protocol):
    """Watches one long step after the other."""

    def track(self, items: Iterable[Item], *, step: str, total: int, unit: str) -> Iterator[Item]:
        """Yield `items` unchanged and show how far the work is.

        `step` names the work ("Reading"), `unit` what is counted ("document", "page", "chunk").
        """
        ...


class Silent:
    """Shows nothing."""

    def track(self, items: Iterable[Item], *, step: str, total: int, unit: str) -> Iterator[Item]:
        """Yield `items` unchanged."""
        yield from items
