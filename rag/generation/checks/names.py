"""Every name in a sentence has to stand in the quoted text, in whichever script and case.

A name is found by its stem in its own script, by its sound in the other one (`index.analysis`),
by the tables of places, of terms (`index/data/glossary.tsv`) and of words that names are made of
(`rag/data/name_words.tsv`): "Security Council" is «Совет Безопасности».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.names import crossed, is_loose, name_keys
from index.analysis.places import places_of
from index.analysis.stemming import fold, is_cyrillic, snowball
from index.analysis.stopwords import STOPWORDS
from index.analysis.words import terms_of, words_of
from index.search.glossary import own_glossary
from rag.answering.dates import find_dates
from rag.generation.checks.counterparts import counterparts

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_DOLLARS = re.compile(  # the country there is part of a unit
    r"(?:долл\w*\.?\s+США|US\s+dollars?|US\$|\b[A-Z]{3}(?=\s?\d))", re.IGNORECASE
)
_PREPOSITIONS = {
    "согласно", "благодаря", "несмотря", "помимо", "кроме", "вместо", "вопреки", "ввиду",
    "according", "despite", "following", "besides", "unlike", "since", "pursuant",
}  # fmt: skip
# What points at something named before: "the project", "it", «программа».
_POINTS = re.compile(
    r"\b(?:(?:the|this|its) (?:project|programme|program|initiative|fund|centre|center|agency|unit|"
    r"committee|service|office|network|bank|company|institution|agreement|law|convention|hotline)|"
    r"it|they|he|she|их|его|её|ее|он|она|оно|они|проект\w*|программ\w+|инициатив\w+|фонд\w*|центр\w*|"
    r"агентств\w+|подразделени\w+|комитет\w*|служб\w+|управлени\w+|банк\w*|соглашени\w+|закон\w*)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:^|[.!?:;]\s+|\n)[\W\d_]*$")


@dataclass(frozen=True, slots=True)
class Name:
    """One word of a name at characters [start, end), or a whole place."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=2_000)
def names_in(text: str, language: str) -> tuple[Name, ...]:
    """The words of names in `text`: words with a capital that do not just open a sentence.

    The opening word counts when another capitalised word follows it at once.
    """
    taken = [(date.start, date.end) for date in find_dates(text)]
    taken += [(t.start, t.end) for t in terms_of(text, language) if t.kind == "reference"]
    places = [(each.start, each.end) for each in places_of(text, language)]
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper() or any(s <= match.start() < e for s, e in taken):
            continue
        if len(word) < 2 or (fold(word) in STOPWORDS and not word.isupper()):
            continue
        opening = _OPENING.search(text[: match.start()]) and not word.isupper()
        if opening and not _opens_name(text, match, [*taken, *places]):
            continue
        found.append(Name(word, *match.span()))
    return tuple(found)


def _opens_name(text: str, word: re.Match[str], known: list[tuple[int, int]]) -> bool:
    """Whether the opening word of a sentence is followed at once by another word of a name, one
    that is no place, date or article by itself («Вклад Норвегии»)."""
    after = _WORD.match(text, word.end() + 1)
    if after is None or not after.group()[0].isupper() or fold(word.group()) in _PREPOSITIONS:
        return False
    return not any(start <= after.start() < end for start, end in known)


def lacking(sentence: str, language: str, quote: str, quote_language: str) -> list[Name]:
    """The names of the sentence that the quote does not hold."""
    places = {m.place.key for m in places_of(quote, quote_language)}
    held = _held(quote, quote_language)
    covered = [match.span() for match in _DOLLARS.finditer(sentence)]
    missing: list[Name] = []
    for mention in places_of(sentence, language):
        if any(start <= mention.start < end for start, end in covered):
            continue
        covered.append((mention.start, mention.end))
        word = sentence[mention.start : mention.end]
        # «Росси» is no Russia when the quote has "Rossi".
        if mention.place.key not in places and not held.has(word):
            missing.append(Name(word, mention.start, mention.end))
    covered += _terms_held(sentence, language, quote, quote_language)
    for name in names_in(sentence, language):
        if any(start <= name.start < end for start, end in covered):
            continue
        if not held.has(name.text):
            missing.append(name)
    return missing


def strange(
    sentence: str, language: str, quote: str, quote_language: str, asked: str, passage: str
) -> list[Name]:
    """As `lacking`, but for what the quote is about without naming it.

    "The budget of QALQAN is EUR 5" may rest on "Total budget: EUR 5", and "Hokkai pays for QALQAN"
    on "The project is paid for by Hokkai", when the question asks for QALQAN and `passage` (the
    title, the heading and what stands before the quote) names it.
    """
    missing = lacking(sentence, language, quote, quote_language)
    refers = _POINTS.search(quote) is not None
    if not missing or (_names_itself(quote, quote_language) and not refers):
        return missing
    return [
        name
        for name in missing
        if lacking(f"x {name.text}", language, asked, language)
        or lacking(f"x {name.text}", language, passage, quote_language)
    ]


def _names_itself(quote: str, language: str) -> bool:
    units = [match.span() for match in _DOLLARS.finditer(quote)]
    starts = [name.start for name in names_in(quote, language)]
    starts += [place.start for place in places_of(quote, language)]
    return any(not any(one <= start < end for one, end in units) for start in starts)


@dataclass(frozen=True, slots=True)
class _Held:
    """What a quote holds: stems of its words, and keys of the sounds of its names."""

    stems: frozenset[str]
    keys: frozenset[str]

    def has(self, word: str) -> bool:
        """Whether the word, or each part of a hyphenated one, is in the quote."""
        parts = [part for part in re.split(r"[-‐‑]", _POSSESSIVE.sub("", word)) if part]
        return all(self._has(part) for part in parts)

    def _has(self, word: str) -> bool:
        folded = fold(word)
        stem = snowball()(folded)
        if stem in self.stems or folded in self.stems:
            return True
        if not self.stems.isdisjoint(counterparts(stem)):
            return True
        exact = [key for key in name_keys(folded) if not is_loose(key)]
        same = self.keys.intersection(exact) if is_cyrillic(folded) else ()
        return bool(same) or not self.keys.isdisjoint(map(crossed, exact))


@lru_cache(maxsize=2_000)
def _held(quote: str, language: str) -> _Held:
    stem = snowball()
    words = [_POSSESSIVE.sub("", match.group()) for match in _WORD.finditer(quote)]
    parts = [part for word in words for part in (word, *re.split(r"[-‐‑]", word)) if part]
    stems = {stem(fold(part)) for part in parts} | {fold(part) for part in parts}
    keys = {
        key
        for part in parts
        if part[0].isupper()
        for key in name_keys(fold(part))
        if not is_loose(key)
    }
    return _Held(frozenset(stems), frozenset(keys))


def _terms_held(
    sentence: str, language: str, quote: str, quote_language: str
) -> Iterator[tuple[int, int]]:
    """Spans of terms of the glossary whose other forms stand in the quote."""
    stems = [word.stem for word in words_of(quote, quote_language) if not word.stop]
    for match in own_glossary().matches(sentence, language):
        if any(_stands(form.terms, stems) for form in match.others):
            yield match.start, match.end


def _stands(terms: tuple[str, ...], stems: list[str]) -> bool:
    """Whether the terms follow each other in the text, "of" and "the" aside."""
    wanted = [term for term in terms if term not in STOPWORDS]
    size = len(wanted)
    places = range(len(stems) - size + 1)
    return size > 0 and any(stems[at : at + size] == wanted for at in places)
