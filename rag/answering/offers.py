"""What a sentence offers as an answer: dates, figures, people, bodies, places, references to law.

Each offer has its place in the sentence, so that it can be marked as the exact answer. Rules of
form only (capitals, titles, endings, the tables of places); no list of known persons.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.places import places_of
from index.analysis.words import words_of
from rag.answering.dates import find_dates
from rag.answering.figures import CURRENCIES, find_figures
from rag.answering.kinds import Kind


@dataclass(frozen=True, slots=True)
class Offer:
    """Something at characters [start, end) of a sentence that could answer a question of `kind`."""

    kind: Kind
    start: int
    end: int


_CAPITAL = r"[A-ZА-ЯЁÀ-ÖØ-ÞŠŽ]"
_NAME_WORD = rf"{_CAPITAL}(?:[\w’'-]*[^\W\d_])?\.?"
_RUN = re.compile(
    rf"(?<![\w]){_NAME_WORD}"
    rf"(?:(?:\s+(?:of|for|and|the|on|de|van|von|bin|al|ibn|по|и|о)){{0,2}}\s+{_NAME_WORD})*"
)
_HONORIFIC = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Sir|Lord|Judge|General|Colonel|Ambassador|President|Minister|Director|"
    r"Chairman|Chairperson|Chair|Secretary|Prosecutor|King|Queen|Head|г-н|г-жа|господин\w*|госпож\w|"
    r"президент\w*|министр\w*|директор\w*|председател\w+|посол|генерал\w*|секретар\w+|прокурор\w*|"
    r"руководител\w+|начальник\w*|профессор\w*)\.?\s+$",
    re.IGNORECASE,
)
_PATRONYMIC = re.compile(
    r"(?:ович|евич|ична|овна|евна|улы|кызы|оглы|ovich|evich|ovna|evna|uly)\w{0,2}$"
)
# A role and no name: "LEICA Project Director".
_ROLES = re.compile(
    r"(?:\b(?:the|project|deputy|vice|general|first|acting|executive|director|president|minister|"
    r"chair(?:man|person)?|secretary|prosecutor|ambassador|head|officer|manager|coordinator|"
    r"президент|министр|директор|председатель|секретарь|прокурор|руководитель|"
    r"(?-i:[A-ZА-ЯЁ]{2,8}))\b\W*)+",
    re.IGNORECASE,
)
# No person is called so: "Research and Data Analysis".
_JOINED = re.compile(r"\s(?:of|for|and|the|on|по|и|о)\s")
# Acronyms of what is done, not of who does it.
_SUBJECTS = re.compile(r"AML|CFT|ML|TF|PF|CDD|PEP|STR|SAR|ПОД|ФТ|ОД|ФРОМУ|НПК|ПДЛ|СПО")
_CALENDAR = re.compile(
    r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?|"
    r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_SURNAME = re.compile(
    r"(?:ов|ев|ёв|ин|ын|ова|ева|ина|ский|ская|ко|дзе|ян|ov|ev|ova|eva|sky|enko)\w{0,2}$"
)
_INITIALS = re.compile(
    rf"(?:{_CAPITAL}\.\s?){{1,2}}{_CAPITAL}\w+|{_CAPITAL}\w+\s(?:{_CAPITAL}\.\s?){{1,2}}"
)
_BODY = re.compile(
    r"\b(?:ministr\w+|office|committee|service|agency|group|unit|bank|council|department|union|"
    r"cent(?:re|er)|organi[sz]ation|commission|academy|university|institute|authority|board|"
    r"federation|association|company|corporation|police|court|parliament|secretariat|programme|"
    r"government|foundation|fund|network|initiative|treasury|embassy|forum|republic|"
    r"министерств\w+|управлени\w+|комитет\w*|служб\w+|агентств\w+|групп\w+|банк\w*|совет\w*|"
    r"департамент\w*|союз\w*|центр\w*|организаци\w+|комисси\w+|академи\w+|университет\w*|"
    r"институт\w*|правительств\w+|фонд\w*|посольств\w+|прокуратур\w+|росфинмониторинг\w*|полици\w+|суд\w*|парламент\w*|секретариат\w*)\b",
    re.IGNORECASE,
)
# "Letter No. 4", "Annex II": no person.
_COUNTED_THING = re.compile(
    r"\b(?:Nos?|Letter|Annex|Table|Chapter|Part|Section|Issue|Figure|Письмо|Протокол|Приложение"
    r"|Таблица|Глава|Раздел|Выпуск)\b"
)
_ACRONYM = re.compile(r"(?<![\w])[A-ZА-ЯЁ][A-ZА-ЯЁ&]{1,7}(?:-?\d+)?(?![\w])")
_LAW = re.compile(
    r"\b(?:articles?|sections?|recommendations?|resolutions?|laws?|acts?|regulations?|directives?|"
    r"rules?|decrees?|orders?|paragraphs?|conventions?|стать\w+|ст|рекомендаци\w+|резолюци\w+|"
    r"закон\w*|постановлени\w+|правил\w*|указ\w*|приказ\w*|пункт\w*|подпункт\w*|конвенци\w+|"
    r"директив\w+|регламент\w*|кодекс\w*)\.?\s+(?:\((?:EU|EC|ЕС|ЕК)\)\s+)?(?:[^\W\d_]+\s+){0,4}?"
    r"(?:(?:№|No\.?|N)\s?)?(?:R\s?\()?\d[\w./()-]*(?<![.,)])"
    r"|\b\d+(?:-[йяюе])?\s(?:рекомендаци|стать)[ияюей]+\b|\bR\.\s?\d+",
    re.IGNORECASE,
)
# "the Banking Act", «Закона Республики Казахстан "О банках"».
_NAMED_LAW = re.compile(
    r"(?:[A-Z][\w-]+\s(?:(?:and|of|on|the|for|in)\s){0,2}){1,8}(?:Act|Law|Code|Convention|Treaty)\b"
    r"|(?i:закон|кодекс|положени|приказ|договор)\w*\s[^.;\"«»]{0,60}[\"«]О(?:б)?\s[^\"»]{3,200}[\"»]"
)
_LAWS = (_LAW, _NAMED_LAW)
_DURATION = re.compile(
    r"(?<![\w.,])(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|один|одного|"
    r"два|двух|три|трёх|трех|четыре\w*|пять|пяти|шесть|шести|семь|семи|восемь|девять|десять|десяти)"
    r"(?:\s\(\w+\))?[\s-](?:calendar\s|working\s|business\s|календарн\w+\s|рабоч\w+\s)?"
    r"(?:years?|months?|weeks?|days?|hours?|minutes?|лет|года?|месяц\w*|недел\w+|дн\w+|день|"
    r"час\w*|минут\w*|сут\w+)(?!\w)",
    re.IGNORECASE,
)
_TIME_EN = r"(?:year|quarter|month|week|day|hour)s?"
_TIME_RU = r"(?:лет|года?у?|полугоди\w|квартал\w*|месяц\w*|недел\w+|дн\w+|день|сутки|час\w*)"
_TIMES = r"(?:\w+\s(?:\(\w+\)\s)?)"  # "3 (three) "
_FREQUENCY = re.compile(
    rf"(?<!\w)(?:(?:once|twice|{_TIMES}?times)\s(?:an?|per|every|in|each)\s{_TIMES}{{0,2}}?{_TIME_EN}|"
    rf"(?:every|each)\s{_TIMES}?{_TIME_EN}|"
    r"(?:bi-?|semi-?)?(?:annual|month|week|quarter|year|dai)ly|"
    rf"{_TIMES}?раза?\sв\s{_TIMES}{{0,2}}?{_TIME_RU}|"
    rf"кажд\w+\s{_TIMES}?{_TIME_RU}|"
    r"еже(?:годн|квартальн|месячн|недельн|дневн|суточн)\w+)(?!\w)",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ]"
    r"|(?:двадцат|тридцат|пятьдесят|шестьдесят|семьдесят|восемьдесят)[ьи]? |сорок[а]? )?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?|thousands?|"
    r"дв[ае]|двух|три|трёх|трех|четыре|четырёх|четырех|пят[ьи]|шест[ьи]|сем[ьи]|восемь|восьми|"
    r"девят[ьи]|десят[ьи])\b",
    re.IGNORECASE,
)

# "1. Training of officers": the number counts the paragraphs, nothing else.
_NUMBERING = re.compile(r"\s*\(?\d{1,3}(?:\.\d{1,3})*[.)]\s")
_LOWER_END = re.compile(r"\d[\d.,\s]*(?:\s(?:до|и|to|and)\s|\s?[-–—]\s?)$")


@lru_cache(maxsize=10_000)
def find_offers(text: str, language: str) -> tuple[Offer, ...]:
    """Everything that `text` offers, by place; the same place may be offered as several kinds."""
    dates = [Offer("date", date.start, date.end) for date in find_dates(text)]
    laws = [Offer("law", *found.span()) for form in _LAWS for found in form.finditer(text)]
    durations = [Offer("duration", *match.span()) for match in _DURATION.finditer(text)]
    durations = [offer for offer in durations if not _overlaps(offer, dates)]
    frequencies = [Offer("frequency", *match.span()) for match in _FREQUENCY.finditer(text)]
    places = [Offer("place", each.start, each.end) for each in places_of(text, language)]
    figures = [
        offer
        for offer in _figures(text, language)
        if not _overlaps(offer, [*dates, *laws]) or offer.kind in ("money", "percent")
    ]
    names = list(_names(text, language, places))
    found = [*dates, *laws, *durations, *frequencies, *places, *figures, *names]
    return tuple(sorted(found, key=lambda offer: (offer.start, offer.end)))


def _overlaps(offer: Offer, others: list[Offer]) -> bool:
    return any(offer.start < other.end and other.start < offer.end for other in others)


def _figures(text: str, language: str) -> Iterator[Offer]:
    numbering = _NUMBERING.match(text)
    for figure in find_figures(text, language):
        if numbering and figure.start < numbering.end():
            continue
        kind: Kind = "count"
        if figure.unit == "%":
            kind = "percent"
        elif figure.unit in CURRENCIES:
            kind = "money"
        lower = _LOWER_END.search(text, 0, figure.start) if kind == "percent" else None
        yield Offer(kind, lower.start() if lower else figure.start, figure.end)
    for match in _NUMBER_WORD.finditer(text):
        yield Offer("count", *match.span())


def _names(text: str, language: str, places: list[Offer]) -> Iterator[Offer]:
    """Runs of words with capitals, as the person, body or unnamed place they look like."""
    stops = {word.start for word in words_of(text, language) if word.stop}
    for match in _RUN.finditer(text):
        start, end = match.span()
        if start in stops:  # "The Ministry", "В Казахстане"
            rest = re.compile(r"\s+").search(text, start, end)
            if rest is None:
                continue
            start = rest.end()
            if not text[start].isupper():
                continue
        if text[end - 1] == "." and not re.search(r"\b\w\.$", text[start:end]):
            end -= 1
        yield from _name(text, start, end, places)
    for match in _ACRONYM.finditer(text):
        if not _SUBJECTS.fullmatch(match.group()):
            yield Offer("body", *match.span())


def _name(text: str, start: int, end: int, places: list[Offer]) -> Iterator[Offer]:
    run = text[start:end]
    opening = not re.search(r"[^\W\d_][^\n]*$", text[:start])  # of the text or of a line
    parts = run.split()
    if _BODY.search(run):
        yield Offer("body", start, end)
        return
    if any(place.start <= start and end <= place.end for place in places):
        return
    if _CALENDAR.fullmatch(run) or (_ROLES.fullmatch(run) and not _ACRONYM.fullmatch(run)):
        return
    titled = _HONORIFIC.search(text[max(0, start - 30) : start]) is not None
    form = any(_PATRONYMIC.search(part) for part in parts) or _INITIALS.search(run) is not None
    pair = 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts)
    pair = pair and not any(_overlaps(Offer("person", start, end), [place]) for place in places)
    pair = pair and not _JOINED.search(run) and not _COUNTED_THING.search(run)
    if titled or form or pair or (_SURNAME.search(run) and not opening):
        yield Offer("person", start, end)
    elif not opening:
        yield Offer("other", start, end)
