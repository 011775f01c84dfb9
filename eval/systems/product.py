"""The product itself: its searcher and its answer pipeline, as users get them."""

from dataclasses import fields, replace
from json import loads
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from eval.settings import RunSettings
from eval.systems.base import Indexed
from eval.types import Found, Question, Quote, Reply
from index.search.searcher import Searcher, SearchSettings
from rag.answering.by_sentence import by_sentence
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import Pipeline
from rag.types import Answer


class KordonSystem:
    """Search and answers over one index."""

    def __init__(self, indexed: Indexed, settings: RunSettings) -> None:
        self._indexed = indexed
        self._searcher = Searcher(indexed.reader, indexed.encoder, search_settings(settings))
        self._order = by_sentence(self._searcher)
        self._pipeline = Pipeline(self._searcher, indexed.reader, answer_options(settings))

    def search(self, question: Question, k: int) -> list[Found]:
        """The best `k` passages, best first."""
        where = self._indexed.where(question)
        hits = self._searcher.find(question.text, k, where=where, rescorer=self._order).hits
        names = self._indexed.names
        return [
            Found(
                names[hit.chunk.document_id],
                hit.chunk.start,
                hit.chunk.end,
                hit.score,
                hit.chunk.language,
            )
            for hit in hits
        ]

    def ask(self, question: Question) -> tuple[Reply, dict[str, float]]:
        """The answer with every quote held against the source once more."""
        answer = self._pipeline.answer(question.text, where=self._indexed.where(question))
        return _reply(answer, self._indexed), dict(answer.timings_ms)


def search_settings(settings: RunSettings) -> SearchSettings:
    """The search settings with the run's fields in place. Raises `UsageError` for unknown ones."""
    return SearchSettings(**_known(settings.search, SearchSettings, "search"))


def answer_options(settings: RunSettings) -> AnswerOptions:
    """The answer options with the run's fields in place. Raises `UsageError` for unknown ones."""
    options = AnswerOptions(**_known(settings.answer, AnswerOptions, "answer"))
    if not settings.forced:
        return options
    return replace(options, precision=0.0, answerable_precision=0.0, refuse_unsaid=False)


def _known(values: tuple[tuple[str, str], ...], kind: type, table: str) -> dict[str, Any]:
    known = {field.name for field in fields(kind)}
    given: dict[str, Any] = {name: loads(value) for name, value in values}
    unknown = sorted(given.keys() - known)
    if unknown:
        raise UsageError(
            f"There is no {table} setting {unknown[0]!r}; known are {', '.join(sorted(known))}."
        )
    paths = {field.name for field in fields(kind) if "Path" in str(field.type)}
    return {n: Path(v) if n in paths and v is not None else v for n, v in given.items()}


def _reply(answer: Answer, indexed: Indexed) -> Reply:
    places = {citation.marker: place for place, citation in enumerate(answer.citations)}
    quotes = tuple(
        Quote(
            indexed.names[citation.document_id],
            citation.start,
            citation.end,
            citation.quote,
            indexed.reader.text(citation.document_id)[citation.start : citation.end]
            == citation.quote,
        )
        for citation in answer.citations
    )
    return Reply(
        answer.answered,
        answer.confidence,
        answer.language,
        quotes,
        tuple(tuple(places[mark] for mark in s.markers) for s in answer.sentences),
        tuple(s.text[s.answer[0] : s.answer[1]] if s.answer else "" for s in answer.sentences),
        " ".join(part for part in (answer.lead, answer.notice) if part),
    )
