"""The steps of a generated answer, in order; `chain` puts them together.

Each takes the work so far and yields events and the work for the next step, or `done`, which ends
the chain. A model that fails ends it too: with the extractive answer and one sentence why.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain as joined

from langchain_core.runnables import AddableDict

from index.types import Hit
from rag.answering.by_sentence import by_sentence
from rag.answering.followup import resolve
from rag.answering.pipeline import Stopwatch
from rag.answering.question import read_question
from rag.generation import prompts
from rag.generation.budget import counter
from rag.generation.failures import ModelFailure
from rag.generation.finish import fallback, finished, refusal
from rag.generation.framing import sources_of
from rag.generation.gate import load_gates
from rag.generation.mending import requoted
from rag.generation.parse import Form, Unreadable, reading, schema
from rag.generation.suspicion import is_addressed
from rag.generation.types import Verdict
from rag.generation.work import Asked, Parts, Work

_LOG = logging.getLogger(__name__)
_LONGEST_TRANSLATION = 60  # tokens
Step = Callable[[Parts, Work], Iterator[AddableDict]]


def understand(parts: Parts, asked: Asked) -> Iterator[AddableDict]:
    """The question as it is meant, and its language. Raises `QuestionError`."""
    watch = Stopwatch()
    with watch.stage("read"):
        plain = read_question(asked.question, parts.pipeline.settings.max_question)
        meant = resolve(plain.text, asked.before)
    yield AddableDict(searching={"question": meant, "language": plain.language})
    deadline = time.monotonic() + parts.options.timeout
    yield AddableDict(work=Work(asked, deadline, watch, plain.language, meant))


def retrieve(parts: Parts, work: Work) -> Iterator[AddableDict]:
    """The extractive answer, and the passages for the model; what speaks to models is left out."""
    with work.watch.stage("extractive"):
        plain = parts.pipeline.answer(
            work.asked.question, where=work.asked.where, before=work.asked.before
        )
    work = replace(work, plain=plain)
    if plain.answerer == "catalogue":
        yield AddableDict(done=plain)
        return
    with work.watch.stage("search"):
        try:
            hits = _hits(parts, work)
        except ModelFailure as failure:
            yield AddableDict(done=fallback(work, failure))
            return
    kept = list(_harmless(hits))
    titles = {
        hit.chunk.document_id: parts.reader.document(hit.chunk.document_id).title for hit in kept
    }
    framed = sources_of(kept, titles=titles)
    sources = prompts.within(framed, parts.options.prompt_tokens, counter(parts))
    yield AddableDict(sources=[source.hit.chunk.id for source in sources])
    if not sources:
        yield AddableDict(done=plain)
        return
    yield AddableDict(work=replace(work, sources=sources))


def _hits(parts: Parts, work: Work) -> list[Hit]:
    """The best passages; for a Russian question, if set, also those for its translation."""
    wanted = parts.options.passages
    order, where = by_sentence(parts.searcher), work.asked.where
    hits = list(parts.searcher.find(work.meant, wanted, where=where, rescorer=order).hits)
    if not parts.options.translate or work.language != "ru":
        return hits
    asked = prompts.translate(work.meant, "en")
    english = parts.talker.write(asked, work.deadline, _LONGEST_TRANSLATION).strip()
    if not any(map(str.isalnum, english)):
        return hits
    limit = parts.pipeline.settings.max_question
    more = parts.searcher.find(english[:limit], wanted, where=where, rescorer=order).hits
    turns = joined.from_iterable(zip(hits, more, strict=False))
    return list({hit.chunk.id: hit for hit in (*turns, *hits, *more)}.values())[:wanted]


def _harmless(hits: list[Hit]) -> Iterator[Hit]:
    for hit in hits:
        if is_addressed(hit.chunk.text):
            _LOG.warning("passage %s speaks to models; it is left out", hit.chunk.id)
        else:
            yield hit


def gate(parts: Parts, work: Work) -> Iterator[AddableDict]:
    """Refuse when the extractive answerer does, or the passages probably do not answer."""
    plain = work.plain
    assert plain is not None
    model = None
    with work.watch.stage("gate"):
        if parts.options.gate:
            try:
                model = parts.talker.probability_of_yes(_messages(parts, work, "gate"))
            except ModelFailure as failure:
                yield AddableDict(done=fallback(work, failure))
                return
    gates = load_gates()
    judge = gates.get(work.language, gates["en"])
    probability = judge.probability(plain.confidence, model)
    work = replace(work, probability=probability)
    refused = not plain.answered or (model is not None and probability < judge.threshold)
    yield AddableDict(done=refusal(parts, work)) if refused else AddableDict(work=work)


def compose(parts: Parts, work: Work) -> Iterator[AddableDict]:
    """Claims from the model, each checked as soon as it is complete."""
    verdicts: list[Verdict] = []
    try:
        with work.watch.stage("compose"):
            try:
                for verdict in _claims(parts, work, "question"):
                    verdicts.append(verdict)
                    yield from _shown(verdict)
            except Unreadable as error:
                _LOG.info("the model's answer %s", error)
                if not any(verdict.supported for verdict in verdicts):
                    verdicts += _again(parts, work, verdicts)
    except ModelFailure as failure:
        yield AddableDict(done=fallback(work, failure))
        return
    yield AddableDict(work=replace(work, verdicts=tuple(verdicts)))


def _again(parts: Parts, work: Work, verdicts: list[Verdict]) -> list[Verdict]:
    """One more try after an answer that could not be read. Raises `ModelFailure`."""
    if not parts.options.repair:
        raise ModelFailure("unreadable")
    try:
        return list(_claims(parts, work, "repair", verdicts))
    except Unreadable as error:
        raise ModelFailure("unreadable") from error


def mend(parts: Parts, work: Work) -> Iterator[AddableDict]:
    """One more try for sentences that failed; what still fails is withheld."""
    failed = [verdict for verdict in work.verdicts if not verdict.supported]
    mended = list(requoted(failed, parts.checker, work)) if failed else []
    for verdict in mended:
        yield from _shown(verdict)
    done = {verdict.claim.sentence for verdict in mended}
    failed = [verdict for verdict in failed if verdict.claim.sentence not in done]
    if failed and parts.options.repair and time.monotonic() < work.deadline:
        with work.watch.stage("repair"):
            try:
                for verdict in _claims(parts, work, "repair", failed):
                    mended.append(verdict)
                    yield from _shown(verdict)
            except (ModelFailure, Unreadable) as error:
                _LOG.info("the second attempt failed: %s", error)
    supported = {verdict.claim.sentence for verdict in mended if verdict.supported}
    again = len(supported - done)
    good = [v for v in work.verdicts if v.supported and v.claim.sentence not in supported]
    good += [verdict for verdict in mended if verdict.supported]
    withheld = max(0, len(failed) - again)
    yield AddableDict(
        checks={
            "shown": len(good),
            "withheld": withheld,
            "reasons": sorted({verdict.reason for verdict in failed}),
        }
    )
    yield AddableDict(done=finished(parts, work, good, failed, withheld))


def _shown(verdict: Verdict) -> Iterator[AddableDict]:
    if verdict.supported and verdict.source is not None:
        quote = verdict.source.hit.chunk.text[verdict.start : verdict.end]
        yield AddableDict(text=[(verdict.claim.sentence, quote)])


def _claims(
    parts: Parts, work: Work, name: str, failed: list[Verdict] | None = None
) -> Iterator[Verdict]:
    """The verdicts on what the model writes. Raises `ModelFailure` and `Unreadable`."""
    form = form_of(parts)
    reader = reading(form)
    messages = _messages(parts, work, name, prompts.problems_of(failed or []))
    wanted = schema([s.marker for s in work.sources], parts.options.claims)
    pieces = parts.talker.stream(messages, work.deadline, wanted if form == "json" else None)
    anything = False
    count = 0
    for piece in pieces:
        anything = anything or bool(piece.strip())
        for claim in reader.feed(piece):
            count += 1
            if count > parts.options.claims:
                return
            yield parts.checker.check(claim, work.sources, work.language, work.meant)
    if not anything:
        raise ModelFailure("empty")
    for claim in reader.finish():
        yield parts.checker.check(claim, work.sources, work.language, work.meant)


def _messages(parts: Parts, work: Work, name: str, problems: str = "") -> list:
    return prompts.ask(
        name,
        work.language,
        work.meant,
        work.sources,
        form_of(parts),
        parts.options.claims,
        problems,
    )


def form_of(parts: Parts) -> Form:
    """How the model is asked to write."""
    if parts.options.form != "auto":
        return parts.options.form
    return "json" if parts.talker.offers_schema else "lines"
