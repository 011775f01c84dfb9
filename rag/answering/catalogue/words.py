"""The words of questions about the collection, in both languages."""

import re


def rule(pattern: str) -> re.Pattern[str]:
    """A pattern of words in small or capital letters."""
    return re.compile(pattern, re.IGNORECASE)


# What documents are called, and what their titles or file names say then.
SORTS = {
    "newsletter": rule(r"newsletter|bulletin|issue|бюллетен|рассыл|выпуск|вестник"),
    "report": rule(r"report|отч[её]т|доклад"),
    "law": rule(r"(?:\b|_)laws?(?:\b|_)(?! enforcement)|\bact\b|закон(?!одат)\w{0,3}\b|кодекс"),
    "letter": rule(r"letter(?!s? *of)|пис(?:ьм|ем)"),
    "minutes": rule(r"minutes|протокол"),
    "guidance": rule(r"guidance|guide|manual|методич|руководств"),
    "evaluation": rule(r"evaluation|assessment|оценк"),
    "plan": rule(r"\bplans?\b|\bплан"),
}
DOCUMENT = rule(
    r"\b(?:documents?|docs?|files?|materials?|papers?|publications?|sources|reports?|newsletters?"
    r"|bulletins?|issues?|texts|тексты|документ\w*|файл\w*|материал\w*|публикаци\w*|источник\w*"
    r"|отч[её]т\w*|доклад\w*|бюллетен\w*|рассыл\w*|выпуск\w*(?: рассылки| новостей)?)\b"
)
# Words that the contents have too: they count where it is said that documents are meant.
STRONG_DOCUMENT = rule(
    r"\b(?:(?:draft )?laws?|acts?|letters?|minutes|guidance(?: notes?)?|guides?|manuals?"
    r"|evaluations?|assessments?|plans?|закон\w*|кодекс\w*|пис(?:ьм|ем)\w*|протокол\w*"
    r"|методичк\w*|методическ\w+ рекомендаци\w*|оценки|план\w*)\b"
)
ANYTHING = rule(
    r"\b(?:anything|something|everything|things?|всё|все|что-?нибудь|что-то|что-либо|чего-нибудь)"
    r"(?=\s*$|\s+(?:on|about|regarding|concerning|from|by|по|о|об|обо|про|от)\b)"
)
POLITE = rule(
    r"\b(?:please|pls|plz|could you|can you|would you|i(?:'d| would) like to see|i need|tell me"
    r"|let me know|happen to|so|actually|пожалуйста|можешь|можете|мне нужны?|хочу увидеть"
    r"|подскажи(?:те)?|скажи(?:те)?)\b[\s,]*"
)
_COUNT = r"how many(?: of)?|сколько"
_WHICH = (
    r"what else|(?:what|which) of|what(?:'?s| is| are)?|which(?: is| are)?"
    r"|(?:in |в |во )?(?:какой|какая|какое|какие|каких|каком)|что(?: ещё)?"
)
_SHOW = (
    r"(?:list|show|give|find|get|sort|перечисли|покажи|найди|дай|выведи|отсортируй|назови)(?:те)?"
    r"|(?:the )?(?:list|titles?) of|список|перечень|названия"
)
_EXIST = (
    r"is there|are there|is|are|do (?:we|you) (?:have|hold)|have (?:we|you) got|got|any|есть ли"
    r"|имеются ли|имеется ли|есть"
)
WHICH = rule(rf"^(?:{_WHICH})$")
HEAD = rule(
    rf"^(?:{_COUNT}|{_SHOW}(?:\s+(?:the )?(?:list of|список|перечень))?|{_EXIST}|{_WHICH})(?!\w)"
)
WHAT = rule(r"^(?:what(?:'?s| is| else)?|что(?: ещё)?)$")
SHOWING = rule(rf"^(?:{_SHOW})\b")
STRONG = rule(rf"^(?:{_SHOW}\b.*|is there|are there|есть ли|имеются ли|any|do .*|have .*)$")
_PLACE = (
    r"(?:in|from) (?:the|our|this|your) (?:collection|database|index|library|catalogue|archive)"
    r"|(?:в|из) (?:нашей |этой |вашей )?(?:коллекции|баз[еы](?: данных)?|библиотек[еи]|собрании"
    r"|собрания)|в (?:нашем |вашем )?(?:каталоге|архиве|индексе)"
)
OURS = rule(
    r"\b(?:(?:do|have|did) (?:we|you) (?:have|got|hold|keep)|(?:we|you) (?:have|hold|keep)"
    rf"|(?:we|you)'ve got|(?:you )?know of|(?:is |are )?(?:held )?(?:{_PLACE})|in here"
    r"|у [нв]ас(?: лежит| хранится)?)\b"
    r"|^\W*есть(?=\s+(?:по|про|о|об|за)\b)"
)
NEWEST = rule(
    r"\b(?:latest|newest|most recent|last|последн\w+|новейш\w+|сам\w+ (?:нов|свеж)\w+|свеж\w+"
    r"|newest first)\b"
    r"|^\W*(?:new|нового)\b"
)
NEW = rule(r"\W*(?:new|нового)")
OLDEST = rule(r"\b(?:oldest first|oldest|earliest|сам\w+ (?:стар|ранн)\w+|сначала старые)\b")
NUMBER = rule(r"\b(?:two|three|four|five|ten|два|две|три|четыре|пять|десять|[1-9]\d?)\b")
_NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10,
    "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "десять": 10,
}  # fmt: skip
_FOLLOWS = (
    r"(?=\W*$|\s+(?:on|about|from|by|of|since|after|before|between|and|or|за|с|до|после|по|о|об"
    r"|про|и|или)\b)"
)
LANGUAGES = tuple(
    (
        code,
        rule(
            rf"(?:\b(?:in|на|or|and|или|и)\s+)(?:{name})(?: language| языке)?{_FOLLOWS}"
            rf"|\b(?:{own})\s*(?=(?:language )?(?:documents?|files?|texts?|materials?|документ"
            r"|файл|текст|материал))"
        ),
    )
    for code, name, own in (
        ("ru", r"(?:the )?russian|русском", r"russian[ -]|русск\w+|русскоязычн\w+"),
        ("en", r"(?:the )?english|английском", r"english[ -]|английск\w+|англоязычн\w+|англ\."),
        ("kk", r"kazakh|казахском", r"kazakh-"),
        ("tg", r"tajik|таджикском", r"tajik-"),
        ("uz", r"uzbek|узбекском", r"uzbek-"),
        ("ky", r"kyrgyz|киргизском|кыргызском", r"kyrgyz-"),
    )
)
FORMATS = tuple(
    (name, rule(rf"\b(?:(?:in |в )(?:the )?(?:format |формате )?)?(?:{words})(?: format)?\b-?"))
    for name, words in (
        ("pdf", r"pdfs?|пдф"),
        ("docx", r"docx|ms word|word(?= (?:files?|documents?))|ворд\w*"),
        ("html", r"html|web ?pages?|веб-страниц\w*"),
        ("email", r"e-?mails?"),
    )
)
MENTION = rule(
    r"\b(?:mentions?|speaks? (?:of|about)|talks? about|deals? with|concerns?|covers?|(?:is|are) "
    r"(?:about|on)|говорится(?: о| об| про)?|говорят(?: о| об| про)?|упомина\w+|рассказыва\w+ о"
    r"|посвящен\w+|касаются|касается)\b"
)
PUBLISHED = rule(
    r"\b(?:(?:were|was|have been|has been) )?(?:published|issued|released|dated|added"
    r"|prepared|written|came out|come out|опубликован\w*|вышл\w+|вышедш\w+|издан\w*|появил\w+"
    r"|датирован\w*|добавлен\w*|выпущен\w*|выпустил\w*|подготов\w+"
    r"|написал\w*|составил\w*)(?: by\b)?"
)
FILLER = rule(
    r"\b(?:annual|годов\w+|the|an?|any|all|some|every|me|us|our|your|in total|total|altogether"
    r"|here|by date|(?:for|from) the period|все|всё|всего|мне|нам|ли|наш\w*|ваш\w*|сейчас|по дате"
    r"|(?:за )?период\w*|какие-нибудь|какие-то)\b(?![-'])"
)
# Where they open or end what is told of the documents, else they make it a sentence.
_BEING = (
    r"(?:there|is|are|was|were|has|have|been|exist|available|that|which|есть|имеется|имеются|got)"
)
LEADING = rule(rf"^\W*(?:{_BEING}\b\W*)+")
PREPOSITION = rule(
    r"^\W*(?:(?P<word>about|on|regarding|concerning|from|by|of|по|о|об|обо|про|от|на тему)\b\W*)*"
)
TRAILING = rule(rf"\W*\b(?:about|by|on|from|of|{_BEING})\W*$")
SENTENCE = rule(
    r"^(?:в|на|к|у|с|at|in|for|to|with)\b"
    r"|\b(?:обязан\w*|is|are|was|were|has|have|had|did|does|do|must|should|may|can|will|would"
    r"|be|been|how many|был\w*|будет|должн\w+|может|могут|нужн\w+|следует|надо"
    r"|сколько|\w*шл[оаи]|\w{3,}(?:ли|лись|лось|лась|ано|ено|аны|ены|ется|ются|ит|ят))\b"
)
# Names, and what may follow one: "Евразийской группы по борьбе", "Institute for Security".
NAME = re.compile(
    r"[A-ZА-ЯЁ«\"][\w«»\"-]*(?:\s+(?:[A-ZА-ЯЁ«\"\d][\w«»\"-]*|of|for|the|and|и|по"
    r"|[а-яё]+(?:ой|ей|ого|его|ых|их|ов|ы|и|а|я)))*"
)
_CAPITAL = r"[A-ZА-ЯЁ][\w«»\"-]*"
CAPITALS = re.compile(rf"{_CAPITAL}(?:\s+{_CAPITAL})*")


def number_of(word: str) -> int:
    """The number that a word of `NUMBER` says, 0 for no word."""
    return int(word) if word.isdigit() else _NUMBERS.get(word.lower(), 0)
