"""A chat as a file that can be read elsewhere: what stands in every form of it, and its name."""

import re
from dataclasses import dataclass

from rag.terminal import place
from rag.ui.chats import Chat, Turn
from rag.ui.i18n import Translator
from rag.ui.markup import OVERRIDES
from rag.ui.source import Mention

_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')
_UNSEEN = dict.fromkeys((*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F), "\ufffd")
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered note: where a sentence stands, and the quote if the sentence is not it."""

    number: int
    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an answer, or a passage beside a refusal, with its notes."""

    text: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A turn, ready to be written: `understood` is "" where it says no more than the question."""

    question: str
    understood: str
    asked: str
    answered: bool
    lead: str
    lines: tuple[Line, ...]
    notice: str
    confidence: str


def parts(chat: Chat, say: Translator, zone: str = "") -> list[Part]:
    """The turns in words; notes are numbered through the chat. Texts are plain, not escaped."""
    result: list[Part] = []
    number = 0
    for turn in chat.turns:
        lines = []
        for text, mentions in _lines(turn):
            notes = []
            for mention in mentions:
                number += 1
                quote = "" if mention.quote == text else mention.quote
                notes.append(Note(number, reference(mention, say), plain(quote)))
            lines.append(Line(plain(text), tuple(notes)))
        result.append(_part(turn, tuple(lines), say, zone))
    return result


def reference(mention: Mention, say: Translator) -> str:
    """'Title. Publisher, date. Page 5. file.pdf' in the reader's language."""
    published = ", ".join(p for p in (mention.publisher, say.date(mention.date)) if p)
    where = place(say, mention.page, mention.page_label)
    known = (mention.title or mention.document, published, where, mention.document)
    return plain(". ".join(part.rstrip(".") for part in dict.fromkeys(known) if part))


def plain(text: str) -> str:
    """Text on one line, without signs that a file may not hold or that turn its order round."""
    return " ".join(text.translate(_UNSEEN).translate(OVERRIDES).split())


def file_name(chat: Chat, suffix: str) -> str:
    """A name that every system allows."""
    name = _NO_NAME.sub(" ", plain(chat.title))[:_NAME_LENGTH].strip(" .")
    return f"{name or 'kordon'}.{suffix}"


def _lines(turn: Turn) -> list[tuple[str, list[Mention]]]:
    if turn.answered:
        return [(one.text, [turn.marks[mark] for mark in one.markers]) for one in turn.sentences]
    return [(mention.quote, [mention]) for mention in turn.related]


def _part(turn: Turn, lines: tuple[Line, ...], say: Translator, zone: str) -> Part:
    sure = say.t("answer.confidence", share=say.percent(turn.confidence)) if turn.answered else ""
    return Part(
        question=plain(turn.question),
        understood=plain(turn.understood) if turn.restated else "",
        asked=say.moment(turn.asked, zone),
        answered=turn.answered,
        lead=plain(turn.lead or ("" if turn.answered else say.t("ask.refused"))),
        lines=lines,
        notice=plain(turn.notice),
        confidence=sure,
    )
