"""The answer that is shown in the end: composed, refused, or extractive with a reason."""

from collections.abc import Sequence
from dataclasses import replace

from rag.answering.phrases import say as say_plainly
from rag.answering.verify import Quote, cite
from rag.generation import prompts
from rag.generation.failures import ModelFailure
from rag.generation.phrases import say
from rag.generation.types import Verdict
from rag.generation.work import Parts, Work
from rag.types import Answer, Citation, Sentence


def fallback(work: Work, failure: ModelFailure) -> Answer:
    """The extractive answer, with one sentence why."""
    assert work.plain is not None
    notice = " ".join(part for part in (failure.sentence(work.language), work.plain.notice) if part)
    return replace(work.plain, notice=notice, timings_ms=_timings(work))


def refusal(parts: Parts, work: Work) -> Answer:
    """That the documents do not answer, with the passages nearest to the question."""
    assert work.plain is not None
    if not work.plain.answered:
        return replace(work.plain, confidence=work.probability, timings_ms=_timings(work))
    return replace(
        work.plain,
        answered=False,
        confidence=work.probability,
        sentences=(),
        citations=(),
        related=tuple(source.hit for source in work.sources)[: parts.related],
        answerer=parts.name,
        lead=say_plainly("lead.refused", work.language),
        notice=say_plainly("notice.refused", work.language),
        timings_ms=_timings(work),
    )


def finished(
    parts: Parts, work: Work, good: Sequence[Verdict], failed: Sequence[Verdict], withheld: int
) -> Answer:
    """The supported sentences with their citations; the extractive answer when there is none."""
    assert work.plain is not None
    sentences, citations = _cited(parts, good)
    if not sentences:
        kinds = {verdict.reason for verdict in failed}
        if not failed:
            return refusal(parts, work)  # the model found nothing to quote
        return fallback(work, ModelFailure("language" if kinds == {"language"} else "unsupported"))
    notice = ""
    if withheld:
        key = "withheld.one" if withheld == 1 else "withheld.many"
        notice = say(key, work.language, count=withheld)
    if work.meant != work.asked.question.strip():
        understood = say_plainly("notice.understood", work.language, question=work.meant)
        notice = f"{understood} {notice}".strip()
    return Answer(
        question=work.asked.question,
        language=work.language,
        answered=True,
        confidence=work.probability,
        sentences=sentences,
        citations=citations,
        related=(),
        generation=parts.reader.generation,
        answerer=parts.name,
        prompt_digest=prompts.digest(),
        notice=notice,
        lead=say("lead", work.language),
        timings_ms=_timings(work),
    )


def _cited(
    parts: Parts, good: Sequence[Verdict]
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Each sentence once; each quote recomputed from the document and numbered once."""
    sentences: list[Sentence] = []
    citations: dict[tuple[str, int, int], Citation] = {}
    for verdict in good:
        if verdict.source is None or any(verdict.claim.sentence == s.text for s in sentences):
            continue
        chunk = verdict.source.hit.chunk
        start, end = chunk.start + verdict.start, chunk.start + verdict.end
        place = (chunk.document_id, start, end)
        if place not in citations:
            text = chunk.text[verdict.start : verdict.end]
            quote = Quote(chunk.id, chunk.document_id, start, end, text)
            citation = cite(parts.reader, quote, str(len(citations) + 1))
            if citation is None:
                continue
            citations[place] = citation
        sentences.append(Sentence(verdict.claim.sentence, (citations[place].marker,)))
    return tuple(sentences), tuple(citations.values())


def _timings(work: Work) -> dict[str, float]:
    return dict(work.watch.timings)
