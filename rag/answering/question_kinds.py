"""What a question asks for, read off its words by rules; English and Russian.

What counts is the first question word and the noun that belongs to it: "Which accounts must be
closed when a bank ..." asks neither for a date nor for a bank. The rules are tried in order there,
and the first that matches decides.
"""

import re

from rag.answering.kinds import Kind

_FOCUS = re.compile(
    r"\b(?:how many|number of|share of|percentage of|proportion of|сколько|скольких|число|"
    r"количество|численность|дол[яюи]|процент)\s+(?:of\s+|the\s+)?((?:[\w-]+\s*){1,2})",
    re.IGNORECASE,
)

_WHAT = r"(?:what|which)"
_IN = r"(?:(?:in|at|on|by|to|from|for|of|with|under|during|within|into|about|above|over)\s+)?"
_KAKOY = r"(?:как(?:ой|ая|ое|ие|ого|ому|им|ом|ую|их|ими)|каков(?:[аоы]|ой|ого)?)"
_PRE = r"(?:(?:во?|на|ко?|из|со?|от|до|по|за|об?|для|у|при|под|над|через|после|перед)\s+)?"
# Words between "which" and what is asked for: "which regional body", but not "what does a bank".
_BETWEEN = (
    r"(?:(?!(?:is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|"
    r"would|the|an?|of|to|in|on|by|for|and|or|from|with)\b)[\w’'-]+\s+){0,2}"
)
_WHICH = rf"{_IN}{_WHAT}\s+(?:of\s+(?:the|these|its|their)\s+)?{_BETWEEN}"
# Russian puts only adjectives there: «какой надзорный орган», but not «какие сделки банк».
_ADJECTIVES = (
    r"(?:(?!\w+(?:ание|ение|[втсц]ие|[аеи]нии|[тс]ии)\b)\w+(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|"
    r"ому|ему|ым|им|ом|ем|ую|юю|ых|их|ыми|ими)(?:ся)?\s+){0,2}"
)
# And the noun agrees: «с какой угрозой странам» asks for no country.
_KAKOY_X = (
    rf"{_PRE}{_KAKOY}\s+(?:из\s+)?{_ADJECTIVES}"
    r"(?:(?!\w*[ая](?:м|х|ми)\b)|(?<=их\s)|(?<=им\s)|(?<=ими\s))"
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
_COUNTRY = r"(?:countr\w+|city|cities|town|region|place|republic|province|capital|location)"
_BODY = (
    r"(?:organi[sz]ation|body|agency|agencies|institution|authority|authorities|ministry|"
    r"ministries|committee|company|group|bank|office|department|service|party|team|university)"
)
_BODY_RU = (
    r"(?:орган(?!из)\w*|организаци\w+|ведомств\w+|министерств\w+|комитет\w*|служб\w+|агентств\w+|"
    r"учреждени\w+|структур\w+|компани\w+|банк\w*|подразделени\w+|донор\w*)"
)
_PLACE_RU = (
    r"(?:стран(?:[аеуы]|ой|ах|ам|ами)?|город\w*|регион\w*|республик\w+|област\w+|мест\w+|"
    r"район\w*|государств\w*)"
)
_MUST = (
    r"(?:must|should|may|can|could|shall|need(?:s|ed)?|allowed|permitted|obliged|required|considered|"
    r"deemed|regarded|treated)"
)
# In the present "when" mostly asks for a circumstance, but not of these.
_EVENT = (
    r"(?:next|starts?|begins?|ends?|opens?|closes?|expires?|takes? effect|enters?|due|takes? place|"
    r"held|scheduled|planned|come|meet|finish|appl(?:y|ies)|going)"
)
_EVENT_RU = (
    r"(?:\w+[аеиоуыяё]л(?:[аои]|ся|ась|ось|ись)?|\w+(?:ан|ен|ён|ят|ыт)[аоы]?|буд[еу]т|был\w*|"
    r"следующ\w+|ближайш\w+|состо\w+|пройд[её]т|вступа\w+|вступит|начина\w+|начн\w+|оканчива\w+|"
    r"заканчива\w+|открыва\w+|откро\w+|истека\w+|ист[её]к\w*|планиру\w+|день)"
)
# About the question as a whole, wherever the words stand.
_WHOLE: tuple[tuple[Kind, str], ...] = (
    ("list", r"\b(?:how many|how much|what number|number of)\b.*\b(?:each|every|by country)\b"),
    ("list", r"\b(?:сколько|какое число)\b.*\b(?:кажд\w+|по странам)\b"),
    ("list", r"^(?:list|name|enumerate)\b|^(?:перечислите|назовите|перечисли)\b"),
)
# About the question from its first question word on, with the preposition before it.
_ASKED: tuple[tuple[Kind, str], ...] = (
    ("definition", r"(?:кто|что) так(?:ой|ая|ие|ое)\s+(?-i:[а-яё])"),
    ("frequency", r"how (?:often|frequently|regularly)\b|how many times an? (?:year|month)\b"),
    ("frequency", r"(?:как|насколько) (?:часто|регулярно)\b|сколько раз в (?:год|месяц)\b"),
    ("frequency", rf"{_KAKOY_X}(?:периодичност\w+|частот\w+|регулярност\w+)\b"),
    ("frequency", rf"{_IN}{_WHAT}\s+(?:is the\s+)?(?:frequency|intervals?)\b"),
    ("duration", r"for (?:what|which) (?:period|time|term)\b|within how (?:many|much)\b"),
    ("duration", rf"{_IN}how (?:quickly|soon|fast|long|late)\b"),
    ("duration", r"как (?:быстро|скоро|долго|надолго)\b"),
    ("duration", rf"{_IN}how many (?:\w+ )?(?:years|months|weeks|days|hours|minutes)\b"),
    ("duration", rf"{_PRE}скольк\w+ (?:лет|месяц\w+|недел\w+|дн\w+|час\w+|суток|времени)\b"),
    ("duration", rf"{_KAKOY_X}(?:срок\w*|продолжительност\w+|длительност\w+|период\w*|стаж\w*)\b"),
    ("duration", rf"{_IN}{_WHAT}\s+(?:(?:is|was) the\s+)?(?:\w+\s+){{0,2}}(?:duration|length|"
                 r"deadline|time limit|time frame|period|(?:prison|jail) (?:term|sentence)|"
                 r"term of)\b"),
    ("percent", rf"{_IN}{_WHAT} (?:\w+ )?(?:percent\w*|share|proportion|part|discount|rate)\b"),
    ("percent", rf"{_IN}how many per ?cent\b|{_PRE}скольк\w+ процент\w+\b"),
    ("percent", rf"{_IN}{_WHAT} (?:is|was) the (?:percent\w*|share|proportion|rate)\b"),
    ("percent", rf"{_KAKOY_X}(?:процент\w*|дол[яюеи]|скидк\w+|ставк\w+)\b"),
    ("money", r"how much (?:money|does|did|was|is|were|has|will|funding|it cost)\b"),
    ("money", rf"{_IN}{_WHAT}\s+(?:(?:is|was|are|were)\s+)?(?:the\s+)?(?:[\w-]+\s+){{0,2}}(?:"
              r"budget|cost|price|fine|penalty|amount|value|funding|threshold|sum|salary|fee|limit|ceiling|"
              r"capital|pay|remuneration|revenue|profit|commission|compensation)\b"),
    ("money", rf"{_PRE}{_KAKOY}\s+(?:\w+\s+){{0,2}}(?:сумм\w+|бюджет\w*|стоимост\w+|размер\w*|"
              r"штраф\w*|порог\w*|лимит\w*|цен[аыуе]|зарплат\w+|оклад\w*|капитал\w*|компенсаци\w+|"
              r"вознаграждени\w+|выручк\w+|прибыл\w+|ущерб\w*)\b"),
    ("money", r"во (?:сколько|что) (?:обош\w+|обход\w+)\b"),
    ("money", r"what (?:did|does|do|will|would|has|have|must|may|should)\b.*\bcost\b"),
    ("count", rf"{_IN}{_WHAT} (?:quantity|volume|weight|speed|number)\b"),
    ("money", r"сколько (?:\w+ )?(?:стоит|стоил\w*|денег|средств|заплати\w+|выделен\w*|долларов|"
              r"евро|рублей|тенге|сомов|сомони)\b"),
    ("count", r"(?:\w+ )?how (?:many|much|old|far|high|large|big|tall)\b"),
    ("count", rf"{_PRE}скольк(?:о|их|им|ими)\b"),
    ("count", rf"{_KAKOY_X}(?:числ(?!а\b)\w+|количеств\w+|численност\w+|возраст\w*|номер\w*)\b"),
    ("date", rf"when (?:is|are|do|does)\b.*\b{_EVENT}\b|когда\b[^,]*?\b{_EVENT_RU}\b"),
    ("other", rf"when (?:is|are|do|does)\b|when\b[^,]*?\b{_MUST}\b|когда\b"),  # a circumstance
    ("date", rf"when\b|{_WHICH}(?:year|date|day|month|century|decade|time)\b"),
    ("date", rf"{_IN}{_WHAT} (?:is|was) the (?:\w+ )?date\b"),
    ("date", rf"{_KAKOY_X}(?:год\w*|дат\w+|числа|день|дня|месяц\w*|век\w*)\b"),
    ("date", r"с какого (?:времени|момента)\b"),
    ("law", rf"{_WHICH}(?:laws?|articles?|act|recommendations?|regulation|resolution|"
            r"section|decree|order|statute|convention|treaty|rule|directives?|code|standard|"
            r"provision)\b"),
    ("law", rf"{_KAKOY_X}(?:закон(?:а|е|у|ом|ы|ов)?|стать\w+|рекомендаци\w+|постановлени\w+|"
            r"резолюци\w+|указ(?:а|е|у|ом)?|приказ\w*|нормативн\w+|конвенци\w+|пункт\w*|правил\w*|"
            r"кодекс\w*|директив\w+|регламент\w*|стандарт\w*)\b"),
    ("place", rf"where\b|{_WHICH}{_COUNTRY}\b|{_IN}{_WHAT} state\b"),
    ("place", rf"(?:где|куда|откуда)\b|{_KAKOY_X}{_PLACE_RU}\b"),
    ("body", rf"{_WHICH}{_BODY}\b|by whom\b"),
    ("body", rf"{_KAKOY_X}{_BODY_RU}\b"),
    ("person", rf"{_WHICH}{_PERSON}\b|what (?:is|was) the name\b"),
    ("person", rf"{_KAKOY_X}{_PERSON_RU}\b"),
    ("person", rf"{_IN}who(?:m|se)?\b"),
    ("person", rf"{_PRE}(?:кто|кого|кому|кем|ком|чей|чья|чьё|чье|чьи|чьего|чьей)\b|как зовут\b"),
    ("reason", r"why\b|what (?:is|was|were) the (?:reason|cause|purpose|aim|goal)\b|for what\b"),
    ("reason", r"(?:почему|зачем|отчего)\b|с какой целью\b|по какой причине\b"),
    ("definition", r"how\b.*\bdefin(?:e|ed|ition)\b|what does\b.*\bmean\b|what.*\bstands? for\b"),
    ("definition", r"как (?:определ|расшифр|понима)\w+|что (?:такое|означает|значит|понима\w+)\b"),
    ("definition", r"what (?:is|are) (?:an? |the )?(?:[\w-]+\s*){1,3}\??$"),
    ("manner", r"(?:\w+ )?how\b|in what way\b|как(?! называ\w+| имен\w+)\b|каким образом\b"),
    ("list", rf"{_IN}{_WHAT}\s+{_BETWEEN}\w+[^\Wsiu]s\s+(?:are|were|do|did|have|has|had|can|"
             r"will)\b"),
    ("list", rf"{_PRE}как(?:ие|их|им|ими)\s"),
)  # fmt: skip
# About a few words that are no sentence, and what else there is.
_WORDS: tuple[tuple[Kind, str], ...] = (
    ("money", r"^(?:the\s+)?(?:price|cost|value|budget|amount|fine|fee)\b"),
    ("money", r"^(?:цена|стоимость|бюджет|сумма|размер|штраф)\b"),
    ("definition", r"\bdefin(?:e|ed|ition)\b|\b(?:определение|определяется|расшифровывается)\b"),
)  # fmt: skip
# What is named without any question word: "number of people trained".
_NAMED: tuple[tuple[Kind, str], ...] = (
    ("count", r"^(?:the )?(?:total )?(?:number|quantity) of\b"),
    ("count", r"^(?:общее )?(?:число|количество|численность)\b"),
    ("percent", r"^(?:the )?(?:share|percentage|proportion)\b|^(?:доля|процент)\b"),
    ("date", r"^(?:the )?(?:exact )?dates?\b|^(?:точная )?дат[аы]\b"),
    ("duration", r"^(?:the )?(?:average |median )?(?:duration|length|time)\b"
                 r"|^(?:среднее )?(?:время|продолжительность|длительность)\b"),
    ("money", r"^(?:the )?(?:(?:total|overall) )?(?:[\w-]+ )?(?:price|cost|value|budget|amount"
              r"|expenditure|spending|expenses)\b"),
    ("money", r"^(?:общ\w+ )?(?:цена|стоимость|бюджет|сумма|размер|штраф|расходы|траты)\b"),
)  # fmt: skip
_POLITE = re.compile(
    r"^(?:please\W+|(?:can|could|would) you (?:please )?|i(?:'d| would) like to know |"
    r"do you know )*"
    r"(?:(?:tell me|say|explain|show me)\W+)?(?=.*\b(?:who|what|which|when|where|why|how)\b)",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|"
    r"would)\b|^(?:есть|является|можно|правда|верно)\b",
    re.IGNORECASE,
)
_WORD_RU = (
    rf"скольк\w+|{_KAKOY}|кто|кого|кому|кем|ком|что|чего|чему|чем|чём|чей|чья|чьё|чье|чьи|чьего|чьей|"
    r"когда|где|куда|откуда|почему|зачем|отчего|как|насколько"
)
_QUESTION_WORD = re.compile(
    rf"\b(?:{_IN}(?:how|what|which|who|whom|whose|when|where|why)|во (?:сколько|что)|"
    rf"{_PRE}(?:{_WORD_RU})|(?P<whether>ли))\b",
    re.IGNORECASE,
)
# "When a bank closes an account, what must it tell?": what is asked comes after the clause.
_CLAUSE = re.compile(
    rf"^(?:when|where|once|if|as|когда|если|как)\b[^,?]*,\s*(?:то\s+)?"
    rf"(?=(?:{_IN}(?:how|what|which|who|whom)|{_PRE}(?:скольк\w+|{_KAKOY}|кто|кого|кому|что)|"
    r"is|are|do|does|did|can|may|must|should)\b)",
    re.IGNORECASE,
)


def _compiled(rules: tuple[tuple[Kind, str], ...]) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(rule, re.IGNORECASE)) for kind, rule in rules)


