"""What a question names: its content words with their weights and the other forms they go by.

The search already knows the question's terms and their variants (acronyms, glossary, other script);
a concept joins those of one word. Its weight is its rarity in the index (idf as in BM25).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from index.analysis.places import places_of
from index.search.question import Query, QueryTerm
from rag.answering.ordinals import ordinals_in

Sort = Literal["word", "name", "number"]
_TO_CYRILLIC = str.maketrans("abcehkmoptxy", "авсенкмортху")
_TO_LATIN = str.maketrans("авсенкмортху", "abcehkmoptxy")
_ACRONYM = re.compile(r"[A-ZА-ЯЁ]{2,6}")
YEAR = re.compile(r"#(?:19|20)\d\d")
# What makes a number that looks like a year that of an act, a section or a resolution.
_ACT_BEFORE = re.compile(
    r"(?:\d/|[§№]|\b(?:no|nos|sections?|articles?|resolutions?|u\.?s\.?c|стать\w{1,3}|ст|пункт\w{0,2}"
    r"|резолюци\w{1,3}|параграф\w{0,2}))\.?\s*$",
    re.IGNORECASE,
)
_SEASON = re.compile(r"\b((?:19|20)\d\d)/(\d\d(?:\d\d)?)\b")
_MARK = 20  # characters: longer than any of these
_TOLD_BY_NUMBER = re.compile(r"=\w+:(\d{3,})")
_ACT_AFTER = re.compile(r"/\d|-[А-ЯA-Z]")
# How a sentence ends. A full stop behind a short word may be that of an initial or an abbreviation.
_ENDS = re.compile(r"""(?:\w{4}["»”)]{0,2}\.|[?!…])["»”)]{0,2}$""")
_BEFORE_WORD = ' \t\n«"“(—–-'
_SURE = 0.35  # variants with less weight fit too many words


@dataclass(frozen=True, slots=True)
class Concept:
    """`surface` is the question's wording; a text holds the concept if it has one of `terms`, all
    of one of the `phrases`, or, for an acronym, words side by side with its initials. `years` are
    those of the terms that stand for years."""

    surface: str
    terms: frozenset[str]
    weight: float
    sort: Sort
    phrases: tuple[frozenset[str], ...] = ()
    years: frozenset[str] = frozenset()

    @property
    def is_place(self) -> bool:
        """Whether it is a place of the table."""
        return any(term.startswith("place:") for term in self.terms)

    @property
    def is_year(self) -> bool:
        """Whether it is a year."""
        return bool(self.years)

    @property
    def is_plain_name(self) -> bool:
        """Whether it is a name and not a place of the table."""
        return self.sort == "name" and not self.is_place

    @property
    def is_plain_number(self) -> bool:
        """Whether it is a number or a code and not a year."""
        return self.sort == "number" and not self.is_year

    def is_native(self, question: str) -> bool:
        """Whether texts in another language would have another word for it: an acronym, or a
        nickname in quotation marks."""
        if self.initials:
            return True
        place = question.find(self.surface)
        return place > 0 and question[place - 1] in "«“\"'‘"

    @property
    def initials(self) -> str:
        """The small letters of an acronym; "" for any other word."""
        return self.surface.lower() if _ACRONYM.fullmatch(self.surface) else ""


def concepts_of(query: Query, rarity: Mapping[str, float]) -> tuple[Concept, ...]:
    """The concepts of a question; `rarity` gives the idf of its terms (see `Query.terms`)."""
    own: dict[str, set[str]] = {}
    for term in query.terms:
        if term.via == "word":
            own.setdefault(term.surface, set()).add(term.term)
    places = {
        query.text[each.start : each.end]: each.place
        for each in places_of(query.text, query.language)
    }
    counted = {query.text[start:end]: term for start, end, term in ordinals_in(query.text)}
    found = []
    for surface, words in own.items():
        number = counted.get(surface)  # "ninth" is a number, and "twenty-ninth" another
        terms = words if number is None else {number}
        if _parted(surface, own) or _inside_code(surface, own):
            continue
        sort = _sort(query.text, surface, terms)
        keys = {f"place:{place.key}" for name, place in places.items() if surface in name}
        others = query.terms if number is None else ()
        variants = {term.term for term in others if _is_variant(term, surface)}
        weight = max(rarity.get(term, 0.0) for term in words)
        every = frozenset(terms | keys | variants | _look_alikes(terms) | _bare(terms))
        phrases = _phrases(query, surface)
        years = _years(query.text, surface, terms)
        found.append(Concept(surface, every, weight, "name" if keys else sort, phrases, years))
    return tuple(found)


def _years(text: str, surface: str, terms: set[str]) -> frozenset[str]:
    """The terms of a word that are years: not the 2024 of "Regulation 2024/1624" or of "§ 1957"."""
    years = frozenset(term for term in terms if YEAR.fullmatch(term))
    start = text.find(surface)
    return frozenset() if is_of_an_act(text, start, start + len(surface)) else years


def is_of_an_act(text: str, start: int, end: int) -> bool:
    """Whether a number at [start, end) is that of an act, not a year: the 1957 of "§ 1957", but
    neither of those of "2019/2020"."""
    before = _ACT_BEFORE.search(text, max(0, start - _MARK), start)
    if not text[start:end].isdigit() or not (before or _ACT_AFTER.match(text, end)):
        return False
    seasons = _SEASON.finditer(text, max(0, start - _MARK), end + _MARK)
    return all(int(one[2][-2:]) != (int(one[1]) + 1) % 100 for one in seasons)


def _parted(surface: str, own: Mapping[str, set[str]]) -> bool:
    """Whether a hyphenated word's parts are concepts of their own: their forms in the other script
    are known, the whole's are not."""
    parts = surface.split("-")
    return len(parts) > 1 and all(part in own for part in parts)


