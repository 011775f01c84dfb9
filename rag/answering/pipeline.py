"""A question in, a cited answer or an honest refusal out.

read -> search -> choose sentences -> decide -> verify. Each stage is timed. Nothing is shown that
`verify.cite` did not find in the source.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.reader import Reader
from index.search.searcher import Searcher
from index.types import Filter, Hit
from rag.answering.candidates import quote_of
from rag.answering.choose import Choice, choose
from rag.answering.options import AnswerOptions
from rag.answering.phrases import say
from rag.answering.question import Question, read_question
from rag.answering.sources import gather
from rag.answering.verify import cite
from rag.types import Answer, Citation, Sentence


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds by stage."""

    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times the block as stage `name`."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = round((time.perf_counter() - started) * 1000, 2)


class Pipeline:
    """Answers questions by quoting; safe to call from several threads."""

    def __init__(
        self, searcher: Searcher, reader: Reader, settings: AnswerOptions | None = None
    ) -> None:
        self.searcher = searcher
        self.reader = reader
        self.settings = settings or AnswerOptions()

    def answer(self, question: str, *, where: Filter | None = None) -> Answer:
        """The answer to `question` from what `where` allows.

        Raises `QuestionError` for a question that cannot be asked.
        """
        watch = Stopwatch()
        with watch.stage("read"):
            asked = read_question(question, self.settings.max_question)
        with watch.stage("search"):
            found = self.searcher.find(asked.text, self.settings.passages, where=where)
            hits = found.hits
        with watch.stage("choose"):
            choice = choose(gather(self.searcher, found), self.settings)
        with watch.stage("verify"):
            sentences, citations = self.quoted(choice, hits)
        return self.build(question, asked, choice, hits, sentences, citations, watch.timings)

    def quoted(
        self, choice: Choice, hits: Sequence[Hit]
    ) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        """The chosen sentences that the source confirms, with their citations."""
        sentences: list[Sentence] = []
        citations: list[Citation] = []
        for candidate in choice.candidates:
            marker = str(len(citations) + 1)
            quote = quote_of(hits[candidate.passage], candidate.start, candidate.end)
            citation = cite(self.reader, quote, marker)
            if citation is not None:
                citations.append(citation)
                sentences.append(Sentence(citation.quote, (marker,)))
        return tuple(sentences), tuple(citations)

    def build(
        self,
        question: str,
        asked: Question,
        choice: Choice,
        hits: Sequence[Hit],
        sentences: tuple[Sentence, ...],
        citations: tuple[Citation, ...],
        timings: dict[str, float],
    ) -> Answer:
        """The answer as it is shown; a refusal if nothing was chosen or confirmed."""
        answered = bool(sentences)
        if answered:
            key = "lead.one" if len(sentences) == 1 else "lead.many"
            lead, notice = say(key, asked.language, count=len(sentences)), ""
        else:
            lead = say("lead.refused", asked.language)
            notice = say("notice.refused" if hits else "notice.nothing", asked.language)
        return Answer(
            question=question,
            language=asked.language,
            answered=answered,
            confidence=choice.confidence,
            sentences=sentences,
            citations=citations,
            related=() if answered else tuple(hits[: self.settings.related]),
            generation=self.reader.generation,
            answerer="extractive",
            lead=lead,
            notice=notice,
            timings_ms=timings,
        )
