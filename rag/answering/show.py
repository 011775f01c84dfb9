"""A choice as it is shown: quotes with marks, a lead and a notice in the question's language."""

from collections.abc import Sequence

from index.reader import Reader
from index.types import Hit
from rag.answering.alignment import inside, nearness
from rag.answering.candidates import Candidate, quote_of
from rag.answering.choose import Choice
from rag.answering.disagreement import shown_values
from rag.answering.evidence import Evidence
from rag.answering.gloss import glosses
from rag.answering.grouping import Group
from rag.answering.judge import Missing
from rag.answering.language import question_language
from rag.answering.phrases import say
from rag.answering.pointed import reading_of
from rag.answering.sources import Passages
from rag.answering.spans import answer_span
from rag.answering.verify import cite
from rag.types import Citation, Sentence

_ALIGNED = 0.5  # centred cosine from which a word of the quote answers to a word of the question


def quoted(
    choice: Choice, passages: Passages, reader: Reader
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The chosen sentences that the source confirms, with their citations."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    evidence = choice.evidence
    if evidence is None or choice.outcome == "refusal":
        return (), ()
    for group in choice.groups:
        hit = passages.hits[group.passage]
        marker = str(len(citations) + 1)
        citation = cite(reader, quote_of(hit, group.start, group.end), marker)
        if citation is not None:
            citations.append(citation)
            sentences.append(_sentence(group, marker, citation.quote, passages, choice))
    return tuple(sentences), tuple(citations)


def _sentence(group: Group, marker: str, text: str, passages: Passages, choice: Choice) -> Sentence:
    at, evidence = group.passage, choice.evidence
    assert evidence is not None
    near = nearness(passages.question, passages.tokens[at])
    marks: list[tuple[int, int]] = []
    answer: tuple[int, int] | None = None
    for member in sorted(group.members, key=lambda member: member is not group.best):
        shift = member.start - group.start
        marks += [(s + shift, e + shift) for s, e in highlights(member, passages, evidence)]
        language = passages.hits[at].chunk.language
        asked = passages.query.text
        said = evidence.held.said(member)
        read = reading_of(choice.pointed, at, member.start, member.end)
        places = passages.spans[at]
        span = answer_span(evidence.kind, member, language, asked, near, places, said, read)
        span = choice.marked.get(member, span)
        if span is not None and answer is None:
            answer = (span[0] + shift, span[1] + shift)
    own = question_language(passages.query.text)
    notes = glosses(text, passages.hits[at].chunk.language, own)
    aids = tuple((note.start, note.end, note.meaning) for note in notes)
    return Sentence(text, (marker,), tuple(sorted(marks)), answer, aids)


def highlights(
    candidate: Candidate, passages: Passages, evidence: Evidence
) -> tuple[tuple[int, int], ...]:
    """The words of a candidate that answer to the question's weighty words, by alignment of their
    tokens, so across languages too; spans of the candidate's text, whole words."""
    spans = passages.spans[candidate.passage]
    mask = inside(spans, candidate.start, candidate.end)
    tokens = passages.tokens[candidate.passage][mask]
    if not len(tokens):
        return ()
    weighty = [
        row
        for row, (start, end) in enumerate(passages.question_spans)
        if any(
            concept.surface.find(passages.query.text[start:end].strip()) >= 0
            for concept in evidence.concepts
        )
    ]
    if not weighty:
        return ()
    best = (passages.question[weighty] @ tokens.T).max(axis=0)
    found = [
        _word(candidate.text, int(start) - candidate.start, int(end) - candidate.start)
        for (start, end), score in zip(spans[mask], best, strict=True)
        if score >= _ALIGNED
    ]
    return merged([span for span in found if span[1] > span[0]])


def _word(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole word around a token, without what is no letter or digit at its ends."""
    start, end = max(start, 0), min(end, len(text))
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    while start < end and start and text[start - 1].isalnum():
        start -= 1
    while start < end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def merged(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def lead_and_notice(
    choice: Choice, shown: int, hits: Sequence[Hit], language: str
) -> tuple[str, str]:
    """What Kordon says itself before and after the quotes; only counts and the question's own
    words are filled in."""
    lacking = _lacking(choice.missing, language)
    if not shown:
        if not hits:
            return say("lead.refused", language), say("notice.nothing", language)
        notice = say("notice.refused", language)
        return say("lead.refused", language), f"{lacking} {notice}".strip()
    if choice.lead:
        lead = say(choice.lead.key, language, **choice.lead.values, shown=shown)
    elif choice.values:
        lead = say("lead.differ", language, values=shown_values(choice.values, language))
    else:
        lead = say("lead.one" if shown == 1 else "lead.many", language, count=shown)
    if choice.outcome == "caveat":
        return lead, f"{lacking} {say('notice.caveat', language)}".strip()
    return lead, ""


def _lacking(missing: Missing, language: str) -> str:
    """What the question names and the passages do not, as a sentence or two; "" for nothing."""
    marks = "“{}”" if language == "en" else "«{}»"
    said = []
    for key, words in (
        ("notice.missing", missing.names),
        ("notice.number", missing.numbers),
        ("notice.year", missing.years),
    ):
        if words:
            said.append(say(key, language, named=", ".join(map(marks.format, words))))
    return " ".join(said)
