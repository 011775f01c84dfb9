"""Whether a sentence turns its quote round: negation, duty and permission, opposites.

Duty and permission are read as one of four: bound to, free not to, forbidden, allowed ("may not"
and «запрещено» are one). What is left of "not" and its like is compared as such. Opposites ("rose"
and "fell") stand in `rag/data/opposites.tsv`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.stemming import fold, snowball
from index.analysis.stopwords import STOPWORDS
from rag.generation.checks.opposites import opposed

_DUTIES = (
    (
        "free",
        r"(?:is|are|was|were|be) not (?:required|obliged|obligated|bound)|not (?:required|obliged)|"
        r"need not|(?:do|does|did) not (?:have|need) (?:to|the duty|a duty)|no (?:duty|"
        r"obligation|need)|"
        r"(?<!not )exempt\w*|(?<!not )relieved|не (?:обязан(?:а|о|ы)?|требуется|нужно|"
        r"должн\w+ был\w*)|"
        r"(?<!не )освобожд\w+|нет обязанности|без обязанности",
    ),
    ("bound", r"not exempt\w*|не освобожд\w+"),
    (
        "forbidden",
        r"(?:must|may|shall|can|could) not|mustn't|cannot|can't|(?:is|are|was|were) not "
        r"(?:allowed|permitted|entitled)|not (?:allowed|permitted|entitled)|forbid\w*|forbade|"
        r"prohibit\w*|banned|barred|не (?:должн\w+|мо(?:гут|жет|гла?|гли)|вправе|разреша\w+|"
        r"разрешен\w*|"
        r"разрешён\w*|допуска\w+|имеет права|имеют права|позвол\w+)|нельзя|(?<!не )запре\w+|"
        r"недопустим\w*",
    ),
    (
        "bound",
        r"must|shall|(?:is|are|was|were|be) (?:required|obliged|obligated)|requires?|obliges?|"
        r"(?:has|have|had) to(?= [a-z])|mandatory|compulsory|обязан(?:а|о|ы)?|обязыва\w+|"
        r"обязательн\w+|долж(?:ен|на|но|ны)|"
        r"необходимо|требу\w+|следует",
    ),
    (
        "allowed",
        r"may(?! \d)(?= [a-z])|allow\w*|permit\w*|entitled|(?<!\w)can(?= [a-z])|вправе|"
        r"мо(?:гут|жет)|можно|разреш\w+|допуска\w+|имеют право|имеет право",
    ),
)
_DUTY = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{rule})(?!\w)", re.IGNORECASE)) for kind, rule in _DUTIES
)
_LIMITS = re.compile(
    r"(?:no|not) (?:less|more|fewer|later|earlier|larger|higher)(?: than)?|not exceed\w*|"
    r"not only|не (?:менее|более|меньше|больше|позднее|позже|ранее|раньше|только|свыше|превыша\w+)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?<!\w)(?:not|no|never|neither|nor|none|nobody|nothing|\w+n['’]t|fail(?:s|ed)? to|unable|"
    r"refus(?:e|es|ed) to|failure to|non-\w+|не\w{4,}(?:ние|ния|нию|нием|нии|ата|аты|ате|ату)|не|"
    r"нет|ни|никогда|никто|никак\w+|ничего|отсутств\w+|отказ\w+)(?!\w)",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[;:()—]|,(?!\d)|\b(?:but|while|whereas|although|но|однако|хотя|тогда как)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stance:
    """The duties that a text speaks of, and whether anything else in it is negated."""

    duties: frozenset[str]
    negated: int


@lru_cache(maxsize=4_000)
def stance(text: str) -> Stance:
    """The stance of one text; duties are taken out before negations are counted."""
    found: set[str] = set()
    left = text
    for kind, rule in _DUTY:
        left, hits = rule.subn(" ", left)
        if hits:
            found.add(kind)
    left = _LIMITS.sub(" ", left)
    return Stance(frozenset(found), len(_NOT.findall(left)))


def relevant(sentence: str, quote: str) -> str:
    """`quote` without those clauses with a "not" that share no word or number with the sentence;
    both are in one language."""
    clauses = [clause for clause in _CLAUSES.split(quote) if clause.strip()]
    own = _stems(sentence)
    kept = [clause for clause in clauses if not stance(clause).negated or own & _stems(clause)]
    shared = any(own & _stems(clause) for clause in kept)
    return ", ".join(kept) if shared and len(kept) < len(clauses) else quote


def _stems(text: str) -> frozenset[str]:
    stem = snowball()
    words = [fold(word) for word in re.findall(r"\w+", text)]
    return frozenset(stem(word) for word in words if word not in STOPWORDS)


def flipped(sentence: str, quote: str) -> str:
    """What is turned round between quote and sentence, in a word or two; "" if nothing is."""
    said, source = stance(sentence), stance(quote)
    if bool(said.negated) != bool(source.negated) and not _same_by_duty(said, source):
        return "negation"
    if said.duties and source.duties and not _compatible(said.duties, source.duties):
        return "duty"
    if not said.duties and source.duties <= {"forbidden", "free"} and source.duties:
        return "" if said.negated else "duty"
    if not source.duties and said.duties & {"forbidden", "free"} and not source.negated:
        return "duty"
    return next(opposed(sentence, quote), "")


def _same_by_duty(said: Stance, source: Stance) -> bool:
    """ "No fine is imposed" and "is exempt from the fine" say the same with other words."""
    denied = {"forbidden", "free"}
    return bool(said.negated or said.duties & denied) == bool(
        source.negated or source.duties & denied
    )


def _compatible(said: frozenset[str], source: frozenset[str]) -> bool:
    return said <= source
