"""Questions whose answering sentence is known: TyDi QA (en), MuSeRC (ru) and half of XQuAD; and
half of ObliQA, whose answering passages are.

XQuAD is parallel, so it gives all four pairs of question and text language. Its articles and the
documents of ObliQA with even numbers are for fitting, the others for reporting; nothing is fitted
on the latter. `role` says how the questions are encoded.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.analysis.words import terms_of
from index.encoders.base import Encoder
from rag.answering.fitting.texts import Role, Texts, encoded, joined

_TYDI_PASSAGES = 2_500
_MUSERC_PASSAGES = 450
_OBLIQA_DOCUMENTS = 40
_COVERED = 0.6


@dataclass(frozen=True, slots=True)
class Asked:
    """Question number `question` is answered at characters `spans` of passage `passage`; `exact`
    says that the spans are the answer itself and not only its sentence. `twin` is the same answer
    in another passage: the translation, where both languages are in one index."""

    question: int
    passage: int
    spans: tuple[tuple[int, int], ...]
    exact: bool
    twin: "Asked | None" = None

    @property
    def places(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """The spans by passage."""
        return {self.passage: self.spans} | (self.twin.places if self.twin else {})


@dataclass(frozen=True, slots=True)
class Task:
    """Questions over passages, in one pair of languages. `misses` are answered by no passage and
    nearly by theirs; `titles` and `headings` are what the passages stand under, where that is
    known."""

    name: str
    questions: Texts
    passages: Texts
    asked: tuple[Asked, ...]
    misses: tuple[Asked, ...] = ()
    titles: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


def tydiqa(encoder: Encoder, data: Path, cache: Path, role: Role = "question") -> Task:
    """TyDi QA GoldP English train (Clark et al. 2020), the first 2,500 paragraphs."""
    file = data / "tydiqa" / "tydiqa.goldp.en.train.json"
    paragraphs = [
        paragraph
        for article in json.loads(file.read_text("utf-8"))["data"]
        for paragraph in article["paragraphs"]
    ][:_TYDI_PASSAGES]
    questions: list[str] = []
    asked: list[Asked] = []
    for place, paragraph in enumerate(paragraphs):
        for entry in paragraph["qas"]:
            asked.append(_exact(len(questions), place, entry["answers"][0]))
            questions.append(entry["question"])
    texts = [paragraph["context"] for paragraph in paragraphs]
    return Task(
        "tydiqa",
        encoded(encoder, questions, "en", role, cache / "tydiqa_q.npz"),
        encoded(encoder, texts, "en", "passage", cache / "tydiqa_par.npz"),
        tuple(asked),
    )


def muserc(encoder: Encoder, data: Path, cache: Path, role: Role = "question") -> Task:
    """MuSeRC (Fenogenova et al. 2020): the answering sentences are those whose stems cover a true
    answer best; questions without such a sentence, or with more than three, are left out."""
    rows = [
        json.loads(line)["passage"]
        for name in ("val", "train")
        for line in (data / "muserc" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ][:_MUSERC_PASSAGES]
    questions: list[str] = []
    asked: list[Asked] = []
    for place, row in enumerate(rows):
        spans = numbered_sentences(row["text"])
        for entry in row["questions"]:
            gold = _covering(row["text"], spans, entry["answers"])
            if 0 < len(gold) <= 3:
                asked.append(Asked(len(questions), place, tuple(gold), False))
            questions.append(entry["question"])
    texts = [row["text"] for row in rows]
    return Task(
        "muserc",
        encoded(encoder, questions, "ru", role, cache / "muserc_q.npz"),
        encoded(encoder, texts, "ru", "passage", cache / "muserc_par.npz"),
        tuple(asked),
    )


def xquad(
    encoder: Encoder, data: Path, cache: Path, *, fit: bool, role: Role = "question"
) -> Iterator[Task]:
    """XQuAD (Artetxe et al. 2020) in four pairs of languages, then with the passages of both
    languages together; one half of its articles."""
    kept = {}
    for language in ("en", "ru"):
        file = data / "xquad" / f"xquad.{language}.json"
        articles = json.loads(file.read_text("utf-8"))["data"]
        texts: list[str] = []
        questions: list[str] = []
        asked: list[Asked] = []
        for number, article in enumerate(articles):
            for paragraph in article["paragraphs"]:
                for entry in paragraph["qas"]:
                    if (number % 2 == 0) == fit:
                        place = len(texts)
                        asked.append(_exact(len(questions), place, entry["answers"][0]))
                    questions.append(entry["question"])
                texts.append(paragraph["context"])
        kept[language] = (
            encoded(encoder, questions, language, role, cache / f"xquad_{language}_q.npz"),
            encoded(encoder, texts, language, "passage", cache / f"xquad_{language}_par.npz"),
            tuple(asked),
        )
    for asking in ("en", "ru"):
        for telling in ("en", "ru"):
            name = f"xquad {asking}-{telling}"
            yield Task(name, kept[asking][0], kept[telling][1], kept[telling][2])
    both = joined(kept["en"][1], kept["ru"][1])
    shift = len(kept["en"][1].texts)
    twins = tuple(
        replace(english, twin=replace(russian, passage=russian.passage + shift))
        for english, russian in zip(kept["en"][2], kept["ru"][2], strict=True)
    )
    for asking in ("en", "ru"):
        yield Task(f"xquad {asking}-both", kept[asking][0], both, twins)


def obliqa(encoder: Encoder, data: Path, cache: Path, role: Role = "question") -> Task:
    """ObliQA dev (Gokhan et al. 2024): obligations in rulebooks, those of even numbers. Several
    passages may answer, and which of their sentences do is not known: the spans are the whole."""
    folder = data / "obliqa"
    texts: list[str] = []
    numbers: dict[tuple[int, str], int] = {}
    for document in range(2, _OBLIQA_DOCUMENTS + 1, 2):
        path = folder / "StructuredRegulatoryDocuments" / f"{document}.json"
        for row in json.loads(path.read_text("utf-8")):
            numbers.setdefault((row["DocumentID"], row["PassageID"]), len(texts))
            texts.append(row["Passage"])
    questions: list[str] = []
    asked: list[Asked] = []
    for row in json.loads((folder / "ObliQA_dev.json").read_text("utf-8")):
        keys = [(part["DocumentID"], part["PassageID"]) for part in row["Passages"]]
        answer: Asked | None = None
        for place in sorted({numbers[key] for key in keys if key in numbers}):
            span = (0, len(texts[place]))
            answer = Asked(len(questions), place, (span,), False, answer)
        if answer is not None and all(key in numbers for key in keys):
            asked.append(answer)
            questions.append(row["Question"])
    return Task(
        "obliqa",
        encoded(encoder, questions, "en", role, cache / "obliqa_q.npz"),
        encoded(encoder, texts, "en", "passage", cache / "obliqa_par.npz"),
        tuple(asked),
    )


def numbered_sentences(text: str) -> list[tuple[int, int]]:
    """MuSeRC writes "(1) ... (2) ...": the spans between the numbers."""
    marks = list(re.finditer(r"\(\d+\)\s*", text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        (mark.end(), mark.end() + len(text[mark.end() : end].rstrip()))
        for mark, end in zip(marks, ends, strict=True)
        if text[mark.end() : end].strip()
    ]


def _exact(question: int, passage: int, answer: dict) -> Asked:
    start = int(answer["answer_start"])
    return Asked(question, passage, ((start, start + len(answer["text"])),), True)


def _covering(
    text: str, spans: list[tuple[int, int]], answers: list[dict]
) -> list[tuple[int, int]]:
    stems = [{term.term for term in terms_of(text[start:end], "ru")} for start, end in spans]
    found: set[tuple[int, int]] = set()
    for answer in answers:
        wanted = {term.term for term in terms_of(answer["text"], "ru")}
        if not answer["label"] or not wanted or not stems:
            continue
        covered = [len(wanted & own) / len(wanted) for own in stems]
        if max(covered) >= _COVERED:
            found |= {spans[at] for at, share in enumerate(covered) if share == max(covered)}
    return sorted(found)
