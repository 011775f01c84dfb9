"""How many tokens a text takes, by the server's own tokenizer where it has one to ask.

llama.cpp answers `POST /tokenize` beside its OpenAI-compatible address. Where nothing answers, the
guess of `prompts.about` is used, which errs on the long side.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from rag.generation.prompts import Counter, about

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.generation.work import Parts

_PATIENCE = 2.0  # seconds; counting must not hold up an answer


def counter(parts: "Parts") -> Counter:
    """How the tokens of a text are counted for the model of `parts`."""
    root, key = root_and_key(parts.talker.model)
    if not root:
        return about
    return lambda text: tokens_at(root, key, text) or about(text)


def root_and_key(model: "BaseChatModel") -> tuple[str, str]:
    """The address of the model's server without "/v1", and its key; empty for other models."""
    address = getattr(model, "openai_api_base", None)
    if not address:
        return "", ""
    secret = getattr(model, "openai_api_key", None)
    key = str(secret.get_secret_value()) if secret is not None else ""
    return str(address).rstrip("/").removesuffix("/v1"), key


@lru_cache(maxsize=2_000)
def tokens_at(root: str, key: str, text: str) -> int:
    """The tokens that the server at `root` counts; 0 if it does not say."""
    tokens = _asked(root, key, "/tokenize", {"content": text}).get("tokens")
    return len(tokens) if isinstance(tokens, list) else 0


def context_at(root: str, key: str) -> int:
    """The tokens that prompt and answer may take together; 0 if the server does not say."""
    if not root:
        return 0
    settings = _asked(root, key, "/props", None).get("default_generation_settings")
    size = settings.get("n_ctx") if isinstance(settings, dict) else None
    return size if isinstance(size, int) else 0


def _asked(root: str, key: str, path: str, body: dict[str, str] | None) -> dict[str, object]:
    """The JSON object that the server answers; an empty one if it does not."""
    import httpx

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    method = "GET" if body is None else "POST"
    try:
        answer = httpx.request(method, root + path, json=body, headers=headers, timeout=_PATIENCE)
        found = answer.json() if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
