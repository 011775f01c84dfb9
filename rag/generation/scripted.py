"""A chat model that says what a function tells it to: for tests and trials without a server.

It stands where any other chat model stands, so nothing of Kordon is replaced. The function sees
the whole prompt, and may raise to play a failing server.
"""

from collections.abc import Callable, Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

Script = Callable[[str], Iterator[str]]  # the prompt -> the pieces of the answer


class Scripted(BaseChatModel):
    """`script` is called once for each request, with the texts of its messages joined."""

    script: Script

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self.script(_joined(messages)):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(self.script(_joined(messages)))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])


def _joined(messages: list[BaseMessage]) -> str:
    return "\n\n".join(str(message.text) for message in messages)
