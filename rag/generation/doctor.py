"""`kordon doctor` on the configured language model: reachable, streams, schema, probabilities,
speed, context size. Each is tried with a request of a few tokens."""

import json
import time
from collections.abc import Iterator

from rag.doctor import Finding
from rag.generation.budget import context_at, root_and_key
from rag.generation.failures import ModelFailure
from rag.generation.model import Talker, open_model
from rag.generation.parse import schema
from rag.settings import Settings

WHAT = "language model"
_PATIENCE = 60.0  # seconds for one request
_TOKENS = 16
_SLOW = 5.0  # tokens a second below which answers take minutes


def language_model(settings: Settings) -> Iterator[Finding]:
    """All findings; one that fails ends them, since the rest depends on it."""
    try:
        talker = Talker(open_model(settings.answerer, settings.llm), settings.llm)
        yield from _speaks(talker, settings)
    except ModelFailure as failure:
        yield Finding("fail", WHAT, f"{failure} Check llm.base_url, llm.model and the key.")
        return
    if talker.offers_schema:
        yield _schema(talker)
        yield _probabilities(talker)
    yield _context(talker, settings)


def _speaks(talker: Talker, settings: Settings) -> Iterator[Finding]:
    from langchain_core.messages import HumanMessage

    started = time.monotonic()
    first = 0.0
    pieces = 0
    asked = [HumanMessage("Count from one to twenty in words.")]
    for _ in talker.stream(asked, started + _PATIENCE, most=_TOKENS):
        first = first or time.monotonic()
        pieces += 1
    if not pieces:
        raise ModelFailure("empty")
    yield Finding("ok", WHAT, f"{settings.llm.model} answers")
    if pieces < 3:
        yield Finding("note", WHAT, "sends its answer in one piece, so nothing is shown early")
        return
    speed = (pieces - 1) / max(time.monotonic() - first, 1e-3)
    text = f"streams {speed:.0f} tokens a second, the first after {first - started:.1f} s"
    if speed < _SLOW:
        yield Finding("note", WHAT, f"{text}; a smaller model would answer sooner")
    else:
        yield Finding("ok", WHAT, text)


def _schema(talker: Talker) -> Finding:
    from langchain_core.messages import HumanMessage

    asked = [HumanMessage("Say anything.")]
    deadline = time.monotonic() + _PATIENCE
    try:
        text = "".join(talker.stream(asked, deadline, schema(["QXRT"], 1), most=40))
    except ModelFailure:
        text = ""
    if text.lstrip().startswith("{") and _is_beginning(text):
        return Finding("ok", WHAT, "keeps to a JSON schema")
    return Finding("note", WHAT, 'keeps to no JSON schema; set llm.form = "lines"')


def _is_beginning(text: str) -> bool:
    """Whether `text` is JSON of our form, or the beginning of it (the tokens may run out)."""
    try:
        return set(json.loads(text)) == {"claims"}
    except ValueError:
        return '"claims"' in text[:40]


def _probabilities(talker: Talker) -> Finding:
    from langchain_core.messages import HumanMessage

    try:
        share = talker.probability_of_yes([HumanMessage("Is ice cold? Write one word, yes or no.")])
    except ModelFailure:
        share = None
    if share is None:
        return Finding("note", WHAT, "gives no probabilities, so it does not help to refuse")
    return Finding("ok", WHAT, "gives probabilities")


def _context(talker: Talker, settings: Settings) -> Finding:
    needed = settings.llm.prompt_tokens + settings.llm.answer_tokens + 600  # rules and question
    found = context_at(*root_and_key(talker.model))
    if not found:
        return Finding("note", WHAT, f"does not tell its context; {needed} tokens are needed")
    if found < needed:
        text = f"has a context of {found} tokens and {needed} are needed; lower llm.prompt_tokens"
        return Finding("note", WHAT, text)
    return Finding("ok", WHAT, f"has a context of {found} tokens; {needed} are needed")
