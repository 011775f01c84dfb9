"""What a model writes, read strictly: JSON claims, or lines with signs for small models.

Both forms are read while they arrive. A claim that is complete is given out at once; what breaks
the form ends the reading with `Unreadable`, it is never mended.

    JSON    {"claims": [{"quote": "...", "source": "QXRT", "sentence": "..."}]}
    lines   > quote
            @ QXRT
            = sentence
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

from rag.generation.types import Claim

Form = Literal["json", "lines"]
LONGEST = 4_000  # characters of what one claim may take; a model that goes on has lost its way
_KEYS = {"quote", "source", "sentence"}


class Unreadable(ValueError):
    """The text is not of the agreed form."""


class Reading(Protocol):
    """Takes text as it comes, gives claims as they are complete."""

    def feed(self, text: str) -> Iterator[Claim]:
        """The claims that this piece completes. Raises `Unreadable`."""
        ...

    def finish(self) -> Iterator[Claim]:
        """The claims that the end completes. Raises `Unreadable` if something is left open."""
        ...


def schema(markers: Sequence[str], most: int) -> dict[str, object]:
    """The JSON schema of an answer of at most `most` claims over sources with these markers."""
    claim = {
        "type": "object",
        "properties": {
            "quote": {"type": "string", "minLength": 8, "maxLength": 500},
            "source": {"enum": list(markers)},
            "sentence": {"type": "string", "minLength": 3, "maxLength": 500},
        },
        "required": ["quote", "source", "sentence"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"claims": {"type": "array", "items": claim, "maxItems": most}},
        "required": ["claims"],
        "additionalProperties": False,
    }


def reading(form: Form) -> Reading:
    """A fresh reader of this form."""
    return JsonReading() if form == "json" else LinesReading()


def read_all(text: str, form: Form) -> list[Claim]:
    """The claims of a whole text. Raises `Unreadable`."""
    reader = reading(form)
    return [*reader.feed(text), *reader.finish()]


class JsonReading:
    """Reads {"claims": [...]}; a fence of a code block around it is allowed."""

    _OPENING = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"claims"\s*:\s*\[')
    _CLOSING = re.compile(r"\s*\]\s*\}\s*(?:```\s*)?")

    def __init__(self) -> None:
        self._text = ""
        self._at = -1
        self._decoder = json.JSONDecoder()

    def feed(self, text: str) -> Iterator[Claim]:
        """See `Reading`."""
        self._text += text
        if self._at < 0:
            opening = self._OPENING.match(self._text)
            if opening is None:
                if len(self._text) > 200:
                    raise Unreadable("does not begin as agreed")
                return
            self._at = opening.end()
        yield from self._complete()
        if len(self._text) - self._at > LONGEST:
            raise Unreadable("does not end")

    def finish(self) -> Iterator[Claim]:
        """See `Reading`."""
        if self._at < 0 or not self._CLOSING.fullmatch(self._text, self._at):
            raise Unreadable("is not complete JSON of the agreed form")
        yield from ()

    def _complete(self) -> Iterator[Claim]:
        while True:
            start = re.compile(r"[\s,]*").match(self._text, self._at)
            assert start is not None
            if self._text[start.end() : start.end() + 1] != "{":
                return
            try:
                value, end = self._decoder.raw_decode(self._text, start.end())
            except json.JSONDecodeError:
                return  # the rest of the claim is still to come; `finish` says if it never does
            except RecursionError as error:
                raise Unreadable("is nested too deeply") from error
            self._at = end
            yield _claim(value)


def _claim(value: object) -> Claim:
    if not isinstance(value, dict) or set(value) != _KEYS:
        raise Unreadable("has a claim with other keys")
    quote, source, sentence = (value[key] for key in ("quote", "source", "sentence"))
    if not all(isinstance(each, str) for each in (quote, source, sentence)):
        raise Unreadable("has a claim that is no text")
    return Claim(quote.strip(), source.strip(), " ".join(sentence.split()))


class LinesReading:
    """Reads "> quote", "@ marker", "= sentence" in this order; other lines end the reading."""

    def __init__(self) -> None:
        self._rest = ""
        self._open: list[str] = []

    def feed(self, text: str) -> Iterator[Claim]:
        """See `Reading`."""
        *lines, self._rest = (self._rest + text).split("\n")
        if len(self._rest) > LONGEST:
            raise Unreadable("does not end")
        for line in lines:
            yield from self._line(line.strip())

    def finish(self) -> Iterator[Claim]:
        """See `Reading`."""
        yield from self._line(self._rest.strip())
        self._rest = ""
        if self._open:
            raise Unreadable("stops within a claim")

    def _line(self, line: str) -> Iterator[Claim]:
        if not line:
            return
        expected = ">@="[len(self._open)]
        if line[0] != expected or not line[1:].strip():
            raise Unreadable(f"has a line that does not begin with {expected}")
        self._open.append(line[1:].strip())
        if len(self._open) == 3:
            quote, marker, sentence = self._open
            self._open = []
            yield Claim(quote, marker, sentence)