_WHOLE_RULES, _ASKED_RULES, _WORD_RULES = map(_compiled, (_WHOLE, _ASKED, _WORDS))
_NAMED_RULES = _compiled(_NAMED)


_NEAR_EACH = 4  # words: "each of the six border offices"
_EACH_EN = (
    "country|countries|component|office|city|month|quarter|unit|team|exercise|region|agency"
    "|categor(?:y|ies)|criterion|event|indicator|type|kind|sector|level|group"
)
_EACH_RU = (
    "странам|компонентам|офисам|городам|месяцам|кварталам|группам|учениям|регионам|областям"
    "|ведомствам|критериям|видам|категориям|подразделениям|мероприятиям|показателям|секторам"
    "|уровням|типам"
)
_MANY_RU = r"(?:всем |всех )?(?:двум |тр[её]м |четыр[её]м |пяти |шести |семи )?"
_EACH = re.compile(
    rf"\b(?:each|every|(?:by|per) (?:{_EACH_EN})|respectively)\b|\bкажд\w+\b"
    rf"|\bпо {_MANY_RU}(?:{_EACH_RU})\b|\bв разрезе\b"
    r"|\bin all (?:(?:of )?the )?(?:\w+ )?(?:countries|cities|offices)\b",
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


def each_of(text: str) -> tuple[str, ...]:
    """The words that tell of each what a figure is asked for: ("office",) in "at each office"; a
    few that follow, where others stand between."""
    found = _EACH.search(text)
    if found is None:
        return ()
    own = found.group().split()[1:]
    return (*own, *re.findall(r"\w+", text[found.end() :])[:_NEAR_EACH])


def for_one(text: str, name: str, called: str) -> str | None:
    """The question for a figure of each that is `called` so as one for that of this `name`."""
    found = _EACH.search(text)
    at = text.find(called, found.start()) if found else -1
    return f"{text[: found.start()]}{name}{text[at + len(called) :]}" if found and at >= 0 else None


def focus_of(text: str) -> tuple[int, int] | None:
    """The characters of what is counted: "containers" in "How many containers were opened"."""
    found = _FOCUS.search(text)
    return found.span(1) if found else None


def question_kind(text: str) -> Kind:
    """What the question asks for; "other" if no rule knows."""
    text = _CLAUSE.sub("", _POLITE.sub("", text.strip(), count=1), count=1)
    for kind, rule in _WHOLE_RULES:
        if rule.search(text):
            return kind
    if _YES_NO.match(text):
        return "boolean"
    asked = _QUESTION_WORD.search(text)
    if asked is None:
        return next((kind for kind, rule in _WORD_RULES if rule.search(text)), "other")
    if asked["whether"]:
        return "boolean"
    found = (kind for kind, rule in _ASKED_RULES if rule.match(text, asked.start()))
    return next(found, "other")


def kind_named(text: str) -> Kind:
    """What is asked for by its name alone, where `question_kind` does not know. What was fitted
    does not see this kind: with it one reported question more was refused and none gained."""
    kind = question_kind(text)
    if kind != "other":
        return kind
    named = (kind for kind, rule in _NAMED_RULES if rule.search(text.strip()))
    return kind if _QUESTION_WORD.search(text) else next(named, kind)
