"""Follow-up questions: what they leave out is taken from the question before, by rules.

1. A question word alone ("By whom?", «А где?») asks the question before with that word instead.
2. An elliptical question ("And in Tajikistan?", «А женщин?») names only what changes: the question
   before is asked again with its place, date, name or what it counts exchanged.
3. A question that points back ("When did it end?", «А кто донор?») or asks for more gets the names
   of the question before put behind it, or its words where it names nothing.

Everything else stands for itself. What was understood is shown to the reader.
"""

import re

from index.analysis.places import places_of
from index.analysis.words import words_of
from rag.answering.dates import MONTH_NAMES, find_dates
from rag.answering.exchange import exchanged
from rag.answering.language import question_language
from rag.answering.names import name_spans, names_of
from rag.answering.question_kinds import question_kind

_OPENING = re.compile(
    r"^(?:ok(?:ay)?,? now|now|only|just|(?:and )?the same|same(?: thing| question)?|and|but"
    r"|what about|how about|and what about|а теперь|теперь|а только|только|(?:а )?то же самое"
    r"|а что насч[её]т|а как насч[её]т|как насч[её]т|а|и|но)\b[\s,]*",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^(?:(?:by|to|for|from|with|in|at|on|of|since|until)\s+)?"
    r"(?:who|whom|whose|what|which|when|where|why|how(?: (?:many|much|long|often|far|old|soon))?)\b"
    r"|^(?:(?:в|на|с|со|о|об|от|до|для|из|к|по|за|при|у)\s+)?"
    r"(?:(?:кто|что) так(?:ой|ая|ое|ие)|кто|кого|кому|кем|ком|что|чего|чему|чем|чём|как(?:ой|ая"
    r"|ое|ие|их|им|ими|ую|ого|ому|ом|ов|ова|ово|овы)|когда|где|куда|откуда|почему|зачем|сколько"
    r"|как|чей|чья|чьи)\b",
    re.IGNORECASE,
)
# A reason is asked in the words of "When was it signed?", not in those of "Who signed it?".
_WHY = re.compile(r"\b(?:why|how|почему|зачем|как)\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|where|why|how|когда|где|куда|почему|зачем|как)$", re.IGNORECASE)
_OF_WHICH = re.compile(r"(?:\bwhich|\bкак(?:ой|ая|ое|ие|их|им|ими|ую|ого|ому|ом))$", re.IGNORECASE)
_EXACTLY = re.compile(r"^\s*(?:exactly|precisely|именно|конкретно|точно)?\s*$", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|he|his|him|she|her|they|their|them|this|these|those|ones?|back then|of that"
    r"|about that|after that|before that"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )there(?! (?:is|are|was|were)\b)"
    r"|он|она|оно|они|его|её|ее|их|ему|ей|им|нём|нем|ней|них|там|тогда|этот|эта|это|эти|этом|этой|"
    r"этого|этих)\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    r"\b(?:(?:how many|which|some|any|all|none) of (?:them|these|those)"
    r"|(?:сколько|какие|какой|какая|что|кто|есть ли|многие|все) из (?:них|этих))\b",
    re.IGNORECASE,
)
# "Is it forbidden to ...": nothing is pointed at.
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:\w+ ){1,3}(?:to|that|for)\b|\bdoes it take\b", re.IGNORECASE
)
_MORE = re.compile(
    r"^(?:(?:please )?(?:tell|give|show) me (?:more|an example|examples|details|the details)|more"
    r"|more details?|details|an example|for example|go on|why so"
    r"|(?:расскажи(?:те)?|скажи(?:те)?) (?:подробнее|больше)|(?:можно )?(?:по)?подробнее"
    r"|приведи(?:те)? примеры?|(?:дай(?:те)? )?примеры?|например|а поподробнее)$",
    re.IGNORECASE,
)
# What goes on after the question before: "in almaty?", «на учении?».
_LED = re.compile(
    r"(?:in|at|for|from|by|among|with|without|в|во|на|для|от|у|среди|с|со|без)\s+\w", re.IGNORECASE
)
_NOUN_AHEAD = re.compile(r"(?<=\s)(?P<noun>\w{4,})\s+(?:in|at|в|во|на)\s+$")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)\W*$")
_MONTH = re.compile(rf"(?:{MONTH_NAMES})", re.IGNORECASE)
_ADJECTIVE = re.compile(r"(?:ий|ый|ой|ая|ое|ого|ому|ым|ом)$")  # "Руководящий", before its noun
_ANY_BEHIND = re.compile(r"^\s+[а-яё]{4,}\b")
_NOUN_BEHIND = re.compile(
    r"^\s+(?:workshop|seminar|course|exercise|meeting|office|conference|event|centre|center|training"
    r"|school|visit|unit|team|laboratory|session)\b",
    re.IGNORECASE,
)
_SHORT = 6  # words of what is only a part of a question
_FRAGMENT = 3  # and where no "and" says so
_TERSE = 4  # words of a question that has no room for a topic of its own
_LONG = 8  # words of one that begins with "and" and leaves its topic out,
_FEW = 2  # of which so many tell something
_TOPIC = 12  # words of a question that names nothing


