"""What the steps of the chain hand on, and what they work with."""

from dataclasses import dataclass
from typing import TypedDict

from index.reader import Reader
from index.search.searcher import Searcher
from index.types import Filter
from rag.answering.pipeline import Pipeline, Stopwatch
from rag.generation.checks.checker import Checker
from rag.generation.model import Talker
from rag.generation.options import LlmOptions
from rag.generation.types import Source, Verdict
from rag.types import Answer


class Event(TypedDict, total=False):
    """What `stream` yields, one key at a time; the events added up are what `invoke` returns.

    `searching`: the question as understood and its language. `sources`: ids of the passages given
    to the model. `text`: sentences that passed the checks, as (sentence, quote). `checks`: how
    many were shown and withheld, and why. `done`: the answer.
    """

    searching: dict[str, str]
    sources: list[str]
    text: list[tuple[str, str]]
    checks: dict[str, object]
    done: Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the one before it in the conversation, and what may be found."""

    question: str
    before: str | None = None
    where: Filter | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One question on its way; each step fills in more."""

    asked: Asked
    deadline: float  # of time.monotonic
    watch: Stopwatch
    language: str = "en"
    meant: str = ""
    plain: Answer | None = None  # the extractive answer, shown when nothing better comes
    sources: tuple[Source, ...] = ()
    probability: float = 0.0
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What every question is answered with."""

    name: str  # of the answerer
    searcher: Searcher
    reader: Reader
    pipeline: Pipeline
    checker: Checker
    talker: Talker
    options: LlmOptions
    related: int
