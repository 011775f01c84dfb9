"""Text to terms: the one way both documents and questions take into the lexical index."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from index.analysis import patterns, values
from index.analysis.names import name_keys
from index.analysis.stemming import Stemmer, fold, is_cyrillic, snowball
from index.analysis.types import Term, TermKind

# Changes whenever terms change: an index made with another revision is analysed anew.
ANALYSIS_REVISION = "snowball-4"

_DATES = ("iso", "dotted", "day_first", "month_first", "month_year")
_NUMBERS = ("grouped", "number", "plain_number")
_CERTAIN_MONTHS = frozenset(patterns.MONTHS) - {"may", "mar", "march", "dec", "jan", "мар", "сен"}
_FIGURES = re.compile(r"\d+")
_SEPARATORS = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009,.'’](?=\d)")
_RESOLUTION = re.compile(r"res/(\d+)")


@dataclass(frozen=True, slots=True)
class Analyzer:
    """Analyses text in English and Russian; other languages' words are kept as they are."""

    stem: Stemmer = field(default_factory=snowball)

    def terms(self, text: str, language: str = "") -> list[str]:
        """The terms of a text in reading order; `language` settles "1,234" (see parse_number)."""
        return [term.term for term in self.analyse(text, language)]

    def analyse(self, text: str, language: str = "") -> Iterator[Term]:
        """The terms of a text with the spans they come from, in reading order."""
        for match in patterns.SCANNER.finditer(text):
            kind = match.lastgroup  # the group that closed last: the alternative itself
            start, end = match.span()
            if kind in ("plain", "word"):
                yield from self._word(match.group(), start)
            elif kind is not None and kind in _DATES:
                yield from self._date(match.group(), kind, start, end)
            elif kind in _NUMBERS:
                yield from self._number(text, match.group(), start, end, language)
            elif kind == "reference":
                yield from self._reference(match.group(), start, language)
            elif kind == "section":
                yield Term("=" + match.group(), start, end, "code")
            else:
                yield from self._code(match.group(), start)

    def wordings(self, text: str, language: str, wanted: Collection[str]) -> dict[str, str]:
        """Those of the `wanted` terms that a text holds, with its first wording of each.

        Words are looked up one by one; numbers, dates and codes need the whole analysis.
        """
        found: dict[str, str] = {}
        if any(_may_stand(term, text) for term in wanted if term[:1] in "#@="):
            for term in self.analyse(text, language):
                if term.term in wanted:
                    found.setdefault(term.term, text[term.start : term.end])
            return found
        for match in patterns.WORD.finditer(text):
            for name, begin, end, _ in _word_terms(match.group(), self.stem):
                if name in wanted:
                    found.setdefault(name, match.group()[begin:end])
        return found

    def _word(self, word: str, start: int) -> Iterator[Term]:
        for term, begin, end, kind in _word_terms(word, self.stem):
            yield Term(term, start + begin, start + end, kind)

    def _date(self, text: str, kind: str, start: int, end: int) -> Iterator[Term]:
        year, month, day = values.parse_date(text, kind)
        for term in values.date_terms(year, month, day):
            yield Term(term, start, end, "number" if term[0] == "#" else "date")
        for word in re.finditer(r"[^\W\d_]{3,}", text):
            begin = start + word.start()
            yield Term(self.stem(fold(word.group())), begin, start + word.end(), "word")

    def _number(
        self, text: str, number: str, start: int, end: int, language: str
    ) -> Iterator[Term]:
        value = values.parse_number(number, language)
        if value is None:
            return
        yield Term("#" + values.decimal_text(value), start, end, "number")
        scale = patterns.SCALE_AFTER.match(text, end)
        if scale is not None and scale.lastgroup is not None:
            scaled = value.scaleb(int(scale.lastgroup[1:]))
            yield Term("#" + values.decimal_text(scaled), start, scale.end(), "number")

    def _reference(self, text: str, start: int, language: str) -> Iterator[Term]:
        term = values.reference_term(text)
        if term is not None:
            yield Term(term, start, start + len(text), "reference")
        for word in re.finditer(r"[^\W\d_]+", text):
            yield from self._word(word.group(), start + word.start())
        for number in re.finditer(r"\d+(?:\.\d+)*", text):
            begin, end = start + number.start(), start + number.end()
            if number.group().count(".") > 1:
                yield Term("=" + number.group(), begin, end, "code")
            else:
                yield from self._number(text, number.group(), begin, end, language)

    def _code(self, code: str, start: int) -> Iterator[Term]:
        end = start + len(code)
        ordinal = patterns.ORDINAL.fullmatch(code) or patterns.RUSSIAN_ORDINAL.fullmatch(code)
        if ordinal is not None:
            yield Term("#" + ordinal.group(1), start, end, "number")
            return
        whole = values.code_term(code)
        yield Term(whole, start, end, "code")
        if whole.endswith(")"):  # S/RES/2370 (2017) is asked for as S/RES/2370
            yield Term(whole.partition("(")[0], start, end, "code")
        resolution = _RESOLUTION.search(whole)
        if resolution is not None:
            yield Term("=res:" + resolution.group(1), start, end, "reference")
        for part in re.finditer(r"[^\W\d_]+|\d+", code):
            begin, finish = start + part.start(), start + part.end()
            if part.group().isdecimal():
                yield Term("#" + part.group(), begin, finish, "number")
            elif len(part.group()) > 1:
                yield Term(self.stem(fold(part.group())), begin, finish, "word")


def _may_stand(term: str, text: str) -> bool:
    """Whether the figures of a number or code occur in a text at all, however written.

    Months of dates are words: a date may always stand.
    """
    figures = None if term[0] == "@" else _FIGURES.search(term)
    return figures is None or figures.group().strip("0") in _SEPARATORS.sub("", text)


@lru_cache(maxsize=50_000)  # words repeat: a search analyses its hits again to show what matched
def _word_terms(word: str, stem: Stemmer) -> tuple[tuple[str, int, int, TermKind], ...]:
    """The terms of one word, with spans counted from its start."""
    found: list[tuple[str, int, int, TermKind]] = []
    parts = list(_parts(word))
    for begin, part in parts:
        folded = fold(patterns.APOSTROPHES.sub("", _singular(part)))
        if not folded:
            continue
        end = begin + len(part)
        if folded in _CERTAIN_MONTHS and len(folded) > 3:
            found.append((f"@-{patterns.MONTHS[folded]:02d}", begin, end, "date"))
        found.append((stem(folded), begin, end, "word"))
        if part[0].isupper():
            found += [(key, begin, end, "name") for key in name_keys(folded)]
    if len(parts) > 1:
        joined = fold(patterns.APOSTROPHES.sub("", patterns.JOINERS.sub("", word)))
        found.append((stem(joined), 0, len(word), "word"))
    return tuple(found)


def _parts(word: str) -> Iterator[tuple[int, str]]:
    """The pieces of a word joined by hyphens or slashes, with their offsets."""
    offset = 0
    for part in patterns.JOINERS.split(word):
        if part:
            yield offset, part
        offset += len(part) + 1


def _singular(word: str) -> str:
    """Without the English possessive ending, and acronyms without their plural: NPOs, FATF's."""
    if is_cyrillic(word):
        return word
    if len(word) > 2 and word[-2] in "'’ʼ" and word[-1] in "sS":
        return word[:-2]
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():
        return word[:-1]
    return word
