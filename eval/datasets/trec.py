"""TREC files: topics, judgements (qrels) and runs, and a folder of topics, qrels and a corpus."""

import re
from pathlib import Path

from eval.datasets.beir import Judged, read_corpus
from eval.datasets.language import language_by_script
from eval.datasets.rows import RowError, read_lines, read_text, unique
from eval.errors import BadRow, DatasetError, bad_rows
from eval.types import MIXED, Dataset, Passage, Question

Ranking = list[tuple[str, float]]
TOPIC = re.compile(r"<top>(.*?)</top>", re.DOTALL)
NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)")
TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*([^<]+)", re.DOTALL)
DOCUMENT = re.compile(r"<DOC>(.*?)</DOC>", re.DOTALL)
DOCNO = re.compile(r"<DOCNO>\s*(\S+)\s*</DOCNO>")
TAG = re.compile(r"<[^>]*>")


def read_qrels(path: Path) -> list[Judged]:
    """`query iteration document grade` by white space."""

    def parse(line: str) -> Judged:
        parts = line.split()
        if len(parts) != 4:
            raise RowError(f"four columns are expected, {len(parts)} found")
        if not parts[3].lstrip("-").isdigit():
            raise RowError(f"the grade {parts[3]!r} is not a whole number")
        return Judged(parts[0], parts[2], int(parts[3]))

    return read_lines(path, parse)


def read_run(path: Path) -> dict[str, Ranking]:
    """`query Q0 document rank score name`: documents and scores per query, in the file's order.

    As trec_eval does, the score decides the order, not the rank column.
    """

    def parse(line: str) -> tuple[str, str, float]:
        parts = line.split()
        if len(parts) != 6:
            raise RowError(f"six columns are expected, {len(parts)} found")
        try:
            return parts[0], parts[2], float(parts[4])
        except ValueError as error:
            raise RowError(f"the score {parts[4]!r} is not a number") from error

    run: dict[str, Ranking] = {}
    seen: set[tuple[str, str]] = set()
    for query, document, score in read_lines(path, parse):
        if (query, document) in seen:
            raise bad_rows([BadRow(path, 0, f"{document!r} stands twice for query {query!r}")])
        seen.add((query, document))
        run.setdefault(query, []).append((document, score))
    return run


def read_topics(path: Path) -> list[tuple[str, str]]:
    """Id and text of every topic: classic `<top>` blocks, or `id<TAB>text` lines."""
    content = read_text(path)
    if "<top>" not in content:

        def parse(line: str) -> tuple[str, str]:
            number, tab, text = line.partition("\t")
            if not tab or not number.strip() or not text.strip():
                raise RowError("an id, a tab and a text are expected")
            return number.strip(), text.strip()

        topics = read_lines(path, parse)
    else:
        topics = _blocks(path, content)
    unique([number for number, _ in topics], path, "topic")
    return topics


def _blocks(path: Path, content: str) -> list[tuple[str, str]]:
    topics, bad = [], []
    for block in TOPIC.finditer(content):
        number, title = NUMBER.search(block[1]), TITLE.search(block[1])
        if number is None or title is None:
            line = content.count("\n", 0, block.start()) + 1
            bad.append(BadRow(path, line, "a topic needs <num> and <title>"))
        else:
            topics.append((number[1], " ".join(title[1].split())))
    if bad:
        raise bad_rows(bad)
    return topics


def read_documents(path: Path) -> list[Passage]:
    """`<DOC><DOCNO>id</DOCNO> ... </DOC>`; tags inside are dropped, their text is kept."""
    content = read_text(path)
    passages, bad = [], []
    for block in DOCUMENT.finditer(content):
        number = DOCNO.search(block[1])
        if number is None:
            line = content.count("\n", 0, block.start()) + 1
            bad.append(BadRow(path, line, "a document needs <DOCNO>"))
            continue
        text = TAG.sub(" ", block[1].replace(number[0], "", 1)).strip()
        passages.append(Passage(number[1], text, language_by_script(text)))
    if bad:
        raise bad_rows(bad)
    return passages


def load_trec(folder: Path) -> Dataset:
    """A folder with topics.*, qrels.* and corpus.jsonl or docs.trec. Raises `DatasetError`."""
    topics, qrels = _only(folder, "topics"), _only(folder, "qrels")
    beir = folder / "corpus.jsonl"
    passages = read_corpus(beir) if beir.is_file() else read_documents(_only(folder, "docs"))
    grades: dict[str, dict[str, int]] = {}
    known = {passage.id for passage in passages}
    for row in read_qrels(qrels):
        # TREC judgements cover pools of whole collections; a part of one is usual.
        own = grades.setdefault(row.query, {})
        if row.grade > 0 and row.document in known:
            own[row.document] = row.grade
    languages = {passage.language for passage in passages}
    target = languages.pop() if len(languages) == 1 else MIXED
    questions = tuple(
        Question(number, text, language_by_script(text), target, tuple(grades[number].items()))
        for number, text in read_topics(topics)
        if number in grades
    )
    return Dataset(folder.name, str(folder), "", questions, tuple(passages))


def _only(folder: Path, stem: str) -> Path:
    found = sorted(path for path in folder.glob(f"{stem}*") if path.is_file())
    if len(found) != 1:
        raise DatasetError(f"{folder} must hold exactly one file {stem}.*; it holds {len(found)}.")
    return found[0]
