"""What can be set about the language model; the assembly fills it from the settings."""

from dataclasses import dataclass
from typing import Literal

KEY = "KORDON_LLM_KEY"  # the server's key is only ever read from the environment


@dataclass(frozen=True, slots=True)
class LlmOptions:
    """Which model composes, and within which limits.

    `base_url` and `model` name an OpenAI-compatible server and its model; for the answerer
    "chat-model", `model` is a name for LangChain's `init_chat_model` ("ollama:qwen2.5:7b").
    `form` is how the model writes: "json" under a schema, "lines" for models that cannot, "auto"
    chooses by the server. `passages` sources within `prompt_tokens` are given, `claims` sentences
    asked for, `answer_tokens` allowed. `timeout` (seconds) is for a whole answer; `retries` after
    failures that may pass. `gate` asks the model whether the sources answer, where it gives
    probabilities; `repair` gives it one chance to mend; `translate` searches a Russian question
    in English too.
    """

    base_url: str = ""
    model: str = ""
    form: Literal["auto", "json", "lines"] = "auto"
    passages: int = 4
    prompt_tokens: int = 2400
    answer_tokens: int = 500
    claims: int = 3
    timeout: float = 120.0
    retries: int = 2
    gate: bool = True
    repair: bool = True
    translate: bool = False
