"""How many tokens a text takes, by the server's own tokenizer where it has one to ask.

llama.cpp answers `POST /tokenize` beside its OpenAI-compatible address. Where nothing answers, the
guess of `prompts.about` is used, which errs on the long side.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from rag.generation.prompts import Counter, about

if TYPE_CHECKING:
    from rag.generation.work import Parts

_PATIENCE = 2.0  # seconds; counting must not hold up an answer


def counter(parts: "Parts") -> Counter:
    """How the tokens of a text are counted for the model of `parts`."""
    model = parts.talker.model
    address = getattr(model, "openai_api_base", None)
    if not address:
        return about
    secret = getattr(model, "openai_api_key", None)
    key = str(secret.get_secret_value()) if secret is not None else ""
    root = str(address).rstrip("/").removesuffix("/v1")
    return lambda text: tokens_at(root, key, text) or about(text)


@lru_cache(maxsize=2_000)
def tokens_at(root: str, key: str, text: str) -> int:
    """The tokens that the server at `root` counts; 0 if it does not say."""
    import httpx

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.post(
            f"{root}/tokenize", json={"content": text}, headers=headers, timeout=_PATIENCE
        )
        tokens = answer.json().get("tokens") if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError, AttributeError):
        return 0
    return len(tokens) if isinstance(tokens, list) else 0
