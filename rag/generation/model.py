"""The chat model: opened by name, streamed within time, asked for probabilities.

Any LangChain chat model will do. This is the one module that talks to providers' packages, whose
errors have no common base; whatever they raise becomes a `ModelFailure` here.
"""

import math
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rag.generation.failures import ModelFailure, failure_of, is_passing
from rag.generation.options import KEY, LlmOptions

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

LOCAL_KEY = "none"  # servers on this machine may ask for no key; the client insists on one
_WAIT = 0.5  # seconds before the first retry, doubled for each further one
_YES = ("yes", "да")
_NO = ("no", "нет")


def open_model(
    answerer: str, options: LlmOptions, environment: Mapping[str, str] | None = None
) -> "BaseChatModel":
    """The chat model that the settings name; nothing is asked of it yet.

    Raises `ModelFailure` when a setting or a package is missing.
    """
    key = (os.environ if environment is None else environment).get(KEY, "")
    if answerer == "openai-compatible":
        return _openai(options, key)
    if not options.model:
        raise ModelFailure("setup", why="set llm.model")
    try:
        from langchain.chat_models import init_chat_model

        given: dict[str, Any] = {"base_url": options.base_url} if options.base_url else {}
        if key:
            given["api_key"] = key
        return init_chat_model(options.model, temperature=0, timeout=options.timeout, **given)
    except ImportError as error:
        raise ModelFailure("setup", why=f"the package for {options.model} is missing") from error
    except ValueError as error:
        raise ModelFailure("setup", why=f'llm.model "{options.model}" is not known') from error


def _openai(options: LlmOptions, key: str) -> "BaseChatModel":
    if not options.base_url or not options.model:
        raise ModelFailure("setup", why="set llm.base_url and llm.model")
    try:
        from langchain_openai import ChatOpenAI
    except ImportError as error:
        raise ModelFailure("setup", why="type: pip install 'kordon[llm]'") from error
    from pydantic import SecretStr

    return ChatOpenAI(
        base_url=options.base_url,
        model=options.model,
        api_key=SecretStr(key or LOCAL_KEY),
        temperature=0,
        timeout=options.timeout,
        max_retries=0,  # ours, so that they count for every provider
        stream_usage=False,
        use_responses_api=False,
    )


class Talker:
    """Speaks with one chat model; safe to use from several threads, as the model is."""

    def __init__(self, model: "BaseChatModel", options: LlmOptions) -> None:
        self.model = model
        self.options = options

    @property
    def offers_schema(self) -> bool:
        """Whether the model's server takes a JSON schema and gives log-probabilities."""
        return type(self.model).__name__ in {"ChatOpenAI", "AzureChatOpenAI"}

    def stream(
        self,
        messages: Sequence["BaseMessage"],
        deadline: float,
        schema: Mapping[str, object] | None = None,
        most: int | None = None,
    ) -> Iterator[str]:
        """The answer piece by piece until `deadline` (of `time.monotonic`).

        Closing the iterator ends the request. Raises `ModelFailure`.
        """
        bound = self._bound(schema, most or self.options.answer_tokens)
        for attempt in range(self.options.retries + 1):
            begun = False
            try:
                for chunk in bound.stream(list(messages)):
                    if time.monotonic() > deadline:
                        raise ModelFailure("timeout", seconds=f"{self.options.timeout:g}")
                    text = str(chunk.text)
                    if text:
                        begun = True
                        yield text
                return
            except ModelFailure:
                raise
            except Exception as error:  # every provider has errors of its own; none is swallowed
                wait = _WAIT * 2**attempt
                last = attempt == self.options.retries or time.monotonic() + wait > deadline
                if begun or last or not is_passing(error):
                    raise failure_of(error, begun, self.options.timeout) from error
            time.sleep(wait)

    def write(self, messages: Sequence["BaseMessage"], deadline: float, most: int) -> str:
        """The whole answer of at most `most` tokens, as `stream` gives it."""
        return "".join(self.stream(messages, deadline, most=most))

    def probability_of_yes(self, messages: Sequence["BaseMessage"]) -> float | None:
        """P(yes) / (P(yes) + P(no)) of the model's first token; None where it tells none."""
        if not self.offers_schema or not hasattr(self.model, "bind"):
            return None
        bound = self.model.bind(logprobs=True, top_logprobs=20, max_tokens=1)
        try:
            answer = bound.invoke(list(messages))
        except Exception as error:
            raise failure_of(error, False, self.options.timeout) from error
        return share_of_yes(answer.response_metadata.get("logprobs"))

    def _bound(self, schema: Mapping[str, object] | None, most: int) -> Any:
        if not self.offers_schema:
            return self.model
        given: dict[str, object] = {"max_tokens": most}
        if schema is not None:
            held = {"name": "answer", "schema": dict(schema), "strict": True}
            wanted = {"type": "json_schema", "json_schema": held}
            # In the plain body: the client would parse the answer itself and fail on a cut one.
            given["extra_body"] = {"response_format": wanted}
        return self.model.bind(**given)


def share_of_yes(logprobs: object) -> float | None:
    """The share of "yes" among "yes" and "no" in an answer's log-probabilities of its first token.

    Beginnings of the words count too, since a tokenizer may cut them.
    """
    content = logprobs.get("content") if isinstance(logprobs, Mapping) else None
    if not content:
        return None
    yes = no = 0.0
    for item in content[0].get("top_logprobs") or ():
        token, share = str(item["token"]).strip().lower(), math.exp(float(item["logprob"]))
        if token and any(word.startswith(token) for word in _YES):
            yes += share
        elif token and any(word.startswith(token) for word in _NO):
            no += share
    return yes / (yes + no) if yes + no > 0 else None
