"""Everything that is computed about the candidates of one question, in one place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.types import Vectors
from rag.answering.alignment import inside
from rag.answering.candidates import Candidate, sentences_of
from rag.answering.concepts import Concept, concepts_of
from rag.answering.features import focus_feature, offer_feature, text_features, token_features
from rag.answering.holdings import Holdings
from rag.answering.judge import (
    Missing,
    concept_match,
    judge_row,
    missing_from,
    read_columns,
)
from rag.answering.kinds import Kind
from rag.answering.patterns import is_unreal
from rag.answering.question_kinds import question_kind
from rag.answering.ranker import Ranker, Row
from rag.answering.sources import Passages

_BEFORE, _AFTER = 200, 100  # characters around the best sentence that still speak of the same
_ABOUT = 0.3  # share of a document's chunks from which all of it is about what they name
_IN_PASSAGE, _NATIVE = 0.8, 0.5
_UNSAID, _PLACE_UNSAID = 0.7, 0.4  # gaps from which a quote does not say a name, a place
_OF_A_YEAR: frozenset[Kind] = frozenset(("count", "money", "percent"))
_NAME_MATCH = 0.55  # centred cosine from which a name counts as said in other words or letters


Place = tuple[int, int, int]  # passage, and characters [start, end) of its text


@dataclass(frozen=True, slots=True)
class Evidence:
    """Candidates in reading order with their feature `columns` and `scores` (n,).

    `kind` is what the question asks for.
    """

    kind: Kind
    concepts: tuple[Concept, ...]
    held: Holdings
    candidates: tuple[Candidate, ...]
    columns: dict[str, Row]
    scores: Row

    def order(self) -> list[int]:
        """Places of the candidates, best first."""
        return [int(place) for place in np.argsort(-self.scores, kind="stable")]


def weigh(passages: Passages, language: str, ranker: Ranker) -> Evidence | None:
    """All that speaks for each sentence; None when there is no sentence."""
    candidates = sentences_of(passages.hits)
    if not candidates:
        return None
    kind = question_kind(passages.query.text)
    concepts = concepts_of(passages.query, passages.rarity)
    weights = ranker.token_weights(passages.question)
    held = Holdings(concepts, passages.hits, passages.titles)
    columns = token_features(
        passages.question, weights, passages.tokens, passages.spans, candidates
    )
    columns |= text_features(kind, language, held, passages.hits, candidates)
    columns["offer_near"] = offer_feature(kind, passages, weights, held.question, candidates)
    columns["focus"] = focus_feature(kind, passages, held.question, candidates)
    return Evidence(
        kind,
        concepts,
        held,
        tuple(candidates),
        columns,
        ranker.scores(columns),
    )


def _unsaid(evidence: Evidence, passages: Passages, best: Candidate) -> dict[str, float]:
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


def judged(
    evidence: Evidence,
    passages: Passages,
    cited: Sequence[Place],
    ranker: Ranker,
    odds: Sequence[float] = (),
    again: Sequence[float] = (),
) -> tuple[Row, Missing]:
    """The row for the calibration, and what the question names that none of the `cited` places
    says, the best first. `odds` and `again` are those of `reading.Quotes`."""
    matches = {
        at: max(
            concept_match(
                concept,
                passages.query.text,
                passages.question,
                passages.question_spans,
                passages.tokens[passage],
            )
            for passage, _, _ in cited
        )
        for at, concept in enumerate(evidence.concepts)
        if concept.sort == "name"
    }
    lacking = missing_from(evidence.held, [each[0] for each in cited], matches, _NAME_MATCH)
    whole = sum(concept.weight for concept in evidence.concepts) or 1.0
    shares = [
        sum(c.weight for c in evidence.concepts if c.surface in said and c.sort == sort) / whole
        for said, sort in ((lacking.names, "name"), (lacking.numbers, "number"))
    ]
    alike = passages.question @ passages.tokens[cited[0][0]].T
    weights = ranker.token_weights(passages.question)
    heavy = weights >= np.median(weights)
    least = float(alike.max(axis=1)[heavy].min()) if alike.size else 0.0
    best = _quoted(evidence, cited[0])[0]
    row = judge_row(
        best,
        evidence.scores,
        evidence.columns,
        [candidate.passage for candidate in evidence.candidates],
        list(matches.values()),
        _unsaid(evidence, passages, evidence.candidates[best])
        | {"names_missing": shares[0], "numbers_missing": shares[1], "least_match": least}
        | read_columns(odds, again),
    )
    missing = _unsaid_anywhere(evidence, passages, cited)
    if evidence.kind in _OF_A_YEAR and _of_other_years(evidence, cited[0]):
        years = tuple(one.surface for one in evidence.concepts if one.is_year)
        numbers = tuple(one for one in missing.numbers if one not in years)
        missing = Missing(missing.names, numbers, years)
    return row, missing


def _quoted(evidence: Evidence, place: Place) -> list[int]:
    """The sentences of the quote at this place, best first."""
    passage, start, end = place
    return [
        at
        for at in evidence.order()
        if (one := evidence.candidates[at]).passage == passage and start <= one.start < end
    ]


def _of_other_years(evidence: Evidence, place: Place) -> bool:
    """Whether the sentences of a quote that offer a figure all name other years than asked."""
    figures = evidence.columns["offers_figure"]
    telling = [at for at in _quoted(evidence, place) if figures[at] > 0.5]
    return bool(telling) and all(
        evidence.held.of_other_years(evidence.candidates[at]) for at in telling
    )


def _unsaid_anywhere(evidence: Evidence, passages: Passages, cited: Sequence[Place]) -> Missing:
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
