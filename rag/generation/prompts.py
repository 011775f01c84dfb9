"""Prompts from `rag/prompts/*.md`, filled in within a token budget.

The rules and the sources come first and the question last, so that a server that keeps what it has
read reads only the question anew.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from rag.generation.framing import block, harmless
from rag.generation.parse import Form
from rag.generation.types import Source, Verdict

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

Counter = Callable[[str], int]  # how many tokens a text takes


@cache
def prompt(name: str, language: str) -> str:
    """The text of `rag/prompts/NAME.LANGUAGE.md`; English for any other language."""
    file = f"prompts/{name}.{language if language in ('en', 'ru') else 'en'}.md"
    return resources.files("rag").joinpath(file).read_text("utf-8").strip()


@cache
def digest() -> str:
    """Of all prompts together: an answer says with which prompts it was made."""
    folder = resources.files("rag").joinpath("prompts")
    texts = sorted((file.name, file.read_text("utf-8")) for file in folder.iterdir())
    return hashlib.sha256(repr(texts).encode()).hexdigest()[:12]


def about(tokens: str) -> int:
    """A cautious guess of how many tokens a text takes: 3 Latin or 2 Cyrillic letters a token."""
    cyrillic = sum("\u0400" <= character <= "\u04ff" for character in tokens)
    return cyrillic // 2 + (len(tokens) - cyrillic) // 3 + 8


def within(sources: Sequence[Source], budget: int, count: Counter) -> tuple[Source, ...]:
    """As many sources, best first, as fit into `budget` tokens; the first one always does."""
    kept: list[Source] = []
    left = budget
    for source in sources:
        left -= count(block(source))
        if left < 0 and kept:
            break
        kept.append(source)
    return tuple(kept)


def ask(
    name: str,
    language: str,
    question: str,
    sources: Sequence[Source],
    form: Form,
    most: int,
    problems: str = "",
) -> list["BaseMessage"]:
    """The messages of one request; `name` is "question", "gate" or "repair"."""
    from langchain_core.messages import HumanMessage, SystemMessage

    rules = Template(prompt("answer", language)).substitute(
        most=most, form=prompt(f"form-{form}", language)
    )
    framed = "\n\n".join(map(block, sources))
    asked = Template(prompt(name, language)).safe_substitute(
        sources=framed, question=harmless(question), problems=problems
    )
    return [SystemMessage(rules), HumanMessage(asked)]


def translate(question: str, language: str) -> list["BaseMessage"]:
    """The request to put the question into `language`."""
    from langchain_core.messages import HumanMessage

    text = Template(prompt("translate", language)).substitute(question=harmless(question))
    return [HumanMessage(text)]


def problems_of(verdicts: Sequence[Verdict]) -> str:
    """What was wrong, for the model's second attempt."""
    lines = []
    for verdict in verdicts:
        claim = verdict.claim
        about = f" ({verdict.detail})" if verdict.detail else ""
        lines.append(
            f"- {harmless(claim.sentence)[:300]} | {harmless(claim.quote)[:300]} | "
            f"{verdict.reason}{about}"
        )
    return "\n".join(lines)
