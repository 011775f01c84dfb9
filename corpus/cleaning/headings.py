"""Which short pieces of text are headings, by rules that a person would give.

Named divisions ("Статья 12.", "Article 5", "Recommendation 10"), numbered titles, capitals, and
lines that are larger or bolder than the body. A heading is short and ends like no sentence.
"""

import re

_LONGEST = 220
_NUMBER = r"(?:[IVXLC]+|[ІVХ]+|\d+(?:[.\-]\d+)*)"
_DIVISIONS = tuple(
    (level, re.compile(rf"(?:{names})\s+(?:№\s*)?{_NUMBER}(?=[\s.:–—-]|$)", re.IGNORECASE))
    for level, names in (
        (1, "part|title|chapter|раздел|часть|глава|annex|appendix|приложение"),
        (2, "section|параграф|подраздел|module|модуль|тема|лекция"),
        (3, "article|статья|recommendation|рекомендация|case study|box|пример|кейс"),
    )
)
_ALONE = re.compile(
    r"(?:introduction|conclusions?|executive summary|foreword|preface|contents|table of contents"
    r"|glossary|bibliography|references|acronyms|abbreviations|annex|background|summary"
    r"|введение|заключение|содержание|оглавление|предисловие|преамбула|резюме|выводы|глоссарий"
    r"|словарь|перечень сокращений|список литературы|приложение|общие положения)\s*[:.]?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<n>(?:\d{1,2}|[IVX]{1,5}|[A-ZА-Я])(?:\.\d{1,2})*)[.)]?\s+(?=[«\"“(]?[A-ZА-ЯЁ])"
)
_SENTENCE_END = re.compile(r"[.;:,!?…]\W*$")
_CONTINUES = re.compile(
    r"(?:\b(?:the|a|an|of|to|in|and|or|for|by|with|on|at|и|в|на|с|по|о|об|от|для|или|к)|[-–—,(])$",
    re.IGNORECASE,
)


def heading_level(text: str, *, ratio: float = 1.0, bold: bool = False) -> int:
    """1-6 if `text` is a heading, else 0.

    `ratio` is the size of its letters against those of the body, `bold` whether all of it is bold.
    """
    words = text.split()
    letters = [char for char in text if char.isalpha()]
    if not letters or len(text) > _LONGEST or len(words) > 30:
        return 0
    named = _division(text, words)
    if named:
        return named
    if _ALONE.fullmatch(text):
        return 2
    if _SENTENCE_END.search(text) and not _is_capitals(letters):
        return 0
    return _by_form(text, words, letters, ratio, bold)


def is_capitals(text: str) -> bool:
    """Whether the text is written in capitals."""
    return _is_capitals([char for char in text if char.isalpha()])


def _division(text: str, words: list[str]) -> int:
    """Level of a named division: the name first, then a title or nothing, and no sentence."""
    for level, pattern in _DIVISIONS:
        match = pattern.match(text)
        if not match:
            continue
        rest = text[match.end() :].lstrip(" .:–—-")
        if not rest or ((rest[0].isupper() or not rest[0].isalpha()) and len(words) <= 25):
            ends = _SENTENCE_END.search(rest) if len(rest) > 60 else rest.endswith((";", ","))
            return 0 if ends else level
    return 0


def _by_form(text: str, words: list[str], letters: list[str], ratio: float, bold: bool) -> int:
    if _CONTINUES.search(text) or text[0].islower():
        return 0
    if _is_capitals(letters):
        enough = len(letters) >= 4 and (len(words) >= 2 or bold or ratio > 1.1 or len(letters) > 5)
        return (1 if ratio > 1.3 else 2) if enough and not text.endswith((";", ",")) else 0
    if ratio >= 1.15 and len(words) <= 25:
        return 1 if ratio >= 1.4 else 2
    numbered = _NUMBERED.match(text)
    if numbered and _is_number(numbered, words, bold) and len(text) <= 110 and len(letters) >= 5:
        return min(6, 2 + numbered["n"].count("."))
    return 3 if bold and len(text) <= 120 and len(words) >= 1 and len(letters) >= 4 else 0


def _is_number(match: re.Match[str], words: list[str], bold: bool) -> bool:
    """A number of a heading: with a dot or a bracket unless in bold, and no initial of a name."""
    marked = bold or "." in match[0] or ")" in match[0]
    return marked and (match[0][0].isdigit() or len(words) > 2)


def _is_capitals(letters: list[str]) -> bool:
    return len(letters) >= 3 and sum(char.isupper() for char in letters) >= 0.9 * len(letters)
