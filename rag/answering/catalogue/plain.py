"""Questions about the collection itself, told from questions to what the documents say.

"What do we have on Tajikistan after 2020?", «Сколько документов ЕАГ?», "latest newsletter". Such a
question begins as one does that asks for documents, names them, and when all is taken away that
only says so (`words`), and when, in which language and format they are, nothing is left but
what they are about or whom they are from.
"""

import re

from rag.answering.catalogue import words
from rag.answering.catalogue.times import times_of

_MADE_BY = ("", "from", "by", "of", "от")
_UNNAMED = "(documents)"
_PLURAL = re.compile(r"\w+(?:s|ы|и|ов|ей|ии|я|ах|ях|ам|ям)$", re.IGNORECASE)


class _Reading:
    """What is left of a question when all is taken out that is no topic, and what that was."""

    def __init__(self, question: str) -> None:
        self.rest = " ".join(question.strip(" ?.!").split())
        self._take_all(words.POLITE)
        self.rest = self.rest.strip(" ,")
        self.head = self._take(words.HEAD)
        self.ours = self._take_all(words.OURS)
        self.newest, self.oldest = self._take(words.NEWEST), self._take(words.OLDEST)
        self.languages = tuple(code for code, rule in words.LANGUAGES if self._take_all(rule))
        self.format = next((name for name, rule in words.FORMATS if self._take_all(rule)), "")
        self.mentions = self._take_all(words.MENTION, " about ")
        self.published = self._take_all(words.PUBLISHED, " by ")
        self.rest, self.after, self.before = times_of(self.rest)
        self.number = self._take(words.NUMBER) if self.ordered else ""
        self._take_all(words.FILLER)
        self.document = self._document()
        self.topic, self.word = _topic(self.rest)

    @property
    def ordered(self) -> bool:
        """Whether the newest or the oldest are wanted."""
        return bool(self.newest or self.oldest)

    @property
    def limited(self) -> bool:
        """Whether a time, a language or a format is told."""
        return bool(self.after or self.before or self.languages or self.format)

    @property
    def showing(self) -> bool:
        """Whether something is to be shown: "list", «покажи»."""
        return words.SHOWING.match(self.head) is not None

    def _take(self, rule: re.Pattern[str]) -> str:
        """Take out the first place that a rule finds; "" for none."""
        found = rule.search(self.rest)
        if found is None:
            return ""
        self.rest = f"{self.rest[: found.start()]} {self.rest[found.end() :]}"
        return found.group()

    def _take_all(self, rule: re.Pattern[str], instead: str = " ") -> bool:
        """Take out all places; whether there was one."""
        self.rest, count = rule.subn(instead, self.rest)
        return count > 0

    def _document(self) -> str:
        """What the documents asked for are called, which is taken out; "" where none are asked for.
        They need not be named when the newest or those of a format are to be shown, or what is new
        or published."""
        alone = words.STRONG_DOCUMENT.fullmatch(self.rest.strip()) is not None
        strong = self.ours or alone or words.STRONG.match(self.head) is not None
        for rule in (words.DOCUMENT, words.STRONG_DOCUMENT, words.ANYTHING):
            if rule is words.STRONG_DOCUMENT and not strong:
                continue
            if (found := rule.search(self.rest)) and self._opens(found):
                return found.group()
        wanted = self.ordered or self.format
        if wanted and (self.ours or self.showing):
            return _UNNAMED
        new = words.NEW.fullmatch(self.newest) is not None
        told = self.ours or new or self.published
        return _UNNAMED if told and words.WHAT.match(self.head) else ""

    def _opens(self, found: re.Match[str]) -> bool:
        """Whether nothing but a name stands before the word for documents, which is taken out then:
        "the QALQAN newsletter"."""
        named = self.ordered or self.format or self.ours or self.showing
        before = words.LEADING.sub("", self.rest[: found.start()]).strip()
        if before and not (named and words.CAPITALS.fullmatch(before)):
            return False
        behind = self.rest[found.end() :]
        self.rest = f" from {before} {behind}" if before else behind
        return True


def asks_plainly(question: str) -> bool:
    """Whether a question says nothing but which documents are asked for."""
    told = _Reading(question)
    return bool(told.document) and _is_of_the_collection(told)


def says_so(question: str) -> bool:
    """Whether a question says outright that it is about the collection: "do we have"."""
    told = _Reading(question)
    return told.ours or told.showing


def _is_of_the_collection(told: _Reading) -> bool:
    """Whether documents are asked for, and nothing else is asked of them."""
    several = told.document == _UNNAMED or _PLURAL.match(told.document) is not None
    published = told.document == _UNNAMED and told.published and not told.ours
    if published and (told.topic or not told.limited):
        return False
    if words.WHICH.match(told.head) and not (told.ordered or told.ours or several):
        return False
    bare = not told.head and not told.ordered
    if bare and not (told.topic or told.limited or told.ours or several):
        return False
    anything = words.ANYTHING.match(f"{told.document} on") is not None
    return _is_topic(told.topic, told.word, bare=bare and not told.limited and not anything)


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
