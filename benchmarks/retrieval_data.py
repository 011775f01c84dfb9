"""The data of the retrieval benchmark, read from ../shared/data; nothing of it is kept here."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages by language, questions by language with the numbers of the right passages.

    `groups[n]` is the article or document of question n: the odd ones were not used for fitting.
    Numbers count within the passages of one language. `documents[n]` is the document of passage n;
    where they are left out, every passage is one.
    """

    passages: dict[str, list[str]]
    questions: dict[str, list[str]]
    right: dict[str, list[list[int]]]
    groups: list[int]
    documents: list[int] | None = None


def xquad(data: Path) -> Collection:
    """XQuAD (Artetxe et al. 2020): 240 paragraphs and 1,190 questions, line-parallel."""
    passages: dict[str, list[str]] = {}
    questions: dict[str, list[str]] = {}
    right: dict[str, list[list[int]]] = {}
    groups: list[int] = []
    for language in LANGUAGES:
        held = json.loads((data / "xquad" / f"xquad.{language}.json").read_text("utf-8"))["data"]
        pairs = [(number, one) for number, art in enumerate(held) for one in art["paragraphs"]]
        passages[language] = [one["context"] for _, one in pairs]
        asked = [(place, qa) for place, (_, one) in enumerate(pairs) for qa in one["qas"]]
        questions[language] = [qa["question"] for _, qa in asked]
        right[language] = [[place] for place, _ in asked]
        groups = [pairs[place][0] for place, _ in asked]
    return Collection(passages, questions, right, groups)


def xquad_r(data: Path) -> Collection:
    """XQuAD-R (Roy et al. 2020, LAReQA): the sentence with the answer, among all sentences."""
    passages: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    questions: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    right: dict[str, list[list[int]]] = {language: [] for language in LANGUAGES}
    groups: list[int] = []
    for language in LANGUAGES:
        groups = []
        held = json.loads((data / "xquad_r" / f"{language}.json").read_text("utf-8"))["data"]
        for number, article in enumerate(held):
            for paragraph in article["paragraphs"]:
                before = len(passages[language])
                passages[language] += paragraph["sentences"]
                for qa in paragraph["qas"]:
                    at = qa["answers"][0]["answer_start"]
                    breaks = paragraph["sentence_breaks"]
                    inside = [n for n, (start, end) in enumerate(breaks) if start <= at < end]
                    nearest = min(range(len(breaks)), key=lambda n: abs(breaks[n][0] - at))
                    questions[language].append(qa["question"])
                    right[language].append([before + (inside[0] if inside else nearest)])
                    groups.append(number)
    return Collection(passages, questions, right, groups)


def obliqa(data: Path) -> Collection:
    """ObliQA dev (Gokhan et al. 2024): obligations in 40 financial rulebooks, English."""
    folder = data / "obliqa"
    texts: list[str] = []
    documents: list[int] = []
    numbers: dict[tuple[int, str], int] = {}
    for document in range(1, 41):
        path = folder / "StructuredRegulatoryDocuments" / f"{document}.json"
        for one in json.loads(path.read_text("utf-8")):
            numbers.setdefault((one["DocumentID"], one["PassageID"]), len(texts))
            texts.append(one["Passage"])
            documents.append(document)
    questions, right, groups = [], [], []
    for one in json.loads((folder / "ObliQA_dev.json").read_text("utf-8")):
        keys = [(part["DocumentID"], part["PassageID"]) for part in one["Passages"]]
        questions.append(one["Question"])
        right.append(sorted({numbers[key] for key in keys if key in numbers}))
        groups.append(keys[0][0])
    return Collection({"en": texts}, {"en": questions}, {"en": right}, groups, documents)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One FATF Recommendation: title and first sentence by language, whole texts by language."""

    number: int
    asked: dict[str, tuple[str, str]]
    texts: dict[str, str]


def fatf(data: Path) -> list[Recommendation]:
    """FATF Recommendations, English of 2025 and Russian of 2023."""
    found = []
    for line in (data / "fatf_parallel_dev.jsonl").read_text("utf-8").splitlines():
        held = json.loads(line)
        texts = {"en": held["en_2025_02"], "ru": held["ru_2023_02"]}
        asked = {language: _head(text) for language, text in texts.items()}
        found.append(Recommendation(int(held["id"][1:]), asked, texts))
    return found


def _head(text: str) -> tuple[str, str]:
    """Title and first sentence: the title ends at a star, or where the first sentence begins."""
    body = re.sub(r"^\d+\.\s*", "", text)
    first = "Countries|Financial institutions|Странам|Финансов"
    start = re.search(rf"\s*\*\s*|\s\d?\s?(?=(?:{first}))", body)
    title, rest = (body[: start.start()], body[start.end() :]) if start else ("", body)
    sentence = re.split(r"(?<=[.!?:])\s", rest, maxsplit=1)[0]
    return title.strip(), sentence.strip()


def shingles(text: str, width: int = 5) -> set[tuple[str, ...]]:
    """Runs of `width` words, to tell which chunks a text fills."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + width]) for at in range(len(words) - width + 1)}
