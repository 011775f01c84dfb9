"""`kordon index rebuild --gate`: what answers worse does not go live. `remove` needs no model."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import IndexError_, IndexMissing, ModelError, UsageError
from corpus.progress import Silent
from eval.errors import DatasetError
from eval.index_gate import IndexGate
from index.encoders.base import EncoderCard
from index.encoders.hashing import HashingEncoder
from index.encoders.registry import open_encoder
from index.store import IndexStore
from index.stores.tantivy_store import TantivyStore
from index.types import Encoded
from rag.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (
    "godovoy_otchet_2024_utochnennyy_ru.docx",
    "hawala_typologies_note_en.txt",
    "qalqan_annual_report_2024_final_en.pdf",
    "qalqan_newsletter_05_ru.pdf",
    "qalqan_programme_document_en.pdf",
    "uchebnyy_tsentr_khudzhand_ru.txt",
)


class Narrow(HashingEncoder):
    """Another model, which no setting names."""

    @property
    def card(self) -> EncoderCard:
        return replace(super().card, name="narrow", revision="2")


class Speechless(Narrow):
    """A model that reads passages and fails on questions."""

    def encode_queries(self, texts: Sequence[str], *, tokens: bool = False) -> Encoded:
        raise ModelError("The model cannot read questions.")


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gold questions on six sample documents that are asked in the other language."""
    rows = [json.loads(line) for line in (ROOT / "eval/data/gold.jsonl").open(encoding="utf-8")]
    kept = [
        row
        for row in rows
        for name in {answer["document"] for answer in row["answers"]}
        if name in DOCUMENTS and f"_{row['language']}." not in name
    ]
    path = tmp_path_factory.mktemp("gate") / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in kept), "utf-8")
    return path


@pytest.fixture(scope="module")
def indexed(model_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Six real documents, indexed with the real model."""
    home = tmp_path_factory.mktemp("gate-home")
    (home / "models").symlink_to(model_home / "models")
    settings = Settings(home)
    encoder = open_encoder(settings.embedder, settings.models)
    with IndexStore(home).writer(encoder, settings.index) as writer:
        report = writer.add([ROOT / "corpus/samples" / name for name in DOCUMENTS])
    assert report.added == len(DOCUMENTS)
    yield settings


def test_a_worse_model_is_refused_in_one_sentence(
    fresh, indexed: Settings, questions: Path
) -> None:
    shell = replace(fresh, home=indexed.home)
    order = ("index", "rebuild", "--embedder", "hashing", "--gate", questions)
    done = shell(*order, KORDON_EMBEDDER="default")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("The new index is not taken into use: ")
    assert done.stderr.count("\n") == 1
    assert "right (" in done.stderr and "significantly worse on questions" in done.stderr
    live, candidate = done.stderr.split("kordon-eval compare ")[1].rstrip("`.\n").split()
    for name in (live, candidate):
        assert (indexed.home / "runs" / name / "measures.json").is_file()
    store = IndexStore(indexed.home)
    assert store.generation() == 1 and [one.number for one in store.history()] == [1]
    assert store.verify() == [] and [entry.action for entry in store.journal()] == ["add"]


def test_the_same_model_passes_and_goes_live(indexed: Settings, questions: Path) -> None:
    settings = replace(indexed, home=indexed.home.parent / "passes")
    shutil.copytree(indexed.home, settings.home, symlinks=True)
    encoder = open_encoder(settings.embedder, settings.models)
    some = questions.with_name("some.jsonl")
    some.write_text("".join(questions.read_text("utf-8").splitlines(keepends=True)[:12]), "utf-8")
    judge = IndexGate(str(some), settings, settings, encoder, Silent())
    with IndexStore(settings.home).writer(encoder, settings.index) as writer:
        assert writer.rebuild(gate=judge).generation == 2
    assert judge.said.startswith("No measure got significantly worse on some (right ")
    assert "how large a loss would show is not known with 12 questions" in judge.said, (
        "none differs"
    )


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """One document and the hashing encoder."""
    settings = Settings(tmp_path / "home", embedder="hashing")
    (tmp_path / "one.txt").write_text("Ann Example led the harbour programme in 2023 and 2024.")
    with IndexStore(settings.home).writer(HashingEncoder(), settings.index) as writer:
        writer.add([tmp_path / "one.txt"])
    return settings


def gate(settings: Settings, dataset: object, encoder: HashingEncoder | None = None) -> IndexGate:
    return IndexGate(str(dataset), settings, settings, encoder or HashingEncoder(), Silent())


def test_what_is_wrong_is_told_before_anything_is_built(
    small: Settings, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="not about the documents in the index"):
        gate(small, questions)
    with pytest.raises(DatasetError, match="neither a data set of the table"):
        gate(small, "nonsense")
    with pytest.raises(IndexMissing, match="kordon index add"):
        gate(Settings(tmp_path / "empty", embedder="hashing"), questions)
    with monkeypatch.context() as patched:
        patched.setattr(TantivyStore, "revision", "tantivy-99")
        with pytest.raises(IndexError_, match=r"this version reads tantivy-99.*without --gate"):
            gate(small, questions)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """One question about the one document."""
    asked = {"id": "q", "question": "Who led the harbour programme?", "language": "en"}
    answer = {"document": "one.txt", "quote": "Ann Example led", "answer": "Ann Example"}
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps({**asked, "answerable": True, "answers": [answer]}))
    return path


def test_the_model_of_the_live_index_must_be_known(small: Settings, own: Path) -> None:
    # The live model is found by the settings although the rebuild has another one.
    assert gate(small, own, Narrow()).said == ""
    with IndexStore(small.home).writer(Narrow(), small.index) as writer:
        writer.rebuild()
    with pytest.raises(UsageError, match="built with narrow, which the settings do not name"):
        gate(small, own)


def test_questions_that_all_fail_let_nothing_through(small: Settings, own: Path) -> None:
    broken = Speechless()
    with (
        IndexStore(small.home).writer(broken, small.index) as writer,
        pytest.raises(IndexError_, match=r"failed on the candidate index \(ModelError: The model"),
    ):
        writer.rebuild(gate=gate(small, own, broken))
    assert IndexStore(small.home).generation() == 1


def test_a_data_set_with_texts_judges_the_model(small: Settings, tmp_path: Path) -> None:
    pairs = [(f"The port of {name} was built in {1900 + at}.", f"When was {name} built?", at)
             for at, name in enumerate(("Aktau", "Osh", "Naryn", "Termez", "Khujand"))]  # fmt: skip
    paragraphs = [
        {"context": text, "qas": [{"id": f"q{at}", "question": asked,
         "answers": [{"text": str(1900 + at), "answer_start": text.index(str(1900 + at))}]}]}
        for text, asked, at in pairs
    ]  # fmt: skip
    path = tmp_path / "ports.json"
    path.write_text(json.dumps({"data": [{"title": "Ports", "paragraphs": paragraphs}]}))
    judge = gate(small, path, Narrow())
    with IndexStore(small.home).writer(Narrow(), small.index) as writer:
        assert writer.rebuild(gate=judge).generation == 2
    assert "on ports (right" in judge.said
    homes = sorted(place.name for place in (small.home / "evaluation").glob("ports-*"))
    assert len(homes) == 2, "one index for each model"


def test_remove_does_not_load_the_model(fresh) -> None:
    assert fresh("index", "add", fresh.documents).returncode == 0
    # The home has no prepared model: loading the default one would fail.
    done = fresh("index", "remove", "newsletter.md", KORDON_EMBEDDER="default")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 removed" in done.stdout
    assert fresh("index", "verify").returncode == 0
