"""What a question wants of the rows of a table: the greatest or least, those beyond a figure, or
several of them side by side; English and Russian."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rag.answering.figures import find_figures
from rag.answering.language import question_language

Sort = Literal["date", "duration", "money", "percent", "number"]
Want = Literal["most", "least", "above", "below", "beside"]
Rule = tuple[Want, Sort | None, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`sort` is that of the column to compare by, None where the words fit any. `limit` is the
    figure of "above" and "below", and `itself` whether it fits too. `words` are the characters of
    the question that say all this."""

    want: Want
    sort: Sort | None
    words: tuple[tuple[int, int], ...]
    limit: Decimal = Decimal(0)
    itself: bool = False


# English words, beginnings of Russian adjectives behind «самый», and Russian comparatives before
# «всего», «других»; the first line that fits counts.
_SUPERLATIVES: tuple[tuple[Want, Sort | None, str, str, str], ...] = (
    ("most", "duration", "longest|lasted the most",
     "долг длинн длительн продолжит", "дольше длиннее"),
    ("least", "duration", "shortest|quickest|fastest", "коротк кратк быстр", "быстрее короче"),
    ("most", "date", r"latest|newest|most recent(?:ly)?|last(?! (?:year|month|quarter|week))",
     "поздн последн недавн нов", "позже позднее"),
    ("least", "date", "earliest|oldest|first", "ранн стар перв", "раньше"),
    ("most", "money", r"most expensive|costliest|priciest|cost\w* (?:the )?most",
     "дорог затратн", "дороже"),
    ("least", "money", r"cheapest|least expensive|cost\w* (?:the )?least",
     "дешев дешёв", "дешевле"),
    ("least", None, "least|fewest|lowest|smallest|minimum|worst|weakest|slowest",
     "меньш низк мал слаб плох худш немногочисл", "меньше ниже хуже слабее менее"),
    ("most", None, "most|largest|biggest|highest|greatest|top|maximum|best|strongest|busiest",
     "больш высок крупн многочисл сильн лучш", "больше выше лучше крупнее сильнее"),
)  # fmt: skip
_ALONE = {
    ("most", "date"): r"последн(?:им|ей|ий|яя|ее)",
    ("least", "date"): r"перв(?:ым|ой|ый|ая|ое)",
    ("least", None): r"наи(?:меньш|низш|худш)\w+|наименее|минимальн\w+",
    ("most", None): r"наи(?:больш|высш|лучш)\w+|наиболее|максимальн\w+|крупнейш\w+",
}
_THAN_ALL = r"(?:все(?:го|х)|друг\w+|остальн\w+)"
_LIMITS: tuple[tuple[Want, str], ...] = (  # with "at" where the figure fits too
    ("above", r"(?P<at>at least|(?:no|not) (?:less|fewer) than|не (?:менее|меньше|ниже))"),
    ("below", r"(?P<at>at most|(?:no|not) more than|не (?:более|больше|выше))"),
    ("above", r"(?:more|greater|higher|larger|longer) than|over|above|exceed\w*|beyond"
              r"|более|больше|свыше|выше|превы\w+|дольше"),
    ("below", r"(?:less|fewer|lower|smaller|shorter) than|under|below|менее|меньше|ниже|короче"),
)  # fmt: skip
_COMPARATIVES: tuple[tuple[Sort | None, str], ...] = (
    ("duration", r"(?:last\w* )?(?:longer|shorter)|дольше|короче"),
    ("date", "earlier|later|sooner|before or after|раньше|позже|позднее"),
    ("money", r"cheaper|costlier|more expensive|cost\w* (?:more|less)|дешевле|дороже"),
    (None, r"more|less|fewer|higher|lower|larger|smaller|bigger|greater|better|worse|than|compar\w+"
           r"|versus|vs|difference|differ|больше|меньше|более|менее|выше|ниже|лучше|хуже|чем|сравн\w+"
           r"|разниц\w+|отлича\w+|крупнее|быстрее"),
)  # fmt: skip
_BEYOND = 24  # characters between "more than" and its figure: "over the 40", "more than EUR 1,000"


def _rule(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def _superlative_rules() -> Iterator[Rule]:
    for want, sort, english, adjectives, comparatives in _SUPERLATIVES:
        forms = [
            rf"(?:last\w* )?(?:the )?(?:{english})",
            rf"(?:сам\w+|наиболее|наименее) (?:{'|'.join(adjectives.split())})\w*",
            rf"(?:{'|'.join(comparatives.split())}) {_THAN_ALL}",
        ]
        yield want, sort, _rule("|".join([*forms, *filter(None, [_ALONE.get((want, sort))])]))


_SUPERLATIVE_RULES = tuple(_superlative_rules())
_LIMIT_RULES = tuple((want, _rule(words)) for want, words in _LIMITS)
_COMPARATIVE_RULES = tuple((sort, _rule(words)) for sort, words in _COMPARATIVES)


def wanted_of(question: str) -> Wanted | None:
    """What the question wants compared; None where it compares nothing."""
    return _limit(question) or _superlative(question) or _side_by_side(question)


def superlative_in(text: str) -> tuple[int, int] | None:
    """Where a text itself says that something is the greatest or least; None where it does not."""
    found = _superlative(text)
    return found.words[0] if found else None


def _superlative(question: str) -> Wanted | None:
    for want, sort, rule in _SUPERLATIVE_RULES:
        if found := rule.search(question):
            return Wanted(want, sort, (found.span(),))
    return None


def _limit(question: str) -> Wanted | None:
    figures = find_figures(question, question_language(question))
    for want, rule in _LIMIT_RULES:
        for found in rule.finditer(question):
            near = (one for one in figures if 0 <= one.start - found.end() <= _BEYOND)
            if figure := next(near, None):
                words = found.span(), (figure.start, figure.end)
                return Wanted(want, None, words, figure.value, "at" in (found.lastgroup or ""))
    return None


def _side_by_side(question: str) -> Wanted | None:
    for sort, rule in _COMPARATIVE_RULES:
        if found := tuple(one.span() for one in rule.finditer(question)):
            return Wanted("beside", sort, found)
    return None
