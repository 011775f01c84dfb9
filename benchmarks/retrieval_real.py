"""The parts of the retrieval benchmark that run over files: FATF Recommendations and names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from retrieval_data import fatf, shingles
from retrieval_systems import systems

from index.encoders.base import Encoder
from index.reader import Reader
from index.store import IndexStore

ROOT = Path(__file__).parents[1]
# A chunk belongs to a Recommendation when this share of its runs of words stands in its text.
_INSIDE = 0.5


@dataclass(frozen=True, slots=True)
class Measured:
    """One question's figure of one system in one row of the table."""

    row: str
    system: str
    value: float
    held_out: bool = False


def measure_fatf(data: Path, home: Path, encoder: Encoder) -> Iterator[Measured]:
    """Title and first sentence of a Recommendation against the other language's text: R@1."""
    reader = _index(home, [data / "ctaml"], encoder)
    found = systems(reader, encoder)
    rows = np.asarray(reader.dense.rows())
    chunks = reader.chunks(rows)
    runs = [shingles(chunk.text) for chunk in chunks]
    names = {record.id: record.path for record in reader.documents()}
    source = np.array(["fatf_recommendations" in names[chunk.document_id] for chunk in chunks])
    for one in fatf(data):
        for asked, text in (("ru", "en"), ("en", "ru")):
            whole = shingles(one.texts[text])
            right = {
                int(row)
                for row, own, there in zip(rows, runs, source, strict=True)
                if there and own and len(own & whole) / len(own) >= _INSIDE
            }
            if not right:
                continue
            for what, question in zip(("title", "sentence"), one.asked[asked], strict=True):
                encoded = encoder.encode_queries([question], tokens=True)
                for system, ranking in found.named().items():
                    ranked = ranking(question, encoded)
                    ranked = ranked[reader.languages[ranked] == text]
                    hit = float(bool(len(ranked)) and int(ranked[0]) in right)
                    row = f"FATF {asked}-{text} {what} R@1"
                    yield Measured(row, system, hit, one.number % 2 == 1)
                    yield Measured("FATF all R@1", system, hit, one.number % 2 == 1)


def measure_names(data: Path, home: Path, encoder: Encoder) -> Iterator[Measured]:
    """Names and acronyms in the other script than the text's: one of the first five holds it."""
    sources = [ROOT / "corpus" / "samples"]
    if (data / "seeds").is_dir():
        sources.append(data / "seeds")
    reader = _index(home, sources, encoder)
    found = systems(reader, encoder)
    lines = (ROOT / "eval" / "data" / "names.jsonl").read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        asked = json.loads(line)
        if asked["collection"] == "seeds" and len(sources) == 1:
            continue
        question, language = asked["question"], asked["where"]
        encoded = encoder.encode_queries([question], tokens=True)
        for system, ranking in found.named().items():
            ranked = ranking(question, encoded)
            if language:
                ranked = ranked[reader.languages[ranked] == language]
            texts = [chunk.text.lower() for chunk in reader.chunks(ranked[:5])]
            hit = float(any(asked["expected"].lower() in text for text in texts))
            yield Measured("names hit@5", system, hit, number % 2 == 1)


def _index(home: Path, sources: list[Path], encoder: Encoder) -> Reader:
    """The product's own index of these files, brought up to date."""
    store = IndexStore(home)
    with store.writer(encoder) as writer:
        writer.add(sources)
    return store.open()
