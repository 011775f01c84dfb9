"""The parts behind the interface, opened once for all readers."""

from functools import lru_cache
from threading import Lock

from rag.assemble import Kordon, assemble
from rag.mishap import keep_log
from rag.settings import Settings, load
from rag.ui.examples import Examples

_opening = Lock()


def settings() -> Settings:
    """The settings as they stand now."""
    return load()


def kordon() -> Kordon:
    """Search and answers, shared by all sessions and threads; it follows the index by itself."""
    with _opening:
        return _assembled(settings())


@lru_cache(maxsize=1)
def _assembled(settings: Settings) -> Kordon:
    keep_log(settings.log)
    return assemble(settings)


def examples() -> Examples:
    """Questions for empty chats, made once for all readers."""
    parts = kordon()
    with _opening:
        return _examples(parts)


@lru_cache(maxsize=1)
def _examples(parts: Kordon) -> Examples:
    return Examples(parts)
