"""What is known of each sentence that could be quoted, as one row of numbers.

`NAMES` are the columns and the keys of the ranker's weights; all values are of the order of 1.
Token vectors are those of the token store: centred per language, which removes most of what only
says "this is Russian" (decision 0501). With Q the question's tokens, w their weights (summing to 1)
and S a sentence's tokens, a match is sum_q w_q max_{s in S} cos(q, s).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.types import Hit, Spans, Vectors
from rag.answering.alignment import inside, nearness
from rag.answering.candidates import Candidate
from rag.answering.holdings import Holdings
from rag.answering.kinds import FIGURES, SPANNED, Kind
from rag.answering.patterns import DEFINING, is_marked, names_a_role
from rag.answering.question_kinds import focus_of
from rag.answering.sources import Passages
from rag.answering.spans import fitting_offers

Matrix = npt.NDArray[np.float32]

NAMES = (
    "match",
    "passage_match",
    "weighted_match",
    "weighted_passage_match",
    "with_previous",
    "with_next",
    "dense",
    "dense_passage",
    "token_match",
    "terms",
    "terms_in_context",
    "passage_terms",
    "names",
    "names_in_context",
    "numbers",
    "offers_figure",
    "lacks_figure",
    "offers_name",
    "lacks_name",
    "offers_exact",
    "offer_near",
    "focus",
    "marked",
    "defines",
    "new_words",
    "length",
    "short",
    "other_place",
    "other_year",
    "first",
    "title",
    "question",
    "rank",
    "neighbour",
    "same_language",
)

_NAMES = SPANNED - FIGURES
_WHO: frozenset[Kind] = frozenset(("person", "body"))
_BEFORE, _AFTER = 15, 45  # characters around a figure in which its unit stands
_SUMMED = ("dense", "dense_passage", "token_match")


def token_features(
    question: Vectors,
    weights: npt.NDArray[np.float32],
    tokens: Sequence[Vectors],
    spans: Sequence[Spans],
    candidates: Sequence[Candidate],
) -> dict[str, Matrix]:
    """The columns that rest on token vectors, each (n,)."""
    count = len(candidates)
    best = np.zeros((len(question), count), np.float32)  # of each question token in each sentence
    whole = np.zeros((len(question), len(tokens)), np.float32)  # and in each passage
    middle = _unit(weights @ question)
    columns = {name: np.zeros(count, np.float32) for name in _SUMMED}
    passage = np.array([candidate.passage for candidate in candidates])
    edges = np.array([(candidate.start, candidate.end) for candidate in candidates])
    for at in np.unique(passage[[len(tokens[each]) > 0 for each in passage]]):
        own, places = tokens[at], np.flatnonzero(passage == at)
        similar = question @ own.T
        whole[:, at] = similar.max(axis=1)
        columns["dense_passage"][places] = _unit(own.mean(axis=0)) @ middle
        held = inside(spans[at], edges[places, :1], edges[places, 1:])  # (sentences, tokens)
        told = held.any(axis=1)
        held, places = held[told], places[told]
        best[:, places] = np.where(held, similar[:, None], -np.inf).max(axis=2)
        share = (held / held.sum(axis=1, keepdims=True)).astype(np.float32)
        columns["token_match"][places] = share @ similar.max(axis=0)
        means = share @ own
        columns["dense"][places] = means @ middle / np.linalg.norm(means, axis=1)
    before, after = _neighbours(passage)
    columns["match"] = best.mean(axis=0)
    columns["passage_match"] = whole.mean(axis=0)[passage]
    columns["weighted_match"] = weights @ best
    columns["weighted_passage_match"] = (weights @ whole)[passage]
    columns["with_previous"] = weights @ np.maximum(best, best[:, before])
    columns["with_next"] = weights @ np.maximum(best, best[:, after])
    return columns


def text_features(
    kind: Kind,
    language: str,
    held: Holdings,
    hits: Sequence[Hit],
    candidates: Sequence[Candidate],
) -> dict[str, Matrix]:
    """The columns that rest on words, each (n,)."""
    rows = [_text_row(kind, language, held, hits, candidate) for candidate in candidates]
    return {name: np.array([row[name] for row in rows], np.float32) for name in rows[0]}


def focus_feature(
    kind: Kind, passages: Passages, asked: str, candidates: Sequence[Candidate]
) -> Matrix:
    """(n,) how well what is counted ("how many containers") is matched right around a figure of the
    sentence; 0 for questions that count nothing."""
    found = np.zeros(len(candidates), np.float32)
    focus = focus_of(passages.query.text) if kind in FIGURES else None
    if focus is None:
        return found
    rows = passages.question[inside(passages.question_spans, *focus)]
    if not len(rows):
        return found
    for place, candidate in enumerate(candidates):
        at = candidate.passage
        language = passages.hits[at].chunk.language
        for offer in fitting_offers(kind, candidate.text, language, asked):
            start = max(candidate.start, candidate.start + offer.start - _BEFORE)
            end = min(candidate.end, candidate.start + offer.end + _AFTER)
            near = passages.tokens[at][inside(passages.spans[at], start, end)]
            if len(near):
                match = float((rows @ near.T).max(axis=1).mean())
                found[place] = max(found[place], match)
    return found


def offer_feature(
    kind: Kind,
    passages: Passages,
    weights: npt.NDArray[np.float32],
    asked: str,
    candidates: Sequence[Candidate],
) -> Matrix:
    """(n,) how well the question is matched within 15 tokens around what a sentence offers as its
    answer; 0 for a sentence without an offer and for questions whose answer is no span."""
    found = np.zeros(len(candidates), np.float32)
    if kind not in SPANNED:
        return found
    near = [nearness(passages.question, tokens, weights) for tokens in passages.tokens]
    for place, candidate in enumerate(candidates):
        at = candidate.passage
        language = passages.hits[at].chunk.language
        for offer in fitting_offers(kind, candidate.text, language, asked):
            start = candidate.start + offer.start
            mask = inside(passages.spans[at], start, start + offer.end - offer.start)
            if mask.any():
                found[place] = max(found[place], float(near[at][mask].mean()))
    return found


def _text_row(
    kind: Kind, language: str, held: Holdings, hits: Sequence[Hit], candidate: Candidate
) -> dict[str, float]:
    hit = hits[candidate.passage]
    chunk = hit.chunk
    own = held.within(candidate.passage, candidate.start, candidate.end)
    near = own | held.context(candidate.passage, candidate.start)
    fresh = fitting_offers(kind, candidate.text, chunk.language, held.question)
    row = " | " in candidate.text
    open_end = candidate.text[-1] not in '.!?…;:»”")' and not row
    words = candidate.text.split()
    places, years = held.conflicts(candidate)
    return {
        "terms": held.share(own),
        "terms_in_context": held.share(near),
        "passage_terms": held.share(held.passage(candidate.passage)),
        "names": held.share(own, "name"),
        "names_in_context": held.share(near, "name"),
        "numbers": held.share(own, "number"),
        "offers_figure": float(kind in FIGURES and bool(fresh)),
        "lacks_figure": float(kind in FIGURES and not fresh),
        "offers_name": float(kind in _NAMES and bool(fresh)),
        "lacks_name": float(kind in _NAMES and not fresh and not _tells_who(kind, candidate)),
        "offers_exact": float(any(offer.kind == kind for offer in fresh)),
        "marked": float(is_marked(kind, candidate.text)),
        "defines": _defines(kind, held, candidate),
        "new_words": min(1.0, held.fresh_words(candidate) / 10),
        "length": min(1.5, len(words) / 40),
        "other_place": float(places),
        "other_year": float(years),
        "short": float(len(words) < 6 and not row),
        "first": float(candidate.order == 0),
        "title": float(open_end and len(words) < 14),
        "question": float(candidate.text.rstrip('»”" ').endswith("?")),
        "rank": 1 / hit.rank if hit.evidence else 0.0,
        "neighbour": float(not hit.evidence),
        "same_language": float(chunk.language == language),
    }


def _tells_who(kind: Kind, candidate: Candidate) -> bool:
    return kind in _WHO and names_a_role(candidate.text)


def _defines(kind: Kind, held: Holdings, candidate: Candidate) -> float:
    """How much of what is to be defined stands before the mark of a definition: "Mining: ..."."""
    mark = DEFINING.search(candidate.text, 0, 120) if kind == "definition" else None
    if mark is None:
        return 0.0
    start = candidate.start
    return held.share(held.within(candidate.passage, start, start + mark.start()))


def _neighbours(passage: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], ...]:
    """For each candidate the place of the sentence before and after it in the same passage, its
    own where there is none."""
    places = np.arange(len(passage))
    before, after = np.maximum(places - 1, 0), np.minimum(places + 1, len(passage) - 1)
    return (
        np.where(passage[before] == passage, before, places),
        np.where(passage[after] == passage, after, places),
    )


def _unit(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    unit: npt.NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
