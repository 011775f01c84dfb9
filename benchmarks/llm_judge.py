"""One question of `make bench-llm`: asked with the model and without, and compared with gold.

An answer is right when a sentence, or a quote under it, holds an expected wording; cited when a
quote does. "Before" looks at what the model wrote, "after" at what was shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from langchain_core.messages import BaseMessage

from index.types import Filter
from rag.assemble import View
from rag.generation.chain import Generated, chain_of
from rag.generation.checks.checker import Checker
from rag.generation.checks.language import in_language
from rag.generation.model import Talker
from rag.generation.types import Claim, Source, Verdict
from rag.generation.work import Asked
from rag.types import Answer, Citation


@dataclass(frozen=True)
class Judged:
    """What came of one question. Probabilities are of there being an answer."""

    id: str
    language: str
    answerable: bool
    extractive: float
    model: float | None
    answered: bool
    composed: bool
    right: bool
    cited: bool
    claims: int
    other_language: int
    turned_down: int
    right_before: bool
    cited_before: bool
    unsupported_shown: int
    plain_answered: bool
    plain_right: bool
    seconds: float
    notice: str


class Watched(Checker):
    """The checker, which keeps its verdicts."""

    def check(
        self, claim: Claim, sources: Sequence[Source], language: str, asked: str = ""
    ) -> Verdict:
        """As the checker's."""
        verdict = super().check(claim, sources, language, asked)
        self.verdicts.append(verdict)
        return verdict

    verdicts: list[Verdict]


class Asking(Talker):
    """The talker, which keeps the probability that the model gave."""

    yes: float | None = None

    def probability_of_yes(self, messages: Sequence[BaseMessage]) -> float | None:
        """As the talker's."""
        self.yes = super().probability_of_yes(messages)
        return self.yes


def judged(view: View, question: dict, seconds: float, answer: Answer, seen: "Seen") -> Judged:
    """The comparison of what was shown and written with the expected answers."""
    wanted = [expected["answer"] for expected in question["answers"]]
    plain = seen.plain
    written = [verdict.claim for verdict in seen.verdicts]
    return Judged(
        id=question["id"],
        language=question["language"],
        answerable=question["answerable"],
        extractive=round(plain.confidence, 4),
        model=None if seen.yes is None else round(seen.yes, 4),
        answered=answer.answered,
        composed=answer.answerer == "openai-compatible" and answer.answered,
        right=holds([s.text for s in answer.sentences], wanted) or quoted(answer, wanted),
        cited=quoted(answer, wanted),
        claims=len(written),
        other_language=sum(not in_language(c.sentence, question["language"]) for c in written),
        turned_down=sum(not verdict.supported for verdict in seen.verdicts),
        right_before=holds([claim.sentence for claim in written], wanted),
        cited_before=holds([v.claim.quote for v in seen.verdicts if v.reason != "quote"], wanted),
        unsupported_shown=unsupported(answer, view),
        plain_answered=plain.answered,
        plain_right=quoted(plain, wanted),
        seconds=round(seconds, 1),
        notice=answer.notice,
    )


@dataclass(frozen=True)
class Seen:
    """What the model said on the way, and the extractive answer to the same question."""

    verdicts: tuple[Verdict, ...]
    yes: float | None
    plain: Answer


def ask(view: View, question: str) -> tuple[Answer, Seen]:
    """Both answers."""
    answerer = view.pipeline
    assert isinstance(answerer, Generated)
    checker = Watched(view.searcher.encoder)
    checker.verdicts = []
    talker = Asking(answerer.parts.talker.model, answerer.llm)
    chain = chain_of(replace(answerer.parts, checker=checker, talker=talker))
    answer: Answer = chain.invoke(Asked(question))["done"]
    plain = answerer.extractive.answer(question)
    return answer, Seen(tuple(checker.verdicts), talker.yes, plain)


def holds(texts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether any text has any of the wanted wordings, white space and case aside."""
    plain = [" ".join(text.lower().split()) for text in texts]
    return any(" ".join(each.lower().split()) in text for each in wanted for text in plain)


def quoted(answer: Answer, wanted: Sequence[str]) -> bool:
    """Whether a quote under the answer has a wanted wording."""
    return answer.answered and holds([c.quote for c in answer.citations], wanted)


def unsupported(answer: Answer, view: View) -> int:
    """Shown sentences that a fresh look at the stored texts does not bear out."""
    if answer.answerer != "openai-compatible":
        return 0
    checker = Checker(view.searcher.encoder)
    known = {citation.marker: citation for citation in answer.citations}
    wrong = 0
    for sentence in answer.sentences:
        citation = known[sentence.markers[0]]
        text = view.reader.text(citation.document_id)[citation.start : citation.end]
        language = _language(view, citation)  # a document may hold passages in both
        about = (answer.question, view.reader.text(citation.document_id))
        reason, _ = checker.problem(sentence.text, answer.language, text, language, about)
        wrong += bool(reason) or text != citation.quote
    return wrong


def _language(view: View, citation: Citation) -> str:
    rows = view.reader.rows_of(Filter(documents=frozenset((citation.document_id,))))
    assert rows is not None
    chunks = {chunk.id: chunk for chunk in view.reader.chunks(rows)}
    return chunks[citation.chunk_id].language
