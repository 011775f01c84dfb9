"""XQuAD with half of the paragraphs taken out of the index: half of the questions have no answer.

The paragraphs that stay are of the same articles, so that an unanswerable question meets texts on
its own topic (a near miss) and a system must look closer than at the topic.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from eval.datasets.squad import load_xquad
from eval.types import Dataset


def load_xquad_refusal(folder: Path) -> Dataset:
    """In every article each second paragraph, by a fixed shuffle, is absent in both languages."""
    whole = load_xquad(folder)
    kept = _kept({passage.id.split(":")[1]: passage.group for passage in whole.passages})
    questions = tuple(
        question
        if question.relevant[0][0].split(":")[1] in kept
        else replace(question, relevant=(), gold=(), answerable=False, kind="taken out")
        for question in whole.questions
    )
    passages = tuple(p for p in whole.passages if p.id.split(":")[1] in kept)
    caveats = ("Half of the paragraphs are taken out: no figure here may be held against xquad's.",)
    return replace(
        whole, name="xquad-refusal", questions=questions, passages=passages, caveats=caveats
    )


def _kept(groups: dict[str, str]) -> frozenset[str]:
    kept: list[str] = []
    for turn, group in enumerate(sorted(set(groups.values()))):
        numbers = [number for number, own in groups.items() if own == group]
        numbers.sort(key=lambda number: hashlib.sha256(f"refusal {number}".encode()).digest())
        kept.extend(numbers[turn % 2 :: 2])  # of five, two and three in turn
    return frozenset(kept)
