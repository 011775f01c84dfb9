"""The answerer that composes: understand -> retrieve -> gate -> compose -> check -> mend.

`Generated` has the answerer's interface (`answer`); its `chain` is the same as a LangChain
`Runnable` that streams `work.Event`s. Closing a stream ends the request to the model.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from langchain_core.runnables import AddableDict, Runnable, RunnableGenerator, RunnableSequence

from corpus.errors import ModelError
from index.reader import Reader
from index.search.searcher import Searcher
from index.types import Filter
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import Pipeline, Stopwatch
from rag.generation import steps
from rag.generation.checks.checker import Checker
from rag.generation.failures import ModelFailure
from rag.generation.finish import fallback
from rag.generation.model import Talker, open_model
from rag.generation.options import LlmOptions
from rag.generation.steps import Step
from rag.generation.work import Asked, Parts, Work
from rag.types import Answer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Transform = Callable[[Iterator[AddableDict]], Iterator[AddableDict]]
_STEPS: tuple[Step, ...] = (steps.retrieve, steps.gate, steps.compose, steps.mend)


class Generated:
    """Answers composed by a chat model and checked; extractive whenever that fails.

    Safe to call from several threads.
    """

    name: ClassVar[str] = "chat-model"

    def __init__(
        self,
        searcher: Searcher,
        reader: Reader,
        settings: AnswerOptions | None = None,
        *,
        llm: LlmOptions | None = None,
        model: "BaseChatModel | None" = None,
    ) -> None:
        """`model` stands for the one that the settings name."""
        self.searcher = searcher
        self.reader = reader
        self.settings = settings or AnswerOptions()
        self.llm = llm or LlmOptions()
        self.extractive = Pipeline(searcher, reader, self.settings)
        self._model = model

    def answer(
        self, question: str, *, where: Filter | None = None, before: str | None = None
    ) -> Answer:
        """As the extractive answerer's. Raises `QuestionError`."""
        answer: Answer | None = None
        for event in self.events(Asked(question, before, where)):
            answer = event.get("done", answer)
        if answer is None:
            raise ModelError("The chain ended without an answer; ask again.")
        return answer

    def events(self, asked: Asked) -> Iterator[AddableDict]:
        """The events of one answer, `done` last. Raises `QuestionError`."""
        try:
            chain = self.chain
        except ModelFailure as failure:  # no model could be opened
            yield AddableDict(done=self._without_model(asked, failure))
            return
        yield from chain.stream(asked)

    @cached_property
    def chain(self) -> Runnable[Asked, AddableDict]:
        """The steps as one runnable. Raises `ModelFailure` when no model can be opened."""
        return chain_of(self.parts)

    @cached_property
    def parts(self) -> Parts:
        """What the steps work with."""
        model = self._model or open_model(self.name, self.llm)
        return Parts(
            name=self.name,
            searcher=self.searcher,
            reader=self.reader,
            pipeline=self.extractive,
            checker=Checker(self.searcher.encoder),
            talker=Talker(model, self.llm),
            options=self.llm,
            related=self.settings.related,
        )

    def _without_model(self, asked: Asked, failure: ModelFailure) -> Answer:
        plain = self.extractive.answer(asked.question, where=asked.where, before=asked.before)
        if plain.answerer == "catalogue":
            return plain
        watch = Stopwatch(dict(plain.timings_ms))
        work = Work(asked, 0.0, watch, plain.language, asked.question, plain)
        return fallback(work, failure)


class OpenAICompatible(Generated):
    """A server that speaks OpenAI's chat protocol: llama.cpp, vLLM, Ollama, a paid one."""

    name: ClassVar[str] = "openai-compatible"


class AnyChatModel(Generated):
    """Any chat model that LangChain's `init_chat_model` knows by name."""

    name: ClassVar[str] = "chat-model"


def chain_of(parts: Parts) -> Runnable[Asked, AddableDict]:
    """One runnable step after the other."""

    def understand(questions: Iterator[Asked]) -> Iterator[AddableDict]:
        for asked in questions:
            yield from steps.understand(parts, asked)

    first: Runnable[Asked, AddableDict] = RunnableGenerator(understand, name="understand")
    rest = [RunnableGenerator(_following(parts, step), name=step.__name__) for step in _STEPS]
    return RunnableSequence(first, *rest, name="answer")


def _following(parts: Parts, step: Step) -> Transform:
    """A step as a transformation of events: it takes the work out and lets the rest pass."""

    def transform(events: Iterator[AddableDict]) -> Iterator[AddableDict]:
        for event in events:
            work = event.pop("work", None)
            if event:
                yield event
            if work is not None:
                yield from step(parts, work)

    return transform
