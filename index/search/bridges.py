"""Bridges between the scripts: variants of a question's words that other passages may use."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from index.analysis.analyzer import Analyzer
from index.analysis.names import crossed, is_loose, name_keys
from index.analysis.patterns import JOINERS
from index.analysis.places import places_of, stems_of
from index.analysis.stemming import fold, is_cyrillic
from index.analysis.stopwords import STOPWORDS
from index.search.dictionary import own_dictionary
from index.search.glossary import Glossary, Match
from index.search.question import Query, QueryTerm
from index.search.settings import SearchSettings

# What a loose key is worth beside an exact one, and another wording in the question's own language
# beside a translation.
_LOOSE = 0.4
_SAME_LANGUAGE = 0.5


@dataclass(frozen=True, slots=True)
class Bridges:
    """Adds variants to a question, each kind as the settings say."""

    analyzer: Analyzer
    glossary: Glossary
    settings: SearchSettings

    def extend(self, query: Query) -> Query:
        """The query with its own terms first and the variants after them."""
        variants: dict[str, QueryTerm] = {}
        own = {term.term for term in query.terms}
        for term in (
            *self._placed(query),
            *self._translated(query),
            *self._transliterated(query),
            *self._read(query),
        ):
            known = variants.get(term.term)
            if term.term not in own and (known is None or known.weight < term.weight):
                variants[term.term] = term
        return replace(query, terms=(*query.terms, *variants.values()))

    def _transliterated(self, query: Query) -> Iterator[QueryTerm]:
        if not self.settings.transliteration:
            return
        words = [word for word in query.words if word.kind == "word"]
        surfaces = list(dict.fromkeys(query.text[word.start : word.end] for word in words))
        named = [surface for surface in surfaces if surface[0].isupper()]
        # Who types no capitals at all does not mark names either.
        for surface in named or surfaces:
            compound = JOINERS.search(surface) is not None  # its parts come one by one
            if compound or (fold(surface) in STOPWORDS and not surface.isupper()):
                continue
            for key in name_keys(fold(surface)):
                weight = self.settings.transliteration_weight * (_LOOSE if is_loose(key) else 1.0)
                yield QueryTerm(crossed(key), weight, surface, surface, "transliteration")

    def _translated(self, query: Query) -> Iterator[QueryTerm]:
        if not self.settings.glossary:
            return
        for match in self.glossary.matches(query.text, query.language):
            yield from self._forms(match)

    def _placed(self, query: Query) -> Iterator[QueryTerm]:
        """The names of a place in all their cases: the stemmer parts "в Казахстане" from
        "Казахстан"."""
        if not self.settings.glossary:
            return
        for each in places_of(query.text, query.language):
            surface = query.text[each.start : each.end]
            for language in ("en", "ru"):
                name = each.place.name(language)
                same = (language == "ru") == is_cyrillic(surface)
                weight = 1.0 if same else self.settings.glossary_weight
                shown = surface if same else f"{surface} = {name}"
                for stem in stems_of(name):
                    yield QueryTerm(stem, weight, surface, shown, "glossary")

    def _read(self, query: Query) -> Iterator[QueryTerm]:
        if not self.settings.dictionary:
            return
        dictionary = own_dictionary()
        for term in (one for one in query.terms if one.via == "word"):
            readings = dictionary.readings(term.term)
            for stem, word in readings.items():
                weight = self.settings.dictionary_weight / len(readings) ** 0.5
                shown = f"{term.surface} = {word}"
                yield QueryTerm(stem, weight, term.surface, shown, "dictionary")

    def _forms(self, match: Match) -> Iterator[QueryTerm]:
        cyrillic = "\u0400" <= match.surface[0] <= "\u04ff"
        for form in match.others:
            same = cyrillic == ("\u0400" <= form.text[0] <= "\u04ff")
            weight = self.settings.glossary_weight * (_SAME_LANGUAGE if same else 1.0)
            weight /= len(form.terms) ** 0.5
            shown = f"{match.surface} = {form.text}"
            pairs = [f"&{one}_{two}" for one, two in pairwise(form.terms)]
            for term in (*form.terms, *pairs):
                if term not in STOPWORDS:
                    yield QueryTerm(term, weight, match.surface, shown, "glossary")
