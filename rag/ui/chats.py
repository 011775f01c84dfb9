"""Chats as they are kept: questions with what was shown for them, one JSON file per chat.

A turn holds what the reader saw and not the `Answer` itself, so that a chat can be read again when
the index has moved on or the answerer has changed.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from rag.types import Sentence
from rag.ui.readers import write_whole
from rag.ui.source import Mention

Verdict = Literal["", "up", "down"]
FORM = 1  # of the files
TITLE = 70  # characters of a question that name a chat
LONGEST_TITLE = 200
_WORDS = re.compile(r"\w+")
_ID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was shown for it.

    `question` as typed, `understood` as it was answered (in full, for a follow-up). `marks` are
    what the numbered marks of the sentences open; `related` the passages beside a refusal.
    `verdict` and `reason` are the reader's. `asked` is the UTC time, ISO 8601.
    """

    id: str
    question: str
    understood: str
    language: str
    asked: str
    answered: bool
    confidence: float
    lead: str
    notice: str
    sentences: tuple[Sentence, ...]
    marks: Mapping[str, Mention]
    related: tuple[Mention, ...]
    generation: int
    answerer: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    verdict: Verdict = ""
    reason: str = ""

    @property
    def restated(self) -> bool:
        """Whether the question was understood in other words than it was typed in."""
        return _WORDS.findall(self.understood) != _WORDS.findall(self.question)


@dataclass(frozen=True, slots=True)
class Chat:
    """Turns under a title; the title is the first question until somebody gives another one."""

    id: str
    title: str
    created: str
    changed: str
    turns: tuple[Turn, ...] = ()

    def with_turn(self, turn: Turn) -> "Chat":
        """This chat with a turn put at its end, or in the place of the one with the same id."""
        known = [one.id for one in self.turns]
        turns = (
            tuple(turn if one.id == turn.id else one for one in self.turns)
            if turn.id in known
            else (*self.turns, turn)
        )
        title = self.title or shortened(turn.question)
        return replace(self, turns=turns, title=title, changed=now())

    def renamed(self, title: str) -> "Chat":
        """This chat under another title; an empty one changes nothing."""
        plain = " ".join(title.split())[:LONGEST_TITLE]
        return replace(self, title=plain, changed=now()) if plain else self

    def before(self, turn_id: str = "") -> str | None:
        """The question, as understood, that came before a turn (before a new one if "")."""
        earlier: str | None = None
        for turn in self.turns:
            if turn.id == turn_id:
                break
            earlier = turn.understood
        return earlier


def new_chat() -> Chat:
    """An empty chat; it is kept once it has a turn."""
    return Chat(secrets.token_hex(8), "", now(), now())


def new_id() -> str:
    """The id of a turn."""
    return secrets.token_hex(4)


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def shortened(question: str) -> str:
    """A question as a title."""
    plain = " ".join(question.split())
    return plain if len(plain) <= TITLE else plain[:TITLE].rsplit(" ", 1)[0] + " …"


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept chat in a list."""

    id: str
    title: str
    changed: str


@dataclass(frozen=True, slots=True)
class ChatStore:
    """The chats of one reader in his folder."""

    folder: Path

    def entries(self) -> list[Entry]:
        """All chats, the one that changed last first; what cannot be read is left out."""
        if not self.folder.is_dir():
            return []
        found = []
        for file in self.folder.glob("*.json"):
            if _ID.fullmatch(file.stem):
                stat = file.stat()
                entry = _entry(file, stat.st_mtime_ns, stat.st_size)
                found += [entry] if entry else []
        return sorted(found, key=lambda entry: (entry.changed, entry.id), reverse=True)

    def load(self, chat_id: str) -> Chat | None:
        """A kept chat; None when there is none or it cannot be read."""
        return _read(self._file(chat_id)) if _ID.fullmatch(chat_id) else None

    def save(self, chat: Chat) -> None:
        """Keep a chat. Raises `OSError` where the home cannot be written."""
        write_whole(self._file(chat.id), dumped(chat))

    def delete(self, chat_id: str) -> None:
        """Forget a chat for good."""
        if _ID.fullmatch(chat_id):
            self._file(chat_id).unlink(missing_ok=True)

    def _file(self, chat_id: str) -> Path:
        return self.folder / f"{chat_id}.json"


def dumped(chat: Chat) -> str:
    """A chat as JSON, which is also the form in which it is exported."""
    turns = [{**asdict(replace(turn, marks={})), "marks": _marks(turn)} for turn in chat.turns]
    return json.dumps({"form": FORM, **asdict(replace(chat, turns=())), "turns": turns},
                      ensure_ascii=False, indent=1)  # fmt: skip


def loaded(text: str) -> Chat:
    """The chat of `dumped`. Raises `ValueError`, `KeyError` or `TypeError` for anything else."""
    data = json.loads(text)
    if data.pop("form") != FORM:
        raise ValueError("a chat of another form")
    return Chat(**{**data, "turns": tuple(_turn(turn) for turn in data["turns"])})


def _marks(turn: Turn) -> dict[str, dict[str, Any]]:
    return {marker: asdict(mention) for marker, mention in turn.marks.items()}


def _turn(data: dict[str, Any]) -> Turn:
    sentences = tuple(
        Sentence(
            one["text"],
            tuple(one["markers"]),
            tuple((start, end) for start, end in one["highlights"]),
            tuple(one["answer"]) if one["answer"] else None,
        )
        for one in data["sentences"]
    )
    marks = {marker: Mention(**mention) for marker, mention in data["marks"].items()}
    if not all(marker in marks for sentence in sentences for marker in sentence.markers):
        raise ValueError("a mark that opens nothing")
    related = tuple(Mention(**mention) for mention in data["related"])
    return Turn(**{**data, "sentences": sentences, "marks": marks, "related": related})


def _read(file: Path) -> Chat | None:
    try:
        return loaded(file.read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


@lru_cache(maxsize=4096)
def _entry(file: Path, modified: int, size: int) -> Entry | None:
    """What a list shows of a file; `modified` and `size` make the cache forget what changed."""
    chat = _read(file)
    return Entry(chat.id, chat.title, chat.changed) if chat else None
