"""BEIR folders (Thakur et al. 2021): corpus.jsonl, queries.jsonl, qrels/*.tsv."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.datasets.language import language_by_script
from eval.datasets.rows import RowError, read_jsonl, read_lines, text_of, unique
from eval.errors import DatasetError
from eval.types import MIXED, Dataset, Passage, Question

PARTS = ("test", "dev", "train")


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement: grade 0 is "not relevant"."""

    query: str
    document: str
    grade: int


def read_corpus(path: Path) -> list[Passage]:
    """corpus.jsonl: `_id`, `text`, optional `title` and `language` (else told by the script)."""

    def parse(row: dict[str, Any]) -> Passage:
        text = text_of(row, "text", empty=True)
        title = text_of(row, "title", empty=True) if "title" in row else ""
        body = f"{title}\n{text}".strip() if title.strip() else text
        return Passage(text_of(row, "_id"), body, _language(row, body), title)

    passages = read_jsonl(path, parse)
    unique([passage.id for passage in passages], path, "_id")
    return passages


def _language(row: dict[str, Any], text: str) -> str:
    language = row.get("language")
    return language if isinstance(language, str) and language else language_by_script(text)


def read_judgements(path: Path) -> list[Judged]:
    """A TSV with a header row: query, document, grade."""

    def parse(line: str) -> Judged:
        parts = line.split("\t")
        if len(parts) != 3:
            raise RowError(f"three columns are expected, {len(parts)} found")
        if not parts[2].strip().lstrip("-").isdigit():
            raise RowError(f"the grade {parts[2]!r} is not a whole number")
        return Judged(parts[0], parts[1], int(parts[2]))

    return read_lines(path, parse, skip=1)


def load_beir(folder: Path, part: str = "") -> Dataset:
    """One part of the judgements (the first that exists of test, dev, train).

    Queries without a judgement are left out, as BEIR itself does; a judgement of a query or
    document that does not exist is an error.
    """
    qrels = _qrels(folder, part)
    passages = read_corpus(folder / "corpus.jsonl")
    known = {passage.id: passage for passage in passages}

    def parse(row: dict[str, Any]) -> tuple[str, str, str]:
        text = text_of(row, "text")
        return text_of(row, "_id"), text, _language(row, text)

    queries = read_jsonl(folder / "queries.jsonl", parse)
    unique([query for query, _, _ in queries], folder / "queries.jsonl", "_id")
    grades = _grades(read_judgements(qrels), known, {query for query, _, _ in queries}, qrels)
    languages = {passage.language for passage in passages}
    target = languages.pop() if len(languages) == 1 else MIXED
    questions = tuple(
        Question(query, text, language, target, relevant=tuple(grades[query].items()))
        for query, text, language in queries
        if query in grades
    )
    return Dataset(folder.name, str(folder), "", questions, tuple(passages))


def _qrels(folder: Path, part: str) -> Path:
    for name in (part,) if part else PARTS:
        if (folder / "qrels" / f"{name}.tsv").is_file():
            return folder / "qrels" / f"{name}.tsv"
    raise DatasetError(f"{folder} has no qrels/{part or 'test'}.tsv; a BEIR folder needs one.")


def _grades(
    judged: list[Judged], known: dict[str, Passage], queries: set[str], path: Path
) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for row in judged:
        if row.query not in queries:
            raise DatasetError(f"{path.name} judges the query {row.query!r}, which is not there.")
        if row.document not in known:
            raise DatasetError(
                f"{path.name} names the document {row.document!r}, not in the corpus."
            )
        own = grades.setdefault(row.query, {})
        if row.grade > 0:
            own[row.document] = row.grade
    return grades
