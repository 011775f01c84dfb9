"""The request of a question that is known to be about the collection, however it is worded.

`request` reads questions that say nothing else. People also write "Before the meeting, could you
check whether we hold the minutes of June?". What such a question asks for is picked out: what the
documents are called, when, in which language and format they are, what follows "on", "about" or
"from" or is a name, which the documents have to say, and its other words, which count where a title
has them (`Request.hints`). Words that only speak of documents and of asking are those that many
writers used so (`rag/data/collection_words.txt`, see `rag.answering.fitting.collection`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from index.analysis.words import Word, words_of
from rag.answering.catalogue import request_words as loose
from rag.answering.catalogue import words
from rag.answering.catalogue.times import times_of
from rag.answering.language import question_language
from rag.answering.names import name_spans

_SENTENCES = re.compile(r"(?<=[!?…:])\s+|(?<=\.)\s+(?=[A-ZА-ЯЁ])")
_REASON = re.compile(
    r"^(?:since|as|because|before|when|поскольку|так как|перед|когда)\b[^,]*,\s*", re.IGNORECASE
)
_OPENS = re.compile(r"(?:^|[.!?:])\W*$")  # a sentence, whose first word has a capital anyway
_PLURAL = re.compile(r"\w+(?:[^s]s|ы|и|ов|ей|ий|я|ах|ях|ам|ям|ами|ями)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of the catalogue: documents on `topic` between two dates, of a sort (a key of
    `words.SORTS` or ""), in one of `languages` or a `format` (empty for any), the newest or the
    `oldest` first, at the `most` so many (0 for all). `source` when the topic is who made the
    documents rather than what they are about: "from the FATF"; `hints` are other words that a title
    may have; `overview` names what is to be told of the documents instead of a list of them."""

    topic: str
    after: str = ""
    before: str = ""
    sort: str = ""
    languages: tuple[str, ...] = ()
    format: str = ""
    oldest: bool = False
    most: int = 0
    source: bool = False
    hints: str = ""
    overview: str = ""

    @property
    def limited(self) -> bool:
        """Whether anything but the hints says which documents are wanted."""
        told = (self.topic, self.after, self.before, self.sort, self.format, self.overview)
        return any(told) or bool(self.languages or self.most)


class _Picking:
    """What is left of a question while what is known is taken out of it."""

    def __init__(self, question: str) -> None:
        self.rest = question
        self.language = question_language(question)

    def takes(self, rule: re.Pattern[str]) -> bool:
        """Take out all places that a rule finds; whether there was one."""
        self.rest, count = rule.subn(" ", self.rest)
        return count > 0

    def phrases(self, rule: re.Pattern[str]) -> list[str]:
        """Take out what a rule calls a topic; what is left of each without words of asking."""
        found = [self._telling(match["topic"]) for match in rule.finditer(self.rest)]
        self.rest = rule.sub(
            lambda match: "" if self._telling(match["topic"]) else match[0], self.rest
        )
        return [phrase for phrase in found if phrase]

    def names(self) -> list[str]:
        """Take out names."""
        found: list[str] = []
        for start, end in reversed(name_spans(self.rest)):
            opens = _OPENS.search(self.rest[:start]) and self.rest[start:end].istitle()
            if not opens and (name := self._telling(self.rest[start:end])):
                found.insert(0, name)
                self.rest = self.rest[:start] + " " + self.rest[end:]
        return found

    def others(self) -> str:
        """The other telling words."""
        return self._telling(self.rest, whole=False)

    def _telling(self, text: str, *, whole: bool = True) -> str:
        """A text from its first to its last word that is none of asking, or only such words."""
        told = [word for word in words_of(text, self.language) if not _asks(word)]
        if not told:
            return ""
        if whole:
            return text[told[0].start : told[-1].end]
        return " ".join(text[word.start : word.end] for word in told)


def read_request(question: str) -> Request:
    """What a question about the collection asks for."""
    told = _Picking(_asking_part(question))
    told.takes(loose.BECAUSE)
    languages = tuple(code for code, rule in loose.LANGUAGES if told.takes(rule))
    formats = tuple(name for name, rule in loose.FORMATS if told.takes(rule))
    overview = _overview(told.rest, languages, formats)
    told.rest, after, before = times_of(told.rest)
    order = _Order(told)
    called = _called(told.rest)
    topics = told.phrases(loose.TOPIC)
    makers = told.phrases(loose.SOURCE) + told.names()
    for rule in (words.DOCUMENT, words.STRONG_DOCUMENT):
        told.takes(rule)
    return Request(
        " ".join([*topics, *makers]),
        after,
        before,
        sort_of(called),
        () if overview == "languages" else languages,
        "" if overview == "formats" else next(iter(formats), ""),
        oldest=order.oldest,
        most=order.number or int(order.superlative and not _PLURAL.match(called)),
        source=bool(makers) and not topics,
        hints=told.others(),
        overview=overview,
    )


def _asking_part(question: str) -> str:
    """The sentences of a question that speak of documents, without the clause that says why; all
    of it where none does."""
    parts = [_REASON.sub("", part) for part in _SENTENCES.split(question)]
    rules = (
        words.DOCUMENT,
        words.STRONG_DOCUMENT,
        *(rule for _, rule in loose.FORMATS + loose.OVERVIEWS),
    )
    kept = [part for part in parts if any(rule.search(part) for rule in rules)]
    return " ".join(kept) or question


class _Order:
    """In which order documents are wanted, and how many."""

    def __init__(self, told: _Picking) -> None:
        old_first = loose.OLD_FIRST.search(told.rest)
        ordered = told.takes(loose.ORDERED)
        oldest, newest = told.takes(loose.OLDEST), told.takes(loose.NEWEST)
        told.takes(loose.BY_DATE)
        self.superlative = (oldest or newest) and not ordered
        self.oldest = oldest or bool(old_first)
        number = words.NUMBER.search(told.rest) if self.superlative else None
        self.number = words.number_of(number.group()) if number else 0


def _overview(text: str, languages: Sequence[str], formats: Sequence[str]) -> str:
    """What is wanted to be known of the documents instead of a list of them."""
    if len(languages) > 1 and loose.COUNT.search(text):
        return "languages"
    if len(formats) > 1:
        return "formats"
    found = (name for name, rule in loose.OVERVIEWS if rule.search(text))
    name = next(found, "")
    return "" if name == "languages" and languages else name


def _called(text: str) -> str:
    """What the documents are called: the first word for a sort of them; "" if none is."""
    found = [
        match for rule in (words.DOCUMENT, words.STRONG_DOCUMENT) for match in rule.finditer(text)
    ]
    found += [match for _, rule in loose.SORTS for match in rule.finditer(text)]
    sorts = [match for match in found if sort_of(match.group())]
    return min(sorts or found, key=lambda match: match.start()).group() if found else ""


def sort_of(called: str) -> str:
    """The sort of documents that are called so, "" for any."""
    own = ((sort, rule) for sort, rule in (*loose.SORTS, *words.SORTS.items()))
    return next((sort for sort, rule in own if rule.search(called)), "")


def _asks(word: Word) -> bool:
    """Whether a word only speaks of documents and of asking."""
    return word.stop or word.stem in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    text = resources.files("rag.data").joinpath("collection_words.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
