"""XQuAD-R (LAReQA, Roy et al. 2020): find the sentence that answers, among all sentences."""

from pathlib import Path

from eval.datasets.squad import Paragraph, read_squad
from eval.types import MIXED, Dataset, Gold, Passage, Question

PAIRS = (("en", "en"), ("ru", "ru"), ("ru", "en"), ("en", "ru"), ("en", MIXED), ("ru", MIXED))


def load_xquad_r(folder: Path) -> Dataset:
    """Sentences of both languages are the corpus; the one that holds the answer is relevant."""
    sides = {code: read_squad(folder / f"{code}.json") for code in ("en", "ru")}
    passages = tuple(
        Passage(
            f"{code}:{number}.{index}",
            paragraph.context[start:end],
            code,
            "",
            _group(sides, number),
        )
        for code, side in sides.items()
        for number, paragraph in enumerate(side)
        for index, (start, end) in enumerate(paragraph.sentences)
        if paragraph.context[start:end].strip()
    )
    questions = tuple(
        _instance(sides, code, target, number, place)
        for code, target in PAIRS
        for number, paragraph in enumerate(sides[code])
        for place in range(len(paragraph.asked))
    )
    caveats = (
        "Sentences of both languages are one corpus; LAReQA's own figures search other sentences "
        "and are no match.",
    )
    return Dataset("xquad-r", str(folder), "CC BY-SA 4.0", questions, passages, caveats=caveats)


def _group(sides: dict[str, list[Paragraph]], number: int) -> str:
    return sides["en"][number].article


def _instance(
    sides: dict[str, list[Paragraph]], code: str, target: str, number: int, place: int
) -> Question:
    targets = ("en", "ru") if target == MIXED else (target,)
    gold = tuple(
        found for side in targets for found in _golds(sides[side][number], side, number, place)
    )
    asked = sides[code][number].asked[place]
    return Question(
        id=f"{asked.id}/{code}-{target}",
        text=asked.text,
        language=code,
        target=target,
        relevant=tuple(dict.fromkeys((found.document, 1) for found in gold)),
        gold=gold,
        group=_group(sides, number),
    )


def _golds(paragraph: Paragraph, side: str, number: int, place: int) -> list[Gold]:
    """The answer's place in its sentence; an answer that runs over the sentence's end is cut."""
    golds = []
    for start, text in paragraph.asked[place].answers:
        for index, (first, last) in enumerate(paragraph.sentences):
            if first <= start < last:
                end = min(start + len(text), last)
                quote = paragraph.context[start:end]
                sentence = f"{side}:{number}.{index}"
                golds.append(Gold(sentence, start - first, end - first, quote, quote))
    return golds