def _inside_code(surface: str, own: Mapping[str, set[str]]) -> bool:
    """Whether a word is only a part of a code: the 24 of "T-24", the first of "Article 5"."""
    return any(
        surface in re.split(r"[\s-]", other) and any(term[0] == "=" for term in terms)
        for other, terms in own.items()
        if other != surface
    )


def _look_alikes(terms: set[str]) -> set[str]:
    """Codes with the letters of the other script that look the same: "T-24", "Т-24"."""
    codes = [term for term in terms if term[0] == "="]
    return {code.translate(table) for code in codes for table in (_TO_CYRILLIC, _TO_LATIN)}


def _bare(terms: set[str]) -> set[str]:
    """The numbers of references that are told by them: "resolution 915" is "Order No. 915" in
    another language, but "Article 5" is no other 5."""
    found = (_TOLD_BY_NUMBER.fullmatch(term) for term in terms)
    return {f"#{match[1]}" for match in found if match}


def _is_variant(term: QueryTerm, surface: str) -> bool:
    """Whether a term is another form of the word: its sound in the other script, a reading of it,
    or a word of the glossary's entry for it."""
    if term.via == "dictionary":
        return surface == term.surface
    if term.via not in ("transliteration", "glossary") or term.weight < _SURE:
        return False
    if term.surface == surface and term.shown.count(" ") > 2:
        return term.term.startswith("&")  # of "NPO = non-profit organisation" no word says it alone
    return surface in re.split(r"[\s-]+", term.surface) or surface == term.surface


def _phrases(query: Query, surface: str) -> tuple[frozenset[str], ...]:
    """The many-word forms that the glossary has for one word of the question."""
    forms: dict[str, set[str]] = {}
    for term in query.terms:
        many = term.via == "glossary" and term.surface == surface and term.shown.count(" ") > 2
        if many and not term.term.startswith("&"):
            forms.setdefault(term.shown, set()).add(term.term)
    return tuple(frozenset(terms) for terms in forms.values() if len(terms) > 1)


def _opens_sentence(before: str) -> bool:
    """Whether the word behind this text is the first of a sentence, so that its capital says
    nothing."""
    rest = before.rstrip(_BEFORE_WORD)
    return not rest or "\n" in before[len(rest) :] or _ENDS.search(rest) is not None


def _sort(text: str, surface: str, terms: set[str]) -> Sort:
    if any(term[0] in "#@=" for term in terms):
        return "number"
    places = re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", text)
    starts = [each.start() for each in places]
    opening = bool(starts) and all(_opens_sentence(text[:start]) for start in starts)
    capital = surface[0].isupper() and (not opening or surface[1:2].isupper())
    return "name" if capital and not text.isupper() else "word"
