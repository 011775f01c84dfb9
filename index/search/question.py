"""A question as the search understands it: its language and its weighted terms."""

from dataclasses import dataclass
from typing import Literal

from corpus.errors import QuestionError
from index.analysis.analyzer import Analyzer
from index.analysis.pairs import pair_terms
from index.analysis.stopwords import STOPWORDS
from index.analysis.types import Term

Via = Literal["word", "pair", "transliteration", "glossary", "dictionary"]


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term looked up in the lexical index. `surface` is the question's own wording.

    A word weighs 1, its variants as much as `index.search.settings` says. `shown` is what a reader
    sees as evidence: the surface itself, or "ФАТФ = FATF" for a variant.
    """

    term: str
    weight: float
    surface: str
    shown: str
    via: Via = "word"


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood. `language` is that of most of its letters: "en" or "ru".

    `words` are the terms of its text with their places, `terms` what is looked up for them.
    """

    text: str
    language: str
    words: tuple[Term, ...]
    terms: tuple[QueryTerm, ...]


def question_language(text: str) -> str:
    """The language of most letters, by script: Cyrillic is "ru", anything else "en"."""
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in text)
    latin = sum(letter.isalpha() for letter in text) - cyrillic
    return "ru" if cyrillic > latin else "en"


def check_question(text: str, limit: int) -> str:
    """The question without outer blanks; raises `QuestionError` if it cannot be asked."""
    question = text.strip()
    if not any(letter.isalnum() for letter in question):
        raise QuestionError("The question has no words; type a question in English or Russian.")
    if len(question) > limit:
        raise QuestionError(
            f"The question has {len(question):,} characters; shorten it to at most {limit:,}."
        )
    return question


def understand(text: str, analyzer: Analyzer) -> Query:
    """The question with its own terms: words but for function words, and pairs of them.

    Function words count when there is nothing else.
    """
    language = question_language(text)
    words = tuple(term for term in analyzer.analyse(text, language) if term.kind != "name")
    found: dict[str, QueryTerm] = {}
    stopped: dict[str, QueryTerm] = {}
    shouting = text.isupper()
    for word in words:
        surface = text[word.start : word.end]
        acronym = surface.isupper() and len(surface) > 1 and not shouting
        group = stopped if surface.lower() in STOPWORDS and not acronym else found
        group.setdefault(word.term, QueryTerm(word.term, 1.0, surface, surface))
    for pair in pair_terms(text, words):
        surface = text[pair.start : pair.end]
        found.setdefault(pair.term, QueryTerm(pair.term, 1.0, surface, surface, "pair"))
    return Query(text, language, words, tuple((found or stopped).values()))