def resolve(question: str, before: str | None) -> str:
    """The question as it is meant after `before`, itself if it stands alone."""
    if not before:
        return question
    opening = _OPENING.match(question)
    rest = question[opening.end() :].strip() if opening else question
    asking = _ASKING.match(rest)
    if asking and _EXACTLY.match(rest[asking.end() :].strip(" ?.!")):
        return _asked_again(rest, before)
    told = rest[asking.end() :] if asking else rest
    if (opening or not asking) and _tells_when_or_where(told):
        return exchanged(told, before)
    size = len(rest.split())
    part = not asking and size <= (_SHORT if opening else _FRAGMENT)
    if part and not _points_back(rest) and not _MORE.match(rest.strip(" ?.!")):
        led = _LED.match(rest) is not None
        changed = exchanged(rest, before, sure=not (opening or led))
        if opening or changed != before:
            return changed
    continues = opening is not None and size <= _LONG and telling_words(rest) <= _FEW
    short = size <= _TERSE or (size <= _SHORT and telling_words(rest) <= 1)
    if _leans(rest, continues=continues, short=short):
        return _behind(rest[:1].upper() + rest[1:] if opening else rest, before)
    return question


def _asked_again(asking: str, before: str) -> str:
    """The question before with another question word."""
    old = _ASKING.match(before)
    if old is None or (_WHY.search(asking) and not _WHEN.search(old.group())):
        return _behind(asking, before)
    rest = before[old.end() :].strip()
    if _OF_WHICH.search(old.group()):  # "На какую сумму ...": the noun goes with its "which"
        rest = rest.partition(" ")[2]
    return f"{asking.strip(' ?.!')} {rest}"


def _tells_when_or_where(text: str) -> bool:
    """Whether places and dates are all that a text names: "in Tajikistan in 2023"."""
    language = question_language(text)
    spans = [(one.start, one.end) for one in places_of(text, language)]
    spans += [(one.start, one.end) for one in find_dates(text)]
    left = [
        word
        for word in words_of(text, language)
        if not word.stop and not any(start <= word.start < end for start, end in spans)
    ]
    return bool(spans) and not left


def _leans(question: str, *, continues: bool, short: bool) -> bool:
    """Whether a question leaves out what it is about; `continues` when it began with "and", `short`
    when it has few words."""
    if _MORE.match(question.strip(" ?.!")):
        return True
    if _OF_THEM.search(question):
        return True
    language = question_language(question)
    if names_of(question) or places_of(question, language):
        return False
    if all(word.stop for word in words_of(question, language)):
        return True
    defines = question_kind(question) == "definition"
    return _points_back(question) or ((continues or short) and not defines)


def telling_words(question: str) -> int:
    """How many words a question has that neither ask nor connect."""
    return sum(not word.stop for word in words_of(question, question_language(question)))


def _points_back(question: str) -> bool:
    return _POINTS_BACK.search(_EMPTY_IT.sub("", question)) is not None


def _behind(question: str, before: str) -> str:
    """The question with what the one before is about put behind it."""
    if understood := _IN_BRACKETS.search(before):  # by the question before
        return f"{question.rstrip(' ?.!')} ({understood[1]})?"
    names = name_spans(before)
    topic = [
        _around(before, *span)
        for span in names
        if before[slice(*span)].lower() not in question.lower()
    ]
    if not names or (topic and all(map(_only_where_or_when, topic))):
        topic = [_subject(before)]
    told = ", ".join(dict.fromkeys(filter(None, topic)))
    return f"{question.rstrip(' ?.!')} ({told})?" if told else question


def _only_where_or_when(name: str) -> bool:
    """Whether a name is a place or a month, which what is asked about happened in."""
    return _tells_when_or_where(name) or _MONTH.fullmatch(name) is not None


def _around(text: str, start: int, end: int) -> str:
    """A name with the noun that it belongs to: "the seminar in Osh", "the Osh seminar"."""
    rule = _ANY_BEHIND if _ADJECTIVE.search(text[start:end]) else _NOUN_BEHIND
    behind = rule.match(text[end:])
    ahead = _NOUN_AHEAD.search(text[:start])
    first = start if behind or not ahead else ahead.start("noun")
    return text[first : end + (behind.end() if behind else 0)]


def _subject(question: str) -> str:
    """What a question without names is about: from its first telling word to its last."""
    asking = _ASKING.match(question)
    text = question[asking.end() if asking else 0 :]
    first = next((word for word in words_of(text, question_language(text)) if not word.stop), None)
    return " ".join(text[first.start :].strip(" ?.!").split()[:_TOPIC]) if first else ""
