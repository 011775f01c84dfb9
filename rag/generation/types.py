"""What generation passes from step to step."""

from dataclasses import dataclass
from typing import Literal

from index.types import Hit

Reason = Literal[
    "",
    "marker",
    "quote",
    "link",
    "language",
    "value",
    "limit",
    "name",
    "flip",
    "binding",
    "meaning",
]


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the model sees it: `marker` is unguessable, `framed` has as many characters as
    the passage, each harmless in the frame (see `framing`). `title` is its document's."""

    marker: str
    hit: Hit
    framed: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says: a quote, the marker of its source, and a sentence that rests on it."""

    quote: str
    marker: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is "" for a supported sentence, else the check that failed; `detail` says on what.

    [start, end) is what is cited: characters of the passage of `source`, None when not found.
    """

    claim: Claim
    reason: Reason
    detail: str = ""
    source: Source | None = None
    start: int = 0
    end: int = 0

    @property
    def supported(self) -> bool:
        """Whether the sentence may be shown."""
        return not self.reason
