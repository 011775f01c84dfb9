"""SQuAD form: articles of paragraphs with questions and answer spans (XQuAD, TyDi QA GoldP).

Rajpurkar et al. 2016; Artetxe et al. 2020 (XQuAD). Contexts are the corpus, questions the queries:
on XQuAD that reproduces the public XQuADRetrieval task.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.datasets.rows import Problems, RowError, list_of, read_json, text_of, whole_of
from eval.types import MIXED, Dataset, Gold, Passage, Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a paragraph; `answers` are (start, text) in its context."""

    id: str
    text: str
    answers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A context with its questions; `sentences` are spans where the form has them (XQuAD-R)."""

    article: str
    context: str
    asked: tuple[Asked, ...]
    sentences: tuple[tuple[int, int], ...] = ()


def read_squad(path: Path) -> list[Paragraph]:
    """All paragraphs of a file in order. Raises `DatasetError` with every bad record."""
    content, text = read_json(path)
    problems = Problems(path, text)
    articles = content.get("data") if isinstance(content, dict) else None
    paragraphs: list[Paragraph] = []
    numbers = iter(range(1, 1 << 30))

    def parse_article(article: dict[str, Any]) -> list[Paragraph]:
        name = str(article.get("title") or f"article {next(numbers)}")
        return [_paragraph(item, name, problems) for item in list_of(article, "paragraphs")]

    for parsed in problems.check(articles, parse_article, "title"):
        paragraphs.extend(parsed)
    problems.close()
    return paragraphs


def _paragraph(item: Any, article: str, problems: Problems) -> Paragraph:
    if not isinstance(item, dict):
        raise RowError("a paragraph is not a JSON object")
    context = text_of(item, "context")

    def parse_question(row: dict[str, Any]) -> Asked:
        answers = tuple(_answer(answer, context) for answer in list_of(row, "answers"))
        return Asked(text_of(row, "id"), text_of(row, "question"), answers)

    breaks = item.get("sentence_breaks", [])
    for start, end in breaks:
        if not 0 <= start < end <= len(context):
            raise RowError(f"the sentence {start}-{end} lies outside its context")
    asked = tuple(problems.check(item.get("qas"), parse_question, "id"))
    return Paragraph(article, context, asked, tuple((start, end) for start, end in breaks))


def _answer(row: Any, context: str) -> tuple[int, str]:
    if not isinstance(row, dict):
        raise RowError("an answer is not a JSON object")
    start, text = whole_of(row, "answer_start"), text_of(row, "text")
    if context[start : start + len(text)] != text or start < 0:
        raise RowError(f"the answer {text!r} does not stand at character {start} of its context")
    return start, text


def load_squad(path: Path, name: str, language: str, licence: str = "") -> Dataset:
    """One file in one language; equal contexts are one passage."""
    passages: dict[str, Passage] = {}
    questions: list[Question] = []
    for number, paragraph in enumerate(read_squad(path)):
        fresh = Passage(f"{language}:{number}", paragraph.context, language, "", paragraph.article)
        passage = passages.setdefault(paragraph.context, fresh)
        for asked in paragraph.asked:
            questions.append(
                Question(
                    id=f"{asked.id}/{language}-{language}",
                    text=asked.text,
                    language=language,
                    target=language,
                    relevant=((passage.id, 1),) if asked.answers else (),
                    gold=_golds(asked, passage.id),
                    answerable=bool(asked.answers),
                    group=paragraph.article,
                )
            )
    return Dataset(name, str(path), licence, tuple(questions), tuple(passages.values()))


def _golds(asked: Asked, passage: str) -> tuple[Gold, ...]:
    return tuple(
        Gold(passage, start, start + len(text), text, text) for start, text in asked.answers
    )


def load_xquad(folder: Path) -> Dataset:
    """XQuAD in both languages as one mixed corpus, asked in both: six pairs, 7,140 instances.

    `en-en`, `ru-ru`, `ru-en`, `en-ru` search the texts of one language; in `en-mixed` and
    `ru-mixed` both versions of the paragraph are relevant.
    """
    sides = {code: read_squad(folder / f"xquad.{code}.json") for code in ("en", "ru")}
    passages = tuple(
        Passage(f"{code}:{number}", paragraph.context, code, "", sides["en"][number].article)
        for code, side in sides.items()
        for number, paragraph in enumerate(side)
    )
    questions = [
        _instance(sides, code, target, number, place)
        for code, target in (
            *(("en", "en"), ("ru", "ru"), ("ru", "en"), ("en", "ru")),
            *(("en", MIXED), ("ru", MIXED)),
        )
        for number, paragraph in enumerate(sides[code])
        for place in range(len(paragraph.asked))
    ]
    caveats = (
        "Published XQuADRetrieval figures search 240 paragraphs of one language: only en-en and "
        "ru-ru may be held against them (here rarity of words is counted over both languages).",
        "In en-mixed and ru-mixed both versions of a paragraph are relevant.",
    )
    return Dataset(
        "xquad", str(folder), "CC BY-SA 4.0", tuple(questions), passages, caveats=caveats
    )


def _instance(
    sides: dict[str, list[Paragraph]], code: str, target: str, number: int, place: int
) -> Question:
    asked = sides[code][number].asked[place]
    targets = ("en", "ru") if target == MIXED else (target,)
    gold = tuple(
        found
        for side in targets
        for found in _golds(sides[side][number].asked[place], f"{side}:{number}")
    )
    return Question(
        id=f"{asked.id}/{code}-{target}",
        text=asked.text,
        language=code,
        target=target,
        relevant=tuple((f"{side}:{number}", 1) for side in targets),
        gold=gold,
        group=sides["en"][number].article,
    )
