"""Several questions in one message, answered in turn: "What is hawala? Who uses it?"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answering.followup import resolve, telling_words
from rag.answering.phrases import say
from rag.types import Answer, Citation, Sentence

_END = re.compile(r"\?+\s+(?=[^\W\d_])")
_IF_SO = re.compile(r"\W*(?:if (?:so|yes|not|no)|or\b|если (?:да|нет|так)|или\b)", re.IGNORECASE)
_MOST = 4
_FEWEST = 2  # telling words of a further part that asks by itself


def parts_of(message: str) -> tuple[str, ...]:
    """The questions of a message, in their order; the message alone unless it has several that each
    ask by themselves or go on from the one before."""
    ends = [found.end() for found in _END.finditer(message)]
    cuts = [0, *ends, len(message)]
    parts = [message[start:end].strip() for start, end in zip(cuts, cuts[1:], strict=False)]
    asked = parts[-1].rstrip().endswith("?")
    if not 1 < len(parts) <= _MOST or not asked:
        return (message,)
    pairs = zip(parts, parts[1:], strict=False)
    asks = telling_words(parts[0]) > 0 and len(parts[0].split()) > 1
    return tuple(parts) if asks and all(_goes_on(one, two) for one, two in pairs) else (message,)


def _goes_on(before: str, part: str) -> bool:
    if _IF_SO.match(part):
        return False
    return resolve(part, before) != part or telling_words(part) >= _FEWEST


def in_turn(message: str, answers: Sequence[Answer]) -> Answer:
    """One answer that quotes for one question after another, and says which got none."""
    language = answers[0].language
    told = [answer for answer in answers if answer.answered]
    refused = [answer.question for answer in answers if not answer.answered]
    lead = answers[0].lead
    if told:
        special = (answer.lead for answer in told if not _is_plain(answer))
        lead = " ".join([say("lead.in_turn", language, count=len(answers)), *special])
    marks = "“{}”" if language == "en" else "«{}»"
    unanswered = (say("notice.part", language, question=marks.format(one)) for one in refused)
    notices = [*(answer.notice for answer in told), *(unanswered if told else [answers[0].notice])]
    sentences, citations = _renumbered(told)
    return replace(
        answers[0],
        question=message,
        answered=bool(told),
        confidence=min(answer.confidence for answer in told or answers),
        sentences=sentences,
        citations=citations,
        related=() if told else tuple(hit for answer in answers for hit in answer.related[:2]),
        answerer=told[0].answerer if told else answers[0].answerer,
        lead=lead,
        notice=" ".join(dict.fromkeys(filter(None, notices))),
        understood=answers[-1].understood,
        timings_ms=_together(answers),
    )


def _is_plain(answer: Answer) -> bool:
    """Whether a lead says only how many quotes follow."""
    many = say("lead.many", answer.language, count=len(answer.sentences))
    return answer.lead in (say("lead.one", answer.language), many)


def _renumbered(
    answers: Sequence[Answer],
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """All sentences and citations, with the markers counted through."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for answer in answers:
        markers = dict(_markers(answer.citations, len(citations)))
        citations += (replace(one, marker=markers[one.marker]) for one in answer.citations)
        sentences += (
            replace(one, markers=tuple(markers[each] for each in one.markers))
            for one in answer.sentences
        )
    return tuple(sentences), tuple(citations)


def _markers(citations: Sequence[Citation], before: int) -> Iterator[tuple[str, str]]:
    for place, citation in enumerate(citations, start=before + 1):
        yield citation.marker, str(place)


def _together(answers: Sequence[Answer]) -> dict[str, float]:
    stages = dict.fromkeys(stage for answer in answers for stage in answer.timings_ms)
    return {
        stage: round(sum(answer.timings_ms.get(stage, 0.0) for answer in answers), 2)
        for stage in stages
    }
