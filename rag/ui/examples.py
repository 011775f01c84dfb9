"""Questions for an empty chat, made from the indexed texts and tried out before they are shown.

A text that says what a thing is, how many were trained or what a fine is for, gives a question that
it answers. Every question goes through the answerer once, in the background; those that it answers
without a caveat are offered, of as many documents as possible.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice, zip_longest
from threading import Lock, Thread

from corpus.errors import KordonError
from rag.assemble import Kordon, View

SHOWN = 4
TRIED = 24  # questions, at most, per language and generation
READ = 400  # passages, spread over all documents
CATALOGUE = {"en": "List all documents", "ru": "Перечислите все документы"}
_SURE = 0.6
_OWN = re.compile(r"(?:^|\n)([A-ZА-ЯЁ][^.?!\n]{15,90}\?)(?=\n|$)")
_NAME = re.compile(r"\b([A-Z]{4,}(?:-[A-Z]+)?|«[А-ЯЁ][а-яё]+»)")
_HEAD = r"(?:^|[.;\n]\s+)"


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence of this form answers this question; {0}, {1} are its groups, {name} what the
    document's title names (and without a name there is no question)."""

    form: re.Pattern[str]
    question: str
    proper: bool = False  # the groups are names and keep their capitals


RULES = {
    "en": (
        Rule(
            re.compile(r"\b[Bb]udget\b[^.\n]{0,60}(?:EUR|USD|€|\$)\s?\d"),
            "What is the budget of {name}?",
        ),
        Rule(
            re.compile(r"\b\d[\d,]* ((?:[a-z]+ )?[a-z]+s) were trained\b"),
            "How many {0} were trained?",
        ),
        Rule(
            re.compile(r"\btrained \d[\d,]* ((?:[a-z]+ ){0,2}[a-z]+s)\b"),
            "How many {0} were trained?",
        ),
        Rule(
            re.compile(rf"{_HEAD}[Tt]he ([a-z]+(?: [a-z]+)?) cost (?:USD|EUR|€|\$)"),
            "How much did the {0} cost?",
        ),
        Rule(
            re.compile(
                rf"{_HEAD}The ([a-z]+(?: [a-z]+){{0,2}}) was (developed|written|drafted) by [A-Z]"
            ),
            "Who has {1} the {0}?",
        ),
        Rule(re.compile(r"\b([A-Z][A-Z-]{3,}) ends on \d"), "When does {0} end?"),
        Rule(
            re.compile(
                r"\bimposes on ([A-Z]\w+(?: [A-Z]\w+){0,3})\b[^.\n]{0,40} a financial penalty of"
            ),
            "What financial penalty was imposed on {0}?",
            proper=True,
        ),
        Rule(
            re.compile(r"[,\n] ([a-z][a-z-]+(?: [a-z-]+){1,3}) is defined as "),
            "What is {0}?",
        ),
        Rule(
            re.compile(
                rf"{_HEAD}[“\"]?((?:[A-Z][a-z]+|[A-Z]{{2,8}})(?: [a-z-]+){{0,3}})[”\"]?"
                r" (?:means|is defined as|is an? [a-z]+ (?:that|which|of|in)) "
            ),
            "What is {0}?",
        ),
    ),
    "ru": (
        Rule(
            re.compile(r"\b[Бб]юджет\w*\b[^.\n]{0,60}\d[\d\s]*(?:евро|долл|EUR|USD|€|\$)"),
            "Каков бюджет {name}?",
        ),
        Rule(
            re.compile(
                r"\b(?:[Чч]исло) ([а-яё]+(?:ов|ей|ий)(?:, [^.,\n]{5,60},)?) состав(?:ляет|ило) \d"
            ),
            "Каково число {0}?",
        ),
        Rule(re.compile(r"\bДоля ([а-яё ]{4,50}) составила \d"), "Какова доля {0}?"),
        Rule(
            re.compile(r"\b[Кк]оличество ([а-яё ]{4,60}) состав(?:ило|ляет) \d"),
            "Каково количество {0}?",
        ),
        Rule(
            re.compile(r"\b([Оо]бщая сумма|[Сс]умма) ([а-яё ]{4,60}) состав(?:ила|ляет) \d"),
            "Какова {0} {1}?",
        ),
        Rule(
            re.compile(
                r"\b([Кк]оличество|[Чч]исло) ([а-яё ]{4,60}) (увеличилось|сократилось) на \d"
            ),
            "На сколько {2} {0} {1}?",
        ),
        Rule(
            re.compile(r"\b([а-яё]+ение [а-яё ]{3,40}) получило \d[\d\s]* ([а-яё]+(?:ов|ей|ий))\b"),
            "Сколько {1} получило {0}?",
        ),
        Rule(
            re.compile(r"\b[Нн]а (\d{4}) год предусмотрено \d+ ([а-яё]+(?:ов|ей|ий))"),
            "Сколько {1} предусмотрено на {0} год?",
        ),
        Rule(re.compile(r"\bВ ([а-яё]+е) участвовали \d"), "Кто участвовал в {0}?"),
        Rule(
            re.compile(rf"{_HEAD}([А-ЯЁ][а-яё]+[ыи]) принимаются до \d"),
            "До какого числа принимаются {0}?",
        ),
        Rule(
            re.compile(rf"{_HEAD}([А-ЯЁ][а-яё]+ние)\b[^.;\n]{{0,80}}влеч[её]т[^.;\n]{{0,40}}штраф"),
            "Какой штраф предусмотрен за {0}?",
        ),
        Rule(
            re.compile(
                rf"{_HEAD}(?:\d+\)\s+)?«?([А-ЯЁа-яё][а-яё]+(?: [а-яё-]+){{0,3}})»?"
                r"(?: [—–-] |: )(?:это |лицо|физическ|юридическ|любо|деятельност|совокупност|"
                r"систем|процесс|операци|наличн|сообщени|документ)"
            ),
            "Что такое {0}?",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and the document whose text made it."""

    question: str
    document: str


def candidates(view: View, language: str) -> Iterator[Candidate]:
    """Questions in `language` from texts in that language, without repetition."""
    seen: set[str] = set()
    reader = view.reader
    records = {record.id: record for record in reader.documents()}
    rows = [int(row) for row in reader.columns.rows]
    step = max(len(rows) // READ, 1)
    for row in rows[::step]:
        chunk = reader.chunks([row])[0]
        if chunk.language != language:
            continue
        title = records[chunk.document_id].title
        for question in _questions(chunk.text, title, language):
            if question.casefold() not in seen:
                seen.add(question.casefold())
                yield Candidate(question, chunk.document_id)


def _questions(text: str, title: str, language: str) -> Iterator[str]:
    name = _NAME.search(title)
    for rule in RULES.get(language, ()):
        if "{name}" in rule.question and not name:
            continue
        for found in rule.form.finditer(text):
            groups = [group if rule.proper else _inside(group) for group in found.groups()]
            yield rule.question.format(*groups, name=name[1] if name else "")
    yield from (found[1] for found in _OWN.finditer(text) if _is(found[1], language))


def _inside(words: str) -> str:
    """Words as they stand within a sentence; acronyms keep their capitals."""
    words = words.rstrip(",")
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _is(text: str, language: str) -> bool:
    return (re.search("[а-яё]", text) is not None) == (language == "ru")


def tried(view: View, language: str) -> tuple[str, ...]:
    """The questions that the answerer answers surely, of as many documents as there are; where no
    text gives one, a question to the catalogue."""
    good: dict[str, list[tuple[float, str]]] = {}
    for candidate in islice(candidates(view, language), TRIED):
        own = good.setdefault(candidate.document, [])
        if len(own) == SHOWN:
            continue
        try:
            answer = view.ask(candidate.question)
        except KordonError:
            continue
        if answer.answered and not answer.notice and answer.confidence >= _SURE:
            own.append((answer.confidence, candidate.question))
    # First the first question of each document, then the second ones.
    turns = zip_longest(*(sorted(own[1:], reverse=True) for own in good.values()))
    first = sorted((own[0] for own in good.values() if own), reverse=True)
    best = [*first, *(one for turn in turns for one in turn if one is not None)][:SHOWN]
    return tuple(question for _, question in best) or (CATALOGUE.get(language, CATALOGUE["en"]),)


class Examples:
    """The examples of each generation and language, made once, in the background."""

    def __init__(self, kordon: Kordon) -> None:
        self.kordon = kordon
        self._lock = Lock()
        self._ready: dict[tuple[int, str], tuple[str, ...]] = {}
        self._begun: set[tuple[int, str]] = set()

    def ready(self, generation: int, language: str) -> tuple[str, ...] | None:
        """The examples; None while they are being made, which this call begins."""
        key = (generation, language)
        with self._lock:
            if key in self._ready or key in self._begun:
                return self._ready.get(key)
            self._begun.add(key)
        Thread(target=self._make, args=(key,), name="kordon-examples", daemon=True).start()
        return None

    def _make(self, key: tuple[int, str]) -> None:
        # What the first click on a mark needs is loaded here, not while somebody waits for it.
        import_module("corpus.parsers.pdf_places")
        made: tuple[str, ...] = ()
        try:
            with self.kordon.view() as view:
                made = tried(view, key[1])
        except KordonError:
            made = ()  # the page itself says what is wrong with the index or the model
        finally:
            with self._lock:
                self._ready[key] = made
