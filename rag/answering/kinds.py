"""What a question asks for, read off its words by rules; English and Russian.

The rules are tried in order and the first that matches decides. `Kind` is also what a sentence can
offer (see `offers`): a question for a date is answered by a sentence with a date.
"""

import re
from typing import Literal

Kind = Literal[
    "person", "body", "place", "date", "duration", "frequency", "money", "percent", "count", "law",
    "definition", "reason", "manner", "boolean", "list", "other",
]  # fmt: skip

# Kinds whose answer can be cut out of the sentence.
SPANNED: frozenset[Kind] = frozenset(
    ("person", "body", "place", "date", "duration", "frequency", "money", "percent", "count", "law")
)

FIGURES: frozenset[Kind] = frozenset(("date", "duration", "frequency", "money", "percent", "count"))

_FOCUS = re.compile(
    r"\b(?:how many|number of|share of|percentage of|proportion of|сколько|скольких|число|"
    r"количество|численность|дол[яюи]|процент)\s+(?:of\s+|the\s+)?((?:[\w-]+\s*){1,2})",
    re.IGNORECASE,
)

_WHAT = r"(?:what|which|in what|in which|at what|on what|on which|by what|to which|from which)"
_KAKOY = (
    r"(?:(?:в|на|к|из|с|от|до|по|за|о|об|для|у|со|ко)\s+)?"
    r"как(?:ой|ая|ое|ие|ого|ому|им|ом|ую|их|ими|ова|ово|овы|ов)"
)
_PERSON = (
    r"(?:person|man|woman|people|actor|actress|author|writer|player|director|president|leader|king|"
    r"queen|emperor|scientist|minister|chairman|chair|head|founder|official|expert|singer|coach|"
    r"historian|general|speaker|ambassador|secretary|manager|officer|prosecutor|judge)"
)
_PERSON_RU = (
    r"(?:человек\w*|люд\w+|актёр\w*|актер\w*|актрис\w+|автор\w*|писател\w+|игрок\w*|директор\w*|"
    r"президент\w*|лидер\w*|корол\w+|император\w*|учён\w+|учен\w+|министр\w*|председател\w+|"
    r"глав[аыуе]|руководител\w+|основател\w+|эксперт\w*|певиц\w+|певец|тренер\w*|историк\w*|"
    r"генерал\w*|посол|секретар\w+|судь\w+|прокурор\w*|женщин\w+|мужчин\w+)"
)
_COUNTRY = r"(?:countr\w+|city|cities|town|region|state|place|republic|province|capital|location)"
_BODY = (
    r"(?:organi[sz]ation|body|agency|agencies|institution|authority|authorities|ministry|"
    r"ministries|committee|company|group|bank|office|department|service|party|team|university)"
)
_BODY_RU = (
    r"(?:орган\w*|организаци\w+|ведомств\w+|министерств\w+|комитет\w*|служб\w+|агентств\w+|"
    r"учреждени\w+|структур\w+|компани\w+|банк\w*|подразделени\w+|донор\w*)"
)
_PLACE_RU = r"(?:стран\w+|город\w*|регион\w*|республик\w+|област\w+|мест\w+|государств\w+|район\w*)"
_RULES: tuple[tuple[Kind, str], ...] = (
    ("list", r"\b(?:how many|how much|what number|number of)\b.*\b(?:each|every|by country)\b"),
    ("list", r"\b(?:сколько|какое число)\b.*\b(?:кажд\w+|по странам)\b"),
    ("list", r"^(?:please\s+)?(?:list|name|enumerate)\b|^(?:перечислите|назовите|перечисли)\b"),
    ("definition", r"^(?:кто|что) так(?:ой|ая|ие|ое)\s+(?-i:[а-яё])"),
    ("frequency", r"\bhow (?:often|frequently|regularly)\b|\bhow many times an? (?:year|month)\b"),
    ("frequency", r"\b(?:как|насколько) (?:часто|регулярно)\b|\bсколько раз в (?:год|месяц)\b"),
    ("frequency", rf"{_KAKOY}\s+(?:периодичност\w+|частот\w+|регулярност\w+)\b"),
    ("frequency", rf"\b{_WHAT}\s+(?:is the\s+)?(?:frequency|intervals?)\b"),
    ("duration", r"\bfor (?:what|which) (?:period|time|term)\b|\bhow (?:quickly|soon|fast)\b"),
    ("duration", r"\bкак (?:быстро|скоро)\b"),
    ("duration", r"\bhow long\b|\bhow many (?:years|months|weeks|days|hours|minutes)\b"),
    ("duration", r"\b(?:как долго|как надолго|сколько (?:лет|месяц\w+|недел\w+|дн\w+|час\w+))\b"),
    ("duration", rf"{_KAKOY}\s+(?:срок\w*|продолжительност\w+|длительност\w+|период\w*)\b"),
    ("duration", rf"\b{_WHAT}\s+(?:is the\s+)?(?:duration|length|term|deadline|time limit)\b"),
    ("percent", r"\b(?:what|which) (?:percent\w*|share|proportion|part)\b|\bhow many percent\b"),
    ("percent", rf"{_KAKOY}\s+(?:процент\w*|дол[яюеи]|часть)\b|\bсколько процентов\b"),
    ("money", r"\bhow much (?:money|does|did|was|is|were|has|will|funding|it cost)\b"),
    ("money", rf"\b{_WHAT}\s+(?:is|was|are|were)\s+(?:the\s+)?(?:\w+\s+){{0,3}}(?:budget|cost|"
              r"price|fine|penalty|amount|value|funding|threshold|sum|salary|fee|limit|ceiling)\b"),
    ("money", rf"{_KAKOY}\s+(?:\w+\s+){{0,2}}(?:сумм\w+|бюджет\w*|стоимост\w+|размер\w*|штраф\w*|"
              r"порог\w*|лимит\w*|цен[аыуе])\b"),
    ("money", r"\bво (?:сколько|что) (?:обош\w+|обход\w+)\b"),
    ("money", r"^what (?:did|does|do|will|would|has|have)\b.*\bcost\b"),
    ("count", r"\b(?:what|which) (?:quantity|volume|weight|speed|number)\b"),
    ("money", r"\bсколько (?:стоит|стоил\w*|денег|средств|заплати\w+|выделен\w*|долларов|евро|"
              r"рублей|тенге|сомов|сомони)\b"),
    ("money", rf"\b{_WHAT}\s+(?:\w+\s+)?(?:amount|sum|price|cost|fine|fee|commission|budget)\b"),
    ("money", r"^(?:the\s+)?(?:price|cost|value|budget|amount|fine|fee)\b"),
    ("money", r"^(?:цена|стоимость|бюджет|сумма|размер|штраф)\b|\bна какую сумму\b"),
    ("count", r"\bhow (?:many|much|old|far|high|large|big|tall)\b|\bwhat number\b"),
    ("count", r"\bскольк(?:о|их|им|ими)\b|\bкаков[оа]? (?:число|количество|численность)\b"),
    ("count", rf"{_KAKOY}\s+(?:\w+\s+)?(?:числ\w+|количеств\w+|численност\w+|возраст\w*|"
              r"номер\w*)\b"),
    ("date", rf"\bwhen\b|\b{_WHAT}\s+(?:\w+\s+)?(?:year|date|day|month|century|decade|time)\b"),
    ("date", rf"\bкогда\b|\b{_KAKOY}\s+(?:год\w*|дат\w+|числа|день|дня|месяц\w*|век\w*)\b"),
    ("date", r"\bс какого (?:года|времени|числа)\b"),
    ("law", rf"\b{_WHAT}\s+(?:\w+\s+)?(?:law|article|act|recommendation|regulation|resolution|"
            r"section|decree|order|statute|convention|treaty|rule|directive)\b"),
    ("law", rf"{_KAKOY}\s+(?:\w+\s+)?(?:закон\w*|стать\w+|рекомендаци\w+|постановлени\w+|"
            r"резолюци\w+|указ\w*|приказ\w*|нормативн\w+|конвенци\w+|пункт\w*|правил\w*)\b"),
    ("place", rf"\bwhere\b|\b{_WHAT}\s+(?:\w+\s+)?{_COUNTRY}\b"),
    ("place", rf"\b(?:где|куда|откуда)\b|\b{_KAKOY}\s+(?:\w+\s+)?{_PLACE_RU}\b"),
    ("body", rf"\b{_WHAT}\s+(?:\w+\s+){{0,2}}{_BODY}\b|\bby whom\b"),
    ("body", rf"{_KAKOY}\s+(?:\w+\s+){{0,2}}{_BODY_RU}\b"),
    ("person", rf"\b{_WHAT}\s+(?:\w+\s+){{0,2}}{_PERSON}\b"),
    ("person", rf"{_KAKOY}\s+(?:\w+\s+){{0,2}}{_PERSON_RU}\b"),
    ("person", r"\bwho(?:m|se)?\b|\bwhat (?:is|was) the name\b"),
    ("person", r"\b(?:кто|кого|кому|кем|ком|чей|чья|чьё|чье)\b|\bкак зовут\b"),
    ("reason", r"\bwhy\b|\bwhat (?:is|was|were) the (?:reason|cause|purpose|aim|goal)\b"),
    ("reason", r"\bfor what\b"),
    ("reason", r"\b(?:почему|зачем|отчего)\b|\bс какой целью\b|\bпо какой причине\b"),
    ("manner", r"\bhow\b|\bin what way\b"),
    ("manner", r"\b(?:как(?! называ\w+| имен\w+)|каким образом)\b"),
    ("definition", r"^what (?:is|are) (?:an? |the )?(?:[\w-]+\s*){1,3}\??$"),
    ("definition", r"\bdefin(?:e|ed|ition)\b"),
    ("definition", r"^what does\b.*\bmean\b|^что (?:такое|означает|значит|понима\w+)\b"),
    ("definition", r"\b(?:определение|определяется|расшифровывается)\b|\bstands? for\b"),
    ("boolean", r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|may|must|shall|should|"
                r"will|would)\b"),
    ("boolean", r"\bли\b|^(?:есть|является|можно|правда|верно)\b"),
    ("list", rf"\b{_WHAT}\s+(?:\w+\s+)?\w+[^\Wsiu]s\s+(?:are|were|do|did|have|has|had|can|will)\b"),
    ("list", r"^(?:в |на |из |о |к )?как(?:ие|их|им|ими)\s"),
)  # fmt: skip


