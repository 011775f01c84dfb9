"""A question in, a cited answer or an honest refusal out.

read -> search -> weigh every sentence -> answer, answer with a caveat, or refuse -> verify. Each
stage is timed. Nothing is shown that `verify.cite` did not find in the source.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from index.encoders.joint_reader import JointReader, joint_reader_of
from index.reader import Reader
from index.search.searcher import Searcher
from index.types import Filter
from rag.answering.acronyms import spelled_out
from rag.answering.around import with_neighbours
from rag.answering.articles import article_asked
from rag.answering.calibration import load_calibrations
from rag.answering.catalogue.answer import from_catalogue
from rag.answering.catalogue.particulars import particulars
from rag.answering.catalogue.recognise import Judgement, about_collection
from rag.answering.catalogue.request import read_request
from rag.answering.choose import Choice, choose
from rag.answering.each import listed_for_each
from rag.answering.enumerated import whole_list
from rag.answering.evidence import Evidence, weigh
from rag.answering.followup import resolve
from rag.answering.options import AnswerOptions
from rag.answering.parts import in_turn, parts_of
from rag.answering.phrases import say
from rag.answering.question import Question, read_question
from rag.answering.question_kinds import asks_for_each
from rag.answering.ranker import load_ranker
from rag.answering.show import lead_and_notice, quoted
from rag.answering.smalltalk import is_small_talk
from rag.answering.sources import Passages, gather
from rag.answering.succession import with_successor
from rag.answering.tables.compare import compared
from rag.stages import announce
from rag.types import Answer, Citation, Sentence

_LIKELY = 0.4  # confidence of an answer that a question perhaps about the collection is given


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds by stage."""

    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times the block as stage `name`, and tells whoever waits that it begins."""
        announce(name)
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
        card = searcher.encoder.card
        self.ranker = load_ranker(card.name, card.dimension)

    def answer(
        self, question: str, *, where: Filter | None = None, before: str | None = None
    ) -> Answer:
        """The answer to `question` from what `where` allows; `before` is the question that was
        asked before it in the conversation, if any.

        Raises `QuestionError` for a question that cannot be asked.
        """
        watch = Stopwatch()
        with watch.stage("read"):
            plain = read_question(question, self.settings.max_question)
            if is_small_talk(plain.text):
                return self._small_talk(question, plain)
            meant = resolve(plain.text, before)
            asked = Question(meant, plain.language)
            ours = about_collection(meant, self.searcher.encoder)
            parts = parts_of(plain.text) if ours == "no" else ()
        if len(parts) > 1:
            return in_turn(question, tuple(self._one_by_one(parts, where, before)))
        answer = self._answered(question, asked, ours, where, watch)
        if meant != plain.text:
            note = say("notice.understood", asked.language, question=meant)
            answer = replace(answer, notice=f"{note} {answer.notice}".strip())
        return replace(answer, timings_ms=watch.timings, understood=meant)

    def _one_by_one(
        self, parts: Sequence[str], where: Filter | None, before: str | None
    ) -> Iterator[Answer]:
        """Answers to the questions of one message, each after the one before it."""
        for part in parts:
            answer = self.answer(part, where=where, before=before)
            before = answer.understood
            yield answer

    def _small_talk(self, question: str, plain: Question) -> Answer:
        """What Kordon does, said to whoever greets it."""
        count = len(self.reader.documents())
        return Answer(
            question=question,
            language=plain.language,
            answered=False,
            confidence=0.0,
            sentences=(),
            citations=(),
            related=(),
            generation=self.reader.generation,
            answerer="catalogue",
            lead=say("lead.small_talk", plain.language, count=count),
            understood=plain.text,
        )

    def _answered(
        self,
        question: str,
        asked: Question,
        ours: Judgement,
        where: Filter | None,
        watch: Stopwatch,
    ) -> Answer:
        """From the catalogue or the texts, by how probably the collection is asked about."""
        found = None
        if ours in ("yes", "if it fits"):
            found = self._catalogue(question, asked, where, watch)
            if found.answered:
                return found
        answer = self._from_texts(question, asked, where, watch)
        if not answer.answered:
            told = particulars(
                question, asked.text, asked.language, self.searcher, where or Filter()
            )
            if told is not None:
                return told
        if ours != "no" and not (answer.answered and answer.confidence >= _LIKELY):
            found = found or self._catalogue(question, asked, where, watch)
            if ours == "yes" or (found.answered and read_request(asked.text).limited):
                return found
        return answer

    def _from_texts(
        self, question: str, asked: Question, where: Filter | None, watch: Stopwatch
    ) -> Answer:
        with watch.stage("search"):
            passages = self._passages(asked.text, where)
        with watch.stage("choose"):
            choice = listed_for_each(
                self.choose(passages, asked.language),
                passages,
                lambda single: self.choose(self._passages(single, where), asked.language),
            )
            choice = article_asked(whole_list(choice, passages), passages)
            choice = spelled_out(choice, passages)

            def find(other: str) -> Passages:
                return self._passages(other, where)

            def weighed(found: Passages) -> Evidence | None:
                return weigh(found, asked.language, self.ranker)

            again = self.reader, find, weighed
            choice, passages = compared(choice, passages, *again)
            choice, passages = with_successor(choice, passages, asked.language, *again)
        with watch.stage("verify"):
            sentences, citations = quoted(choice, passages, self.reader)
        return self._build(question, asked, choice, passages, sentences, citations, watch.timings)

    def _passages(self, question: str, where: Filter | None) -> Passages:
        found = self.searcher.find(question, self.settings.passages, where=where)
        languages = where.languages if where else frozenset()
        options = self.settings
        if asks_for_each(question):  # a list may go on over several chunks
            options = replace(options, after=2 * options.after)
        found = with_neighbours(found, self.reader, languages, options)
        return gather(self.searcher, found, self.ranker.question_means)

    def _catalogue(
        self, question: str, asked: Question, where: Filter | None, watch: Stopwatch
    ) -> Answer:
        with watch.stage("catalogue"):
            request, most = read_request(asked.text), self.settings.documents
            where = where or Filter()
            return from_catalogue(question, asked.language, request, self.searcher, where, most)

    def choose(self, passages: Passages, language: str) -> Choice:
        """The sentences for a question in `language`, with the outcome."""
        joint = self._joint
        calibrations = load_calibrations(read=joint is not None)
        calibration = calibrations.get(language, calibrations["en"])
        return choose(
            passages, language, self.reader, self.ranker, calibration, self.settings, joint
        )

    @cached_property
    def _joint(self) -> JointReader | None:
        """Opened with the first question; None where the encoder has none."""
        return joint_reader_of(self.searcher.encoder) if self.settings.read else None

    def _build(
        self,
        question: str,
        asked: Question,
        choice: Choice,
        passages: Passages,
        sentences: tuple[Sentence, ...],
        citations: tuple[Citation, ...],
        timings: dict[str, float],
    ) -> Answer:
        lead, notice = lead_and_notice(choice, len(sentences), passages.hits, asked.language)
        answered = bool(sentences)
        return Answer(
            question=question,
            language=asked.language,
            answered=answered,
            confidence=choice.confidence,
            sentences=sentences,
            citations=citations,
            related=() if answered else passages.hits[: self.settings.related],
            generation=self.reader.generation,
            answerer="extractive",
            lead=lead,
            notice=notice,
            timings_ms=timings,
        )
