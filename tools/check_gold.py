"""Prove that every gold answer stands verbatim in its document.

    python tools/check_gold.py eval/data/gold.jsonl corpus/samples
    python tools/check_gold.py eval/data/ctaml_questions.jsonl FOLDER FOLDER

Prints one line for each string that is not found, and exits with 1 if there is one. A row names
documents by file name; where it gives a page, the string must stand on that page. A document with
pages that nobody could read (a scan where Tesseract is not installed) is named on stderr and left
out.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from corpus.load import load_document
from corpus.types import Document


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folders that the documents are looked for in."""

    folders: tuple[Path, ...]

    def open(self, name: str) -> Document:
        """The document called `name`; FileNotFoundError when no folder has it."""
        return _load(next(iter(self._places(name)), Path(name)))

    def _places(self, name: str) -> Iterator[Path]:
        return (folder / name for folder in self.folders if (folder / name).is_file())


@cache
def _load(path: Path) -> Document:
    if not path.is_file():
        raise FileNotFoundError(path.name)
    return load_document(path, root=path.parent)


def stands(needle: str, text: str) -> bool:
    """Whether `needle` is in `text` and no number or word is cut: "5 %" is not in "15 %"."""
    pattern = re.escape(needle)
    before = r"(?<!\w)(?<!\d[.,])" if needle[0].isalnum() else ""
    after = r"(?!\w)(?![.,]\d)" if needle[-1].isalnum() else ""
    return re.search(before + pattern + after, text) is not None


def problems(gold: Path, shelf: Shelf) -> list[str]:
    """A sentence for each gold string that its document does not contain."""
    found = []
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for answer in row["answers"]:
            found.extend(f"{row['id']}: {problem}" for problem in _check(answer, shelf))
    return found


def _check(answer: dict[str, Any], shelf: Shelf) -> Iterator[str]:
    name, quote, short = answer["document"], answer["quote"], answer["answer"]
    document = shelf.open(name)
    if any(page.layer == "none" for page in document.pages):
        sys.stderr.write(f"{name} has pages without text and is not checked\n")
        return
    text = document.pages[answer["page"] - 1].text if "page" in answer else document.text
    if quote not in text:
        yield f"{name} does not contain the quote {quote!r}"
    if not stands(short, quote):
        yield f"the answer {short!r} does not stand in the quote {quote!r}"


def main(arguments: Sequence[str]) -> int:
    """Check the file named first against the folders named after it."""
    if len(arguments) < 2:
        sys.stderr.write("usage: check_gold.py GOLD.jsonl FOLDER...\n")
        return 2
    gold, *folders = map(Path, arguments)
    found = problems(gold, Shelf(tuple(folders)))
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