def _compiled() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    rules = []
    for kind, rule in _RULES:
        rules.append((kind, re.compile(rule, re.IGNORECASE)))
    return tuple(rules)


_COMPILED = _compiled()


_EACH = re.compile(
    r"\b(?:each|every|by country|per country|respectively)\b|\bкажд\w+\b|\bпо странам\b",
    re.IGNORECASE,
)


_SEVERAL = re.compile(
    r"\b(?:which|what) (?:\w+ )?(?:countries|states|cities|towns|regions|places|bodies|agencies|"
    r"authorities|organi[sz]ations|companies|banks|services|people|persons|officers|laws|articles)\b|"
    r"\bwho (?:are|were)\b|\b(?:какие|каких|какими)\b",
    re.IGNORECASE,
)


def asks_for_several(text: str) -> bool:
    """Whether more than one thing is asked for: "which countries"."""
    return _SEVERAL.search(text) is not None


def asks_for_each(text: str) -> bool:
    """Whether the answer is one figure per country: "how many in each country"."""
    return _EACH.search(text) is not None


def focus_of(text: str) -> tuple[int, int] | None:
    """The characters of what is counted: "containers" in "How many containers were opened"."""
    found = _FOCUS.search(text)
    return found.span(1) if found else None


def question_kind(text: str) -> Kind:
    """What the question asks for; "other" if no rule knows."""
    for kind, rule in _COMPILED:
        if rule.search(text):
            return kind
    return "other"
