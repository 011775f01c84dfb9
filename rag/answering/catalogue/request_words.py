"""What a question that is known to be about the collection says of the documents it asks for."""

from rag.answering.catalogue import words
from rag.answering.catalogue.words import rule

_DOC = (
    r"(?:docs?|documents?|files?|materials?|papers?|texts?|publications?|items?|док\w*|документ\w*"
    r"|материал\w*|файл\w*|бумаг\w*|текст\w*|публикаци\w*|издани\w*|sources?|источник\w*)"
)
# What is wanted to be known of the documents instead of a list of them.
OVERVIEWS = (
    ("languages", rule(r"\b(?:(?<!of )(?<!any )languages?|langs?|язык(?:и|ов|ах|ами)?)\b")),
    ("formats", rule(r"\b(?:file types?|types? of files?|(?:file )?formats|in (?:what|which) format"
                     r"|extensions?|форматы|форматов|форматах|расширени\w+)\b")),
    ("sorts", rule(rf"\b(?:types?|kinds?|sorts?|categor(?:y|ies)) (?:of )?(?:the |your )?{_DOC}\b"
                   rf"|\bdocument types?\b|\b(?:вид|тип|род|категори)\w* (?:\w+ )?{_DOC}\b")),
    ("publishers", rule(
        r"\b(?:publishers?|issuers?|issuing bodies|corporate authors|издател(?:и|ей|ями|ях)"
        r"|издател\w+ (?:документ|материал)\w+"
        r"|from (?:which|what) (?:organi[sz]ations?|bodies|agencies|institutions?|countries)"
        r"|who (?:publish\w*|issue[sd]?|wrote|writes|produce[sd]?|made|releases?)"
        r"|(?:organi[sz]ations?|bodies|agencies|institutions?|firms?) (?:\w+ ){0,2}?"
        r"(?:publish\w*|issu\w+|wrote|produc\w+|behind|appear|represented)"
        r"|кто (?:\w+ )?(?:издал\w*|издает|издаёт|публикует|опубликовал\w*|выпуска\w+"
        r"|выпустил\w*|автор\w*|издател\w+|написал\w*)"
        r"|(?:организаци|ведомств|орган|учреждени)\w* (?:\w+ ){0,3}?"
        r"(?:изда|опублик|выпус|автор|подготов|представлен)\w*"
        r"|от кого|чьи)\b")),
    ("years", rule(
        r"\b(?:(?:which|what) (?:years?|period|date range|time ?(?:span|frame))|date range"
        r"|time span|how far back|periods? (?:\w+ ){0,3}cover\w*|years? covered"
        r"|(?:какой|какие|каких|какого) (?:\w+ )?(?:период\w*|год\w*|лет|даты)"
        r"|годы, к которым)\b")),
)  # fmt: skip
NEWEST = rule(
    r"\b(?:позже (?:всех|всего|остальных)|сам\w+ поздн\w+|came in last|most recently|latest|newest"
    r"|most recent|last|последн\w+|новейш\w+|сам\w+ (?:нов|свеж)\w+)\b"
)
OLDEST = rule(
    r"\b(?:раньше (?:всех|всего|остальных)|first (?:document|thing|one)|earliest|oldest"
    r"|с какого документа|сам\w+ (?:стар|ранн|перв)\w+)\b"
)
# All of them in the order of their dates, not the first of that.
ORDERED = rule(
    r"\b(?:newest|latest|most recent|oldest|earliest)(?: \w+)? (?:first|at the top|on top"
    r"|to (?:the )?(?:newest|latest|oldest|earliest))\b"
    r"|\b(?:in|by) (?:\w+ )?order\b(?: of (?:their )?dates?)?|\bchronological\w*(?: order)?"
    r"|\b(?:beginning|starting) (?:with|from) the \w+"
    r"|\bсначала(?: сам\w+)? (?:нов|стар|ранн|поздн|свеж)\w+"
    r"|\b(?:новые|старые|свежие) (?:сверху|первыми)"
    r"|\bпо (?:возрастани|убывани)\w+(?: дат\w*)?"
    r"|\bхронологическ\w+(?: порядк\w+)?|\bв (?:том )?порядке\b"
    r"|\bот (?:самых )?(?:ранних|старых|новых|поздних)(?: к \w+)?"
)
BY_DATE = rule(r"\bby (?:\w+ )?dates?\b|\bпо (?:дате|датам|времени)\b")
OLD_FIRST = rule(
    r"(?:oldest|earliest) (?:\w+ )?first|from (?:the )?(?:oldest|earliest)"
    r"|(?:beginning|starting) (?:with|from) the (?:earliest|oldest)|(?:oldest|earliest) to"
    r"|сначала (?:сам\w+ )?(?:стар|ранн)|по возрастани|от (?:самых )?(?:ранних|старых)"
    r"|chronological|хронологическ|в (?:том )?порядке, в как|стар\w+ (?:сверху|первыми)"
)
COUNT = rule(r"\b(?:how many|how much|number of|count|сколько|число|количество)\b")
# What a collection is called,
COLLECTION = rule(
    r"\b(?:librar(?:y|ies)|collection|catalogue|archives?|database|holdings|repository|corpus|shelves"
    r"|in (?:here|there)|собрани\w*|фонд(?:а|е|у|ом)?|библиотек\w*|коллекци\w*|баз[аеыу]|архив\w*"
    r"|подборк\w*|каталог\w*)\b"
)
# and what may be said of one, and of much else.
HELD = rule(
    r"\b(?:held|hold|stuff|something|anything|everything|whatever|things?|items?|entries|have|got"
    r"|loaded|indexed|read|put out|issued|систем\w*|хран\w+|имеется|имеются|имеющ\w+|есть|лежит"
    r"|загружен\w*|что-нибудь|что-то|чем-либо|чего|вс[её]|нового|вышло|опубликован\w*|почитать"
    r"|читал\w*|письм\w*|бумаг\w*|текст\w*|док\w*)\b"
)
# Why it is asked.
BECAUSE = rule(
    r",?\s+(?:because|since (?=\w+ \w+ )(?!(?:19|20)\d\d|january|february|march"
    r"|april|may|june|july|august|september|october|november|december)|so that"
    r"|as (?:i|we|the)\b|in order to"
    r"|так как|потому что|поскольку|чтобы|ибо)\b.*"
)
LANGUAGES = tuple(
    (
        code,
        rule(
            rf"\b(?:in|на)\s+(?:the )?(?:{said})(?: language| языке)?\b"
            rf"|\b(?:{own})(?:[ -]language)?(?=\W*$|\W+(?:version|edition|only|one|ones|newsletter"
            rf"|report|pdf|word|and|и|верси|вариант|редакци|отч[её]т|рассыл|бюллет|{_DOC}\b))"
        ),
    )
    for code, said, own in (
        ("ru", "russian|русском|русск", r"russian|русск\w+|русскоязычн\w+"),
        ("en", "english|английском|англ", r"english|английск\w+|англоязычн\w+"),
        ("kk", "kazakh|казахском", r"kazakh|казахск\w+"),
        ("tg", "tajik|таджикском", r"tajik|таджикск\w+"),
        ("uz", "uzbek|узбекском", r"uzbek|узбекск\w+"),
        ("ky", "kyrgyz|киргизском|кыргызском", r"kyrgyz|киргизск\w+|кыргызск\w+"),
    )
)
FORMATS = (
    ("pdf", rule(r"\b(?:pdfs?|пдф\w*)\b")),
    ("docx", rule(r"\b(?:docx|ms word|word|ворд\w*)\b")),
    ("html", rule(r"\b(?:html|web ?pages?|web-?sites?|веб-страниц\w*|веб-?сайт\w*)\b")),
    ("email", rule(r"\b(?:e-?mails?|eml|имейл\w*|электронн\w+ пис\w+)\b")),
    ("text", rule(r"\b(?:plain text|text files?|txt|текстов\w+ файл\w*)\b")),
    ("markdown", rule(r"\b(?:markdown|md)\b")),
)
# Sorts of documents under other names than their own.
SORTS = (
    ("law", rule(r"\b(?:legislation|legal (?:acts?|instruments?)|statutes?|нормативн\w+"
                 r"|правов\w+ акт\w*)\b")),
    ("letter", rule(r"\b(?:correspondence|переписк\w+)\b")),
    ("newsletter", rule(r"\b(?:mailings?|newsleters?|бюлетен\w*)\b")),
    ("guidance", rule(r"\b(?:guidelines?|instructions|методичк\w*|методическ\w+|рекомендаци\w+"
                      r"|разъяснени\w+)\b")),
    ("evaluation", rule(r"\b(?:evalutions?|оценк[аиу])\b")),
)  # fmt: skip
_CLAUSE = (
    r"(?P<topic>[^,;:?!()]+?)(?=\s*(?:[,;:?!()]|\.\s|\.?$"
    r"|\s(?:if any|and (?:which|what|how|when|if)|so that|because|make|made"
    r"|и (?:как|сколько|когда|если|от)\w*)\b))"
)
TOPIC = rule(
    r"\b(?:about|on|upon|regarding|concerning|deal(?:s|ing)? with|relat(?:es?|ed|ing) to"
    r"|mention(?:s|ing)?|cover(?:s|ing)?|addressed to|concerns?|on the (?:topic|subject) of"
    r"|speaks? of|talks? about|refer(?:s|ring)? to|о|об|обо|про|по|каса\w+|посвящ[её]нн?\w*"
    r"|относящ\w+(?: к| ко)?|на тему|насч[её]т|касательно|упомина\w+|связанн\w+ со?)\s+" + _CLAUSE
)
SOURCE = rule(
    r"\b(?:from|by|issued by|published by|от|издан\w*|опубликован\w*|выпущен\w*"
    r"|подготовлен\w*|написан\w*|подписан\w*)\s+" + _CLAUSE
)
_SPEAKING = (
    *(words.DOCUMENT, words.STRONG_DOCUMENT, words.ANYTHING, words.OURS, COLLECTION),
    *(known for _, known in (*FORMATS, *OVERVIEWS, *LANGUAGES, *SORTS)),
)


def speaks_of_documents(question: str) -> bool:
    """Whether a question has a word for documents or their collection."""
    return any(known.search(question) for known in _SPEAKING)


def may_speak_of_documents(question: str) -> bool:
    """Whether it has any word that may be about them: "have", "the latest"."""
    return any(known.search(question) for known in (HELD, NEWEST, OLDEST))
