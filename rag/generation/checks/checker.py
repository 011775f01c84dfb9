"""All checks of one sentence, in an order in which each may rely on those before it."""

import re
from collections.abc import Sequence

from index.encoders.base import Encoder
from index.sentences import sentence_spans
from rag.generation.checks.binding import misbound
from rag.generation.checks.figures import Match, limits_broken, matched, miscounted
from rag.generation.checks.items import items_of
from rag.generation.checks.language import in_language
from rag.generation.checks.meaning import Entailment, load_entailment, row_of
from rag.generation.checks.names import strange
from rag.generation.checks.polarity import flipped, relevant
from rag.generation.checks.quotes import find_quote
from rag.generation.checks.values import Value, in_digits, values_of
from rag.generation.checks.vectors import Vectorizer
from rag.generation.suspicion import is_addressed
from rag.generation.types import Claim, Reason, Source, Verdict

_LINK = re.compile(r"https?:|www\.|\]\(|!\[|<[a-zA-Z/!]|javascript:|data:\w+/|\w@\w+\.\w", re.I)


class Checker:
    """Checks sentences against quotes; safe to call from several threads."""

    def __init__(self, encoder: Encoder, entailment: Entailment | None = None) -> None:
        self.vectors = Vectorizer(encoder)
        self.entailment = entailment or load_entailment()

    def check(
        self, claim: Claim, sources: Sequence[Source], language: str, asked: str = ""
    ) -> Verdict:
        """Whether `claim` may be shown to a reader who asked `asked` in `language`."""
        source = next((each for each in sources if each.marker == claim.marker), None)
        if source is None:
            return Verdict(claim, "marker", claim.marker)
        chunk = source.hit.chunk
        place = find_quote(claim.quote, source.framed, chunk.language)
        if place is None:
            return Verdict(claim, "quote", claim.quote[:80], source)
        quote = chunk.text[place.whole_start : place.whole_end]
        if is_addressed(chunk.text):  # what speaks to a model is no evidence, whoever quotes it
            return Verdict(claim, "quote", claim.quote[:80], source)
        before = chunk.text[: place.whole_end]
        about = (asked, f"{source.title}\n{chunk.heading}\n{before}")
        reason: Reason = ""
        detail = ""
        for start, end in sentence_spans(claim.sentence, language):
            said = claim.sentence[start:end]  # a lie may stand behind a true sentence
            reason, detail = self.problem(said, language, quote, chunk.language, about)
            if reason:
                break
        return Verdict(claim, reason, detail, source, place.whole_start, place.whole_end)

    def problem(
        self,
        sentence: str,
        language: str,
        quote: str,
        quote_language: str,
        about: tuple[str, str] = ("", ""),
    ) -> tuple[Reason, str]:
        """The first check that the sentence fails beside this quote, and on what; "" if none.

        `about` is the question and the passage around the quote.
        """
        if _LINK.search(sentence):
            return "link", sentence[:80]
        if not in_language(sentence, language):
            return "language", sentence[:80]
        said, source = in_digits(sentence), in_digits(quote)
        values, quoted = values_of(said, language), values_of(source, quote_language)
        matches, missing = matched(values, quoted)
        if missing:
            return "value", said[missing[0].start : missing[0].end]
        for match in limits_broken(matches, said, source):
            return "limit", said[match.value.start : match.value.end]
        for match in miscounted(matches, quoted):
            return "binding", said[match.value.start : match.value.end]
        for name in strange(said, language, source, quote_language, *about):
            return "name", name.text
        told = relevant(said, source) if language == quote_language else source
        turned = flipped(said, told)
        if turned:
            return "flip", turned
        return self._by_vectors(said, language, source, quote_language, matches, quoted)

    def _by_vectors(
        self,
        said: str,
        language: str,
        source: str,
        quote_language: str,
        matches: Sequence[Match],
        quoted: Sequence[Value],
    ) -> tuple[Reason, str]:
        texts, cosine = self.vectors.pair(said, language, source, quote_language)
        mine, theirs = items_of(said, language, matches, source, quote_language, quoted)
        wrong = misbound(texts[0], mine, texts[1], theirs)
        if wrong is not None:
            return "binding", said[wrong.start : wrong.end]
        row = row_of(*texts, cosine, language != quote_language)
        if not self.entailment.supports(row):
            return "meaning", f"{self.entailment.probability(row):.2f}"
        return "", ""
