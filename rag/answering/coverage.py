"""What of the question a quote says, near it or elsewhere, and what it leaves unsaid."""

from collections.abc import Sequence

import numpy as np

from index.types import Vectors
from rag.answering.alignment import inside
from rag.answering.candidates import Candidate
from rag.answering.concepts import Concept
from rag.answering.evidence import Evidence, Place
from rag.answering.judge import Missing, concept_match
from rag.answering.patterns import is_unreal
from rag.answering.ranker import Row
from rag.answering.sources import Passages

_BEFORE, _AFTER = 200, 100  # characters around the best sentence that still speak of the same
_ABOUT = 0.3  # share of a document's chunks from which all of it is about what they name
_IN_PASSAGE, _NATIVE = 0.8, 0.5
_UNSAID, _PLACE_UNSAID = 0.7, 0.4  # gaps from which a quote does not say a name, a place


def gaps_at(
    passage: int, start: int, end: int, evidence: Evidence, passages: Passages
) -> tuple[dict[int, float], Row]:
    """For each concept that stands neither at [start, end) of a passage nor close before it, in
    its headings or the title, how far it is from being said there (1: not at all); and for every
    concept (n,) how well words around answer to it."""
    near = evidence.held.context(passage, start) | evidence.held.within(passage, start, end)
    tokens = passages.tokens[passage][
        inside(passages.spans[passage], start - _BEFORE, end + _AFTER)
    ]
    concepts = list(enumerate(evidence.concepts))
    said = [1.0 if at in near else _likeness(each, passages, tokens) for at, each in concepts]
    gaps = {
        at: 1 - _support(each, at in evidence.held.passage(passage), passage, passages, said[at])
        for at, each in concepts
        if at not in near
    }
    return gaps, np.array(said, np.float32)


def _support(concept: Concept, held: bool, passage: int, passages: Passages, like: float) -> float:
    """How far a name is said although it does not stand near: all of its document is about it; it
    stands elsewhere in the passage (no help for a place, of which a passage names many); words
    answer to it. Nicknames and acronyms are not expected in another language's texts."""
    chunk = passages.hits[passage].chunk
    share = passages.spread.get(concept.surface, {}).get(chunk.document_id, 0.0)
    support = min(1.0, share / _ABOUT)
    if concept.sort == "number" or concept.is_place:
        return support
    if held:
        support = max(support, _IN_PASSAGE)
    if chunk.language != passages.query.language and concept.is_native(passages.query.text):
        support = max(support, _NATIVE)
    return max(support, like)


def _likeness(concept: Concept, passages: Passages, tokens: Vectors) -> float:
    """How well tokens answer to a concept's words: 0 for a cosine of .3 or less, 1 from .8 on."""
    query = passages.query.text
    match = concept_match(concept, query, passages.question, passages.question_spans, tokens)
    return float(np.clip((match - 0.3) / 0.5, 0.0, 1.0))


def coverage_columns(evidence: Evidence, passages: Passages, best: Candidate) -> dict[str, float]:
    """What the question says and neither the best sentence does, nor what stands close to it: the
    columns of `judge` about single words of the question."""
    concepts = evidence.concepts
    gaps, said = gaps_at(best.passage, best.start, best.end, evidence, passages)
    weights = np.array([concept.weight for concept in concepts], np.float32)
    whole = float(weights.sum()) or 1.0
    heavy = weights >= np.median(weights) if len(weights) else weights > 0
    far = {at: gap for at, gap in gaps.items() if concepts[at].sort != "word"}
    return {
        "names_far": sum(float(weights[at]) for at in far if concepts[at].sort == "name") / whole,
        "name_gap": max((far[at] for at in far if concepts[at].is_plain_name), default=0.0),
        "place_gap": max((far[at] for at in far if concepts[at].is_place), default=0.0),
        "year_gap": float(any(concepts[at].is_year for at in far)),
        "number_gap": float(any(concepts[at].is_plain_number for at in far)),
        "uncovered": float(weights @ (1 - said)) / whole if len(said) else 0.0,
        "least_covered": float(said[heavy].min()) if heavy.any() else 1.0,
    }


def unsaid_anywhere(evidence: Evidence, passages: Passages, cited: Sequence[Place]) -> Missing:
    """Names, places, years and numbers of the question that no cited place says."""
    gaps = [gaps_at(*place, evidence, passages)[0] for place in cited]
    least = {
        at: min(gap.get(at, 0.0) for gap in gaps)
        for at, concept in enumerate(evidence.concepts)
        if concept.sort != "word"
    }
    unsaid = [evidence.concepts[at] for at, gap in least.items() if _is_unsaid(gap, at, evidence)]
    text = passages.query.text
    return Missing(
        _joined([one.surface for one in unsaid if one.sort == "name"], text),
        _joined([one.surface for one in unsaid if one.sort == "number"], text),
    )


def elsewhere(place: Place, evidence: Evidence, passages: Passages) -> int:
    """How many of the question's places, years and numbers a quote does not say, and one more when
    it tells what would have been: it may speak of something else."""
    passage, start, end = place
    unreal = is_unreal(passages.hits[passage].chunk.text[start:end])
    asked = is_unreal(passages.query.text)
    return int(unreal and not asked) + sum(
        _is_unsaid(gap, at, evidence)
        for at, gap in gaps_at(*place, evidence, passages)[0].items()
        if evidence.concepts[at].is_place or evidence.concepts[at].sort == "number"
    )


def _is_unsaid(gap: float, at: int, evidence: Evidence) -> bool:
    return gap > (_PLACE_UNSAID if evidence.concepts[at].is_place else _UNSAID)


def _joined(words: Sequence[str], text: str) -> tuple[str, ...]:
    """Words that stand side by side in the question as one: "European Union"."""
    found: list[str] = []
    for word in words:
        if found and f"{found[-1]} {word}" in text:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return tuple(found)
