"""Why a passage is among the results, in plain words of the reader's language."""

from index.types import Evidence, Hit
from rag.ui.i18n import Translator

SAME, NAME = " = ", " ~ "  # how the search joins two wordings of a term, and two spellings


def reasons(hit: Hit, say: Translator) -> list[str]:
    """Sentences on the evidence for a hit, the most telling first. Plain text, not markup."""
    legs = {evidence.leg: evidence for evidence in hit.evidence}
    lexical = legs.get("lexical")
    found = _words(lexical, say) if lexical else []
    if not found:
        found.append(say.t("search.why_meaning_alone"))
    if "subject" in legs and legs["subject"].terms:
        found.append(say.t("search.why_subject", words=", ".join(legs["subject"].terms)))
    places = []
    if "sentence" in legs:
        places.append(say.t("search.why_sentence", place=say.number(legs["sentence"].rank)))
    if "late" in legs:
        places.append(say.t("search.why_late", place=say.number(legs["late"].rank)))
    if "dense" in legs:
        places.append(say.t("search.why_dense", place=say.number(legs["dense"].rank)))
    if lexical and lexical.rank:
        places.append(say.t("search.why_lexical", place=say.number(lexical.rank)))
    if places:
        found.append(say.t("search.why_places", places=", ".join(places)))
    return found


def _words(lexical: Evidence, say: Translator) -> list[str]:
    """What of the query stands in the passage: words, other wordings, other spellings."""
    words = [term for term in lexical.terms if SAME not in term and NAME not in term]
    wordings = [term for term in lexical.terms if SAME in term]
    spellings = [term.replace(NAME, SAME) for term in lexical.terms if NAME in term]
    found = []
    if words:
        found.append(say.t("search.why_words", words=", ".join(words)))
    if wordings:
        found.append(say.t("search.why_wordings", words=", ".join(wordings)))
    if spellings:
        found.append(say.t("search.why_spellings", words=", ".join(spellings)))
    return found
