"""Questions about the collection itself, told from questions to what the documents say.

"What do we have on Tajikistan after 2020?", «Сколько документов ЕАГ?», "latest newsletter". Such a
question begins as one does that asks for documents, names them, and when all is taken away that
only says so (`request_words`), and when, in which language and format they are, nothing is left but
what they are about or whom they are from.
"""

import re
from dataclasses import dataclass

from rag.answering import request_words as words
from rag.answering.request_time import times_of

_MADE_BY = ("", "from", "by", "of", "от")
_UNNAMED = "(documents)"
_PLURAL = re.compile(r"\w+(?:s|ы|и|ов|ей|ии|я|ах|ях|ам|ям)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of the catalogue: documents on `topic` between two dates, of a sort (a key of
    `request_words.SORTS` or ""), in one of `languages` or a `format` (empty for any), the `newest`
    or the `oldest` first, at most so many (0 for all). `ours` when the question says outright that
    it is about the collection; `source` when the topic is who made the documents rather than what
    they are about: "from the FATF"."""

    topic: str
    after: str = ""
    before: str = ""
    sort: str = ""
    languages: tuple[str, ...] = ()
    format: str = ""
    oldest: bool = False
    most: int = 0
    ours: bool = False
    source: bool = False


@dataclass(slots=True)
class _Reading:
    """What is left of a question and what was taken out of it."""

    rest: str
    ours: bool = False
    mentions: bool = False

    def take(self, rule: re.Pattern[str], instead: str = " ") -> re.Match[str] | None:
        """Take out the first place that a rule finds."""
        found = rule.search(self.rest)
        if found:
            self.rest = f"{self.rest[: found.start()]}{instead}{self.rest[found.end() :]}"
        return found

    def take_all(self, rule: re.Pattern[str], instead: str = " ") -> bool:
        """Take out all places; whether there was one."""
        self.rest, count = rule.subn(instead, self.rest)
        return count > 0


def read_request(question: str) -> Request | None:
    """The request, or None for a question to the documents' contents."""
    reading = _Reading(" ".join(question.strip(" ?.!").split()))
    reading.take_all(words.POLITE)
    reading.rest = reading.rest.strip(" ,")
    head = reading.take(words.HEAD)
    reading.ours = reading.take_all(words.OURS)
    ordered = reading.take(words.NEWEST), reading.take(words.OLDEST)
    languages = tuple(code for code, rule in words.LANGUAGES if reading.take_all(rule))
    kind = next((name for name, rule in words.FORMATS if reading.take_all(rule)), "")
    reading.mentions = reading.take_all(words.MENTION, " about ")
    published = reading.take_all(words.PUBLISHED, " by ")
    reading.rest, after, before = times_of(reading.rest)
    limited = bool(after or before or languages or kind)
    number = reading.take(words.NUMBER) if any(ordered) else None
    reading.take_all(words.FILLER)
    new = ordered[0] is not None and words.NEW.fullmatch(ordered[0].group()) is not None
    document = _document(reading, head, unnamed=(any((*ordered, kind)), new or published))
    if document is None:
        return None
    topic, word = _topic(reading.rest)
    if document == _UNNAMED and published and not reading.ours and (topic or not limited):
        return None
    which = head is not None and words.WHICH.match(head.group()) is not None
    several = document == _UNNAMED or _PLURAL.match(document)
    if which and not (any(ordered) or reading.ours or several):
        return None
    bare = head is None and not any(ordered)
    anything = words.ANYTHING.match(f"{document} on") is not None
    if not _is_topic(topic, word, bare=bare and not limited and not anything):
        return None
    if bare and not (topic or limited or reading.ours or _PLURAL.match(document)):
        return None
    single = any(ordered) and not _PLURAL.match(document) and number is None
    return Request(
        topic,
        after,
        before,
        _sort_of(document),
        languages,
        kind,
        oldest=ordered[1] is not None,
        most=1 if single else words.number_of(number.group() if number else ""),
        ours=reading.ours or bool(head and words.SHOWING.match(head.group())),
        source=word in _MADE_BY and not reading.mentions,
    )


def _document(
    reading: _Reading, head: re.Match[str] | None, *, unnamed: tuple[bool, bool]
) -> str | None:
    """What the documents asked for are called; None where none are asked for. They need not be
    named when the newest or those of a format are to be shown, or what is new or published
    (`unnamed`)."""
    said = head.group() if head else ""
    named = unnamed[0] or reading.ours or words.SHOWING.match(said) is not None
    alone = words.STRONG_DOCUMENT.fullmatch(reading.rest.strip()) is not None
    strong = (
        reading.ours or alone or (head is not None and words.STRONG.match(head.group()) is not None)
    )
    for rule in (words.DOCUMENT, words.STRONG_DOCUMENT if strong else None, words.ANYTHING):
        found = rule.search(reading.rest) if rule else None
        if not (rule and found):
            continue
        before = words.LEADING.sub("", reading.rest[: found.start()]).strip()
        if not before or (named and words.CAPITALS.fullmatch(before)):  # "the QALQAN newsletter"
            behind = reading.rest[found.end() :]
            reading.rest = f" from {before} {behind}" if before else behind
            return found.group()
    if unnamed[0] and (reading.ours or words.SHOWING.match(said)):
        return _UNNAMED
    return _UNNAMED if (reading.ours or unnamed[1]) and words.WHAT.match(said) else None


def _topic(rest: str) -> tuple[str, str]:
    """What is left, and the word before it that says how it belongs to the documents."""
    rest = words.LEADING.sub("", rest)
    found = words.PREPOSITION.match(rest)
    topic = rest[found.end() :] if found else rest
    topic = words.TRAILING.sub("", topic).strip(" ,?;:")
    return topic, (found["word"].lower() if found and found["word"] else "")


def _is_topic(topic: str, word: str, *, bare: bool) -> bool:
    """Whether what is left tells what documents are about and says nothing of them: it follows
    "on", "about", ..., or it is a name. A `bare` "reports on ..." may be words of a document."""
    if not topic:
        return True
    if words.SENTENCE.search(topic):
        return False
    if words.NAME.fullmatch(topic):
        return True
    return bool(word) and not (bare and word not in ("about", "о", "об", "обо", "про"))


def _sort_of(word: str) -> str:
    return next((sort for sort, rule in words.SORTS.items() if rule.search(word)), "")
