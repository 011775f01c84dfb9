"""The bilingual glossary: forms of one concept that stand for each other in a search."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from corpus.errors import UsageError
from index.analysis.analyzer import Analyzer
from index.analysis.stopwords import STOPWORDS

_SHORT = 2  # letters up to which an acronym counts only in capitals: "US" is not "us"


@dataclass(frozen=True, slots=True)
class Form:
    """One wording of a concept and its terms in order; `acronym` if it is all capitals."""

    text: str
    terms: tuple[str, ...]
    acronym: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A form found in a question at `start:end`, and the other forms of its concept."""

    surface: str
    start: int
    end: int
    others: tuple[Form, ...]


class Glossary:
    """Looks up forms by their terms; case and endings do not matter, except in short acronyms."""

    def __init__(self, entries: Iterable[tuple[str, ...]], analyzer: Analyzer) -> None:
        """Each entry holds all forms of a concept."""
        self._analyzer = analyzer
        self._by_first: dict[str, list[tuple[Form, tuple[Form, ...]]]] = {}
        for entry in entries:
            forms = tuple(self._form(text) for text in entry)
            for form in forms:
                if form.terms:
                    others = tuple(one for one in forms if one.terms != form.terms)
                    self._by_first.setdefault(form.terms[0], []).append((form, others))

    def matches(self, question: str, language: str) -> Iterator[Match]:
        """Concepts named in the question; of forms that begin at one place the longest counts."""
        words = [term for term in self._analyzer.analyse(question, language) if term.kind == "word"]
        shouting = question.isupper()
        at = 0
        while at < len(words):
            found: tuple[Form, tuple[Form, ...]] | None = None
            for form, others in self._by_first.get(words[at].term, ()):
                there = tuple(word.term for word in words[at : at + len(form.terms)])
                surface = question[words[at].start : words[at].end]
                fits = there == form.terms and (shouting or _in_capitals(form, surface))
                if fits and (found is None or len(form.terms) > len(found[0].terms)):
                    found = (form, others)
            if found is None:
                at += 1
                continue
            last = at + len(found[0].terms) - 1
            start, end = words[at].start, max(word.end for word in words[at : last + 1])
            yield Match(question[start:end], start, end, found[1])
            at = last + 1

    def _form(self, text: str) -> Form:
        terms = [term.term for term in self._analyzer.analyse(text) if term.kind == "word"]
        return Form(text, tuple(terms), text.isupper())


def _in_capitals(form: Form, surface: str) -> bool:
    """Whether an acronym may be read in these letters."""
    ambiguous = len(surface) <= _SHORT or surface.lower() in STOPWORDS
    return not form.acronym or not ambiguous or surface.isupper()


def read_glossary(path: Path) -> list[tuple[str, ...]]:
    """The entries of a glossary file: English forms, a tab, Russian forms, divided by " | ".

    Raises `UsageError` if the file cannot be read or a line has no tab.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(
            f"The glossary {path} cannot be read ({reason}); correct it or search.glossary_file."
        ) from error
    return list(_entries(text, str(path)))


def shipped_glossary() -> list[tuple[str, ...]]:
    """The entries of the glossary that comes with Kordon."""
    text = files("index").joinpath("data", "glossary.tsv").read_text("utf-8")
    return list(_entries(text, "index/data/glossary.tsv"))


@cache  # a new generation gets a new searcher, and must not wait for this
def own_glossary() -> Glossary:
    """The glossary that comes with Kordon, analysed once per process."""
    return Glossary(shipped_glossary(), Analyzer())


def _entries(text: str, name: str) -> Iterator[tuple[str, ...]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        sides = line.split("\t")
        if len(sides) != 2 or not all(side.strip() for side in sides):
            raise UsageError(
                f"Line {number} of the glossary {name} is not English forms, one tab and Russian "
                "forms; correct it."
            )
        yield tuple(form.strip() for side in sides for form in side.split("|") if form.strip())
