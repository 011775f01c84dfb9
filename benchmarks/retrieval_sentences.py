"""XQuAD-R by way of the passages: the product searches passages and then chooses sentences.

The sentences of the best passages of a language are ranked as the answerer ranks them (its ranker
is fitted on TyDi QA and MuSeRC); all sentences of other passages come after them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
from retrieval_data import LANGUAGES
from retrieval_index import Encodings, PassageIndex
from retrieval_real import Measured

from index.encoders.base import Encoder
from index.reader import Reader
from index.search.searcher import Found, Searcher
from index.types import Encoded
from rag.answering.evidence import weigh
from rag.answering.ranker import Ranker, load_ranker
from rag.answering.sources import gather

_PASSAGES = 10  # of the counted language whose sentences are ranked
_DEEP = 40


@dataclass(frozen=True, slots=True)
class Sentences:
    """XQuAD-R of one language: paragraphs, the spans of their sentences, and per question its
    text, article, paragraph and the number of the right sentence in it."""

    paragraphs: list[str]
    spans: list[list[tuple[int, int]]]
    asked: list[tuple[str, int, int, int]]


def read(data: Path, language: str) -> Sentences:
    """XQuAD-R (Roy et al. 2020, LAReQA) in one language."""
    held = json.loads((data / "xquad_r" / f"{language}.json").read_text("utf-8"))["data"]
    found = Sentences([], [], [])
    for article, one in enumerate(held):
        for paragraph in one["paragraphs"]:
            breaks = [(int(a), int(b)) for a, b in paragraph["sentence_breaks"]]
            for qa in paragraph["qas"]:
                at = qa["answers"][0]["answer_start"]
                right = min(range(len(breaks)), key=lambda n: _distance(breaks[n], at))
                found.asked.append((qa["question"], article, len(found.paragraphs), right))
            found.paragraphs.append(paragraph["context"])
            found.spans.append(breaks)
    return found


def measure_sentences(data: Path, encodings: Encodings, every: int) -> Iterator[Measured]:
    """Average precision of the one right sentence, by language of question and text."""
    sets = {language: read(data, language) for language in LANGUAGES}
    texts = {name: encodings.of(f"xquad_{name}_par", one.paragraphs) for name, one in sets.items()}
    index = PassageIndex([(texts[name], name) for name in LANGUAGES])
    starts = {"en": 0, "ru": len(sets["en"].paragraphs)}
    searcher = Searcher(cast(Reader, index), cast(Encoder, encodings.encoder))
    ranker = load_ranker(encodings.encoder.card.name, encodings.encoder.card.dimension)
    for asked in LANGUAGES:
        questions = [one[0] for one in sets[asked].asked]
        encoded = encodings.of(f"xquad_{asked}_q", questions, questions=True)
        for number in range(0, len(questions), every):
            found = _deep(searcher, questions[number], encoded.encoded(number))
            for name in LANGUAGES:
                _, article, paragraph, right = sets[name].asked[number]
                own = _of_language(found, index, name)
                rank = _rank(searcher, own, ranker, sets[name], starts[name], (paragraph, right))
                row = f"XQuAD-R by passages {asked}-{name} mAP"
                yield Measured(row, "kordon", 1 / rank if rank else 0.0, article % 2 == 1)


def _deep(searcher: Searcher, question: str, encoded: Encoded) -> Found:
    return searcher.find(question, _DEEP, encoded=encoded)


def _of_language(found: Found, index: PassageIndex, name: str) -> Found:
    """The best passages of one language in their order within the mixed index."""
    kept = [at for at, row in enumerate(found.rows) if index.languages[row] == name][:_PASSAGES]
    hits = tuple(found.hits[at] for at in kept)
    return replace(found, hits=hits, rows=found.rows[kept])


def _rank(
    searcher: Searcher,
    found: Found,
    ranker: Ranker,
    held: Sentences,
    start: int,
    right: tuple[int, int],
) -> int | None:
    """The place of the right (paragraph, sentence) among the sentences of the passages found."""
    passages = gather(searcher, found, ranker.question_means)
    evidence = weigh(passages, found.query.language, ranker)
    if evidence is None:
        return None
    scores: dict[tuple[int, int], float] = {}
    for candidate, score in zip(evidence.candidates, evidence.scores.tolist(), strict=True):
        paragraph = int(found.rows[candidate.passage]) - start
        for number, (begin, end) in enumerate(held.spans[paragraph]):
            if begin < candidate.end and candidate.start < end:
                key = (paragraph, number)
                scores[key] = max(score, scores.get(key, -np.inf))
    if right not in scores:
        return None
    return 1 + sum(score > scores[right] for score in scores.values())


def _distance(span: tuple[int, int], at: int) -> int:
    """0 inside the span, else how far before it or after it."""
    return max(span[0] - at, at - span[1] + 1, 0)
