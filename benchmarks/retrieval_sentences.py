"""XQuAD-R by way of the passages: the product searches passages and then chooses sentences.

The sentences of the best passages of a language are ranked as the answerer ranks them (its ranker
is fitted on TyDi QA and MuSeRC); all sentences of other passages come after them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from retrieval_data import LANGUAGES
from retrieval_real import Measured

from index.encoders.base import Encoder
from index.reader import Reader
from index.search.found import Found
from index.search.searcher import Searcher
from index.store import IndexStore
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


def measure_sentences(data: Path, home: Path, encoder: Encoder, every: int) -> Iterator[Measured]:
    """Average precision of the one right sentence, by language of question and text."""
    sets = {language: read(data, language) for language in LANGUAGES}
    reader = _index(home, sets, encoder)
    names = {record.id: record.path for record in reader.documents()}
    searcher = Searcher(reader, encoder)
    ranker = load_ranker(encoder.card.name, encoder.card.dimension)
    for asked in LANGUAGES:
        for number in range(0, len(sets[asked].asked), every):
            question = sets[asked].asked[number][0]
            found = searcher.find(question, _DEEP)
            for name in LANGUAGES:
                _, article, paragraph, right = sets[name].asked[number]
                own = _of_language(found, reader, name)
                scores = _scores(searcher, own, ranker, sets[name], names)
                rank = _rank(scores, (paragraph, right))
                row = f"XQuAD-R by passages {asked}-{name} mAP"
                yield Measured(row, "kordon", 1 / rank if rank else 0.0, article % 2 == 1)


def _index(home: Path, sets: dict[str, Sentences], encoder: Encoder) -> Reader:
    """The product's own index of all paragraphs, a file each, in both languages."""
    texts = home / "texts"
    texts.mkdir(parents=True, exist_ok=True)
    for language, held in sets.items():
        for number, paragraph in enumerate(held.paragraphs):
            path = texts / f"{language}_{number}.txt"
            if not path.is_file() or path.read_text("utf-8") != paragraph:
                path.write_text(paragraph, "utf-8")
    store = IndexStore(home)
    with store.writer(encoder) as writer:
        writer.add([texts])
    return store.open()


def _of_language(found: Found, reader: Reader, name: str) -> Found:
    """The best passages of one language in their order within the mixed index."""
    kept = [at for at, row in enumerate(found.rows) if reader.languages[row] == name][:_PASSAGES]
    hits = tuple(found.hits[at] for at in kept)
    return replace(found, hits=hits, rows=found.rows[kept])


def _scores(
    searcher: Searcher, found: Found, ranker: Ranker, held: Sentences, names: dict[str, str]
) -> dict[tuple[int, int], float]:
    """(paragraph, sentence) -> the score of the best candidate that overlaps it."""
    passages = gather(searcher, found, ranker.question_means)
    evidence = weigh(passages, found.query.language, ranker)
    scores: dict[tuple[int, int], float] = {}
    if evidence is None:
        return scores
    for candidate, score in zip(evidence.candidates, evidence.scores.tolist(), strict=True):
        chunk = passages.hits[candidate.passage].chunk
        paragraph = int(Path(names[chunk.document_id]).stem.split("_")[1])
        start, end = chunk.start + candidate.start, chunk.start + candidate.end
        for number, (begin, finish) in enumerate(held.spans[paragraph]):
            if begin < end and start < finish:
                key = (paragraph, number)
                scores[key] = max(score, scores.get(key, -np.inf))
    return scores


def _rank(scores: dict[tuple[int, int], float], right: tuple[int, int]) -> int | None:
    """The place of the right sentence, None where its passage was not found."""
    if right not in scores:
        return None
    return 1 + sum(score > scores[right] for score in scores.values())


def _distance(span: tuple[int, int], at: int) -> int:
    """0 inside the span, else how far before it or after it."""
    return max(span[0] - at, at - span[1] + 1, 0)
