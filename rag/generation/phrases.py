"""What Kordon says about a generated answer, from `rag/data/generation_phrases.json`."""

import json
from functools import cache
from importlib import resources


@cache
def table() -> dict[str, dict[str, str]]:
    """All templates: key -> language -> text with {placeholders}."""
    text = resources.files("rag").joinpath("data/generation_phrases.json").read_text("utf-8")
    phrases: dict[str, dict[str, str]] = json.loads(text)
    return phrases


def say(key: str, language: str, **values: object) -> str:
    """The template `key` in `language` (English if it is neither), filled in."""
    forms = table()[key]
    return forms.get(language, forms["en"]).format(**values)
