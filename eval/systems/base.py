"""The contract of a system under test, and the table of those we ship."""

import inspect
import math
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from corpus.errors import UsageError
from eval.settings import RunSettings
from eval.types import MIXED, Found, Question, Quote, Reply
from index.types import Filter

if TYPE_CHECKING:
    from index.encoders.base import Encoder
    from index.reader import Reader

QUOTED = 3  # passages that a system without an answerer quotes


@dataclass(frozen=True, slots=True)
class Indexed:
    """A corpus as it was indexed. `names` maps document ids to what judgements call them.

    `filtered` is whether a question's target language limits the search (passages of a data set)
    or only tells where its answer stands (documents: the whole index is searched). `digest` tells
    indexes apart; in `cache` a system may keep what belongs to this index.
    """

    reader: "Reader"
    encoder: "Encoder"
    names: dict[str, str]
    filtered: bool
    digest: str
    cache: Path

    def where(self, question: Question) -> Filter:
        """What may be found for a question."""
        if not self.filtered or question.target == MIXED:
            return Filter()
        return Filter(languages=frozenset({question.target}))


class System(Protocol):
    """Questions in, passages and replies out. Built by `Class(indexed, settings)`."""

    def search(self, question: Question, k: int) -> list[Found]:
        """The best `k` passages, best first."""
        ...

    def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
        """The answer, and the milliseconds of each of its stages (may be empty)."""
        ...


SYSTEMS = {
    "kordon": "eval.systems.product:KordonSystem",
    "lexical": "eval.systems.legs:LexicalSystem",
    "bm25": "eval.systems.plain_bm25:PlainBm25System",
    "dense": "eval.systems.legs:DenseSystem",
    "rrf": "eval.systems.legs:RrfSystem",
    "maxsim": "eval.systems.maxsim:MaxSimSystem",
    "composed": "eval.systems.composed:ComposedSystem",
    "langchain": "eval.systems.langchain_chain:LangChainSystem",
}


def open_system(indexed: Indexed, settings: RunSettings) -> System:
    """The system that the settings name. Raises `UsageError` for an unknown one."""
    system: System = system_class(settings.system)(indexed, settings)
    return system


def system_class(name: str) -> Callable[[Indexed, RunSettings], System]:
    """What makes a system, by its name. Raises `UsageError` for an unknown one or for no system."""
    place = SYSTEMS.get(name, name)
    if ":" not in place:
        raise UsageError(
            f"There is no system {name!r}; known are {', '.join(SYSTEMS)}, "
            "or a class as module:Class."
        )
    try:
        found: Callable[[Indexed, RunSettings], System] = pkgutil.resolve_name(place)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"The system {place} cannot be loaded: {error}.") from error
    if not _makes_systems(found):
        raise UsageError(
            f"{place} is no system: a class with the methods search and ask, made from an index "
            "and settings, is needed (see docs/evaluation.md)."
        )
    return found


def _makes_systems(found: object) -> bool:
    """Whether it is a class with our methods that can be called as we call it."""
    if not isinstance(found, type):
        return False
    try:
        inspect.signature(found).bind(None, None)
    except (TypeError, ValueError):
        return False
    return all(callable(getattr(found, method, None)) for method in ("search", "ask"))


def quoting_reply(
    found: Sequence[Found], indexed: Indexed, language: str, confidence: float
) -> Reply:
    """The reply of a system without an answerer: its best passages whole, never a refusal."""
    ids = {name: own for own, name in indexed.names.items()}
    quotes = []
    for hit in found[:QUOTED]:
        text = indexed.reader.text(ids[hit.document])[hit.start : hit.end]
        quotes.append(Quote(hit.document, hit.start, hit.end, text, True))
    sure = min(max(confidence, 0.0), 1.0) if math.isfinite(confidence) else 0.0
    sentences = tuple((place,) for place in range(len(quotes)))
    return Reply(bool(quotes), sure, language, tuple(quotes), sentences, ("",) * len(quotes))
