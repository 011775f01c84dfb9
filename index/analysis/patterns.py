"""The regular expressions that find words, numbers, dates, codes and references in a text."""

import re

MONTHS = {
    **{
        name: number
        for number, names in enumerate(
            (
                "january jan январь января январе янв",
                "february feb февраль февраля феврале фев",
                "march mar март марта марте мар",
                "april apr апрель апреля апреле апр",
                "may май мая мае",
                "june jun июнь июня июне июн",
                "july jul июль июля июле июл",
                "august aug август августа августе авг",
                "september sept sep сентябрь сентября сентябре сент сен",
                "october oct октябрь октября октябре окт",
                "november nov ноябрь ноября ноябре нояб ноя",
                "december dec декабрь декабря декабре дек",
            ),
            start=1,
        )
        for name in names.split()
    }
}
SCALES = {
    3: r"thousand|тыс|тысяч\w{0,3}",
    6: r"million|millions|mln|mn|млн|миллион\w{0,3}",
    9: r"billion|billions|bln|bn|млрд|миллиард\w{0,3}",
    12: r"trillion|trillions|trn|трлн|триллион\w{0,3}",
}
# What a numbered part of a legal text is called; both languages share the key.
REFERENCES = {
    "art": r"articles?|art|ст|ст\.ст|статья|статьи|статье|статью|статьей|статей|статьям|статьях",
    "rec": r"recommendations?|рекомендаци[яиюей]{1,2}",
    "res": r"resolutions?|резолюци[яиюей]{1,2}",
    "par": r"paragraphs?|para|пункт\w{0,3}|пп?",
    "ch": r"chapters?|глав[аыеу]|гл",
    "sec": r"sections?|раздел\w{0,3}",
    "ann": r"annex|annexes|приложени[еяюй]{1,2}",
    "rule": r"rules?|правил[оау]",
    "prin": r"principles?|принцип\w{0,2}",
    "outc": r"immediate outcomes?|непосредственн\w{2,3} результат\w{0,3}",
}

_month = "|".join(sorted(MONTHS, key=len, reverse=True))
_space = r"[ \u00a0\u202f\u2009]"
_hyphen = "\\-\u2010\u2011"
_year = r"(?:19|20)\d\d"
_ordinal = r"(?:st|nd|rd|th|-?го)?"
_code_tail = rf"(?:[/.{_hyphen}][^\W_]+)+"

_word = rf"[^\W\d_][\u0301]?(?:[^\W\d_]|\u0301|['’ʼ](?=[^\W\d_])|[/{_hyphen}](?=[^\W\d_]))*"

# Words that may begin a reference of two words: "immediate outcome 4", "ст.ст 5".
_opening = r"immediate|непосредственн|ст\.ст"

# Nearly every match is a plain word, with no number in it nor right after it: looking for these
# first, and for anything else only at letters and digits, is four times as fast.
SCANNER = re.compile(
    rf"""
    (?P<plain>(?!{_opening})(?>{_word})(?!\S*\d)(?!\.?,?{_space}?[№\d]))
  | (?=\w)(?:
    (?P<iso>(?<![\w.]){_year}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\w))
  | (?P<dotted>(?<![\w.])(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])[./]{_year}(?!\w))
  | (?P<day_first>\b(?:0?[1-9]|[12]\d|3[01]){_ordinal}[\u00bb"”]?{_space}(?:of{_space})?
        (?:{_month})\b\.?(?:,?{_space}{_year}\b)?)
  | (?P<month_first>\b(?:{_month})\b\.?{_space}(?:0?[1-9]|[12]\d|3[01]){_ordinal}
        (?:,?{_space}{_year})?\b)
  | (?P<month_year>\b(?:{_month})\b\.?,?{_space}{_year}\b)
  | (?P<reference>\b(?:{"|".join(REFERENCES.values())})\b\.?{_space}?(?:№{_space}?)?
        (?:\d+(?:[.{_hyphen}]\d+)*)(?![\w/]))
  | (?P<section>(?<![\w.,])\d+(?:\.\d+){{2,}}(?![\w]))
  | (?P<grouped>(?<![\w.,/])\d{{1,3}}(?:(?P<sep>[ \u00a0\u202f\u2009,.'’])\d{{3}})
        (?:(?P=sep)\d{{3}})*(?:[.,]\d+)?(?![\w]))
  | (?P<number>(?<![\w/])\d+(?:[.,]\d+)?(?![\w/]|[{_hyphen}][^\W\d_]))
  | (?P<code>(?=[^\s]*\d)(?=[^\s]*[^\W\d_])[^\W_]+{_code_tail}(?:{_space}?\(\d{{4}}\))?
      | (?=[^\W_]*\d)[^\W_]*[^\W\d_][^\W_]*)
  | (?P<plain_number>\d+)
  | (?P<word>{_word})
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
WORD = re.compile(_word)
SCALE_AFTER = re.compile(
    _space
    + "?(?:"
    + "|".join(f"(?P<e{power}>{names})" for power, names in SCALES.items())
    + r")\b",
    re.IGNORECASE,
)
REFERENCE_KEY = re.compile(
    "|".join(f"(?P<{key}>(?:{names}))\\b" for key, names in REFERENCES.items()), re.IGNORECASE
)
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|s)", re.IGNORECASE)
RUSSIAN_ORDINAL = re.compile(
    rf"(\d+)[{_hyphen}](?:й|я|е|ю|м|х|го|ого|му|ой|ый|ая|ое|ые|ых|ми|ти|летн\w+|процентн\w+)",
    re.IGNORECASE,
)
JOINERS = re.compile(rf"[/{_hyphen}]")
APOSTROPHES = re.compile("['’ʼ\u0301]")
