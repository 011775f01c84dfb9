"""Questions have layers of their own: what they change, what they leave alone, how they learn."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoders.base import encode_questions
from index.encoders.hashing import HashingEncoder
from index.encoders.joint_reader import LowerLayers
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_session import open_session
from index.models.folder import read_folder
from index.models.onnx_graph import write_graph
from index.models.question_layers import updated
from index.models.setup import CARD_FILE, NAME, prepare, read_card
from index.search.searcher import Searcher
from index.search.settings import SearchSettings
from index.store import IndexStore
from rag.answering.fitting.gold import holds, read_gold

torch = pytest.importorskip("torch")

from rag.answering.fitting.asking import FROZEN, teach  # noqa: E402
from rag.answering.fitting.asking_data import Lesson, own_lessons  # noqa: E402
from rag.answering.fitting.asking_model import Asker, loss_of  # noqa: E402

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "eval" / "data" / "gold.jsonl"
PLAIN = SearchSettings(fitted_questions=False)


@pytest.fixture(scope="module")
def lower(
    encoder: OnnxEncoder, models: Path, tmp_path_factory: pytest.TempPathFactory
) -> LowerLayers:
    path = tmp_path_factory.mktemp("lower") / "lower.onnx"
    shape, tensors = read_folder(models / NAME)
    write_graph(path, replace(shape, layers=FROZEN), tensors)
    return LowerLayers(encoder, open_session(path, 1))


def test_what_is_fitted_is_added_to_the_weights() -> None:
    own = {"l6.q.w": np.arange(6, dtype=np.float32), "l6.q.b": np.ones(2, np.float32)}
    factors = {"l6.q.in": np.ones((1, 3), np.float32), "l6.q.out": np.array([[1.0], [2.0]])}
    changed = updated(own, {name: values.astype(np.float32) for name, values in factors.items()})
    assert changed["l6.q.w"].tolist() == [1, 2, 3, 5, 6, 7]
    assert changed["l6.q.b"] is own["l6.q.b"] and own["l6.q.w"].tolist() == [0, 1, 2, 3, 4, 5]


def test_questions_move_towards_what_answers_them(encoder: OnnxEncoder) -> None:
    question = "Обязан ли игорный дом получать разрешение на работу?"
    asked = encode_questions(encoder, [question], tokens=True)
    plain = encoder.encode_queries([question], tokens=True)
    assert np.isclose(np.linalg.norm(asked.vectors[0]), 1, atol=1e-5)
    assert np.array_equal(asked.spans[0], plain.spans[0])
    answer, other = encoder.encode_passages(
        [
            "Casinos should be licensed.",
            "The working group met twice and agreed on the work plan for the next year.",
        ]
    ).vectors
    gained = (answer - other) @ asked.vectors[0] - (answer - other) @ plain.vectors[0]
    assert gained > 0


def test_an_encoder_without_such_layers_encodes_as_ever() -> None:
    encoder = HashingEncoder()
    question = ["Where was the memorandum signed?"]
    expected = encoder.encode_queries(question).vectors
    assert np.array_equal(encode_questions(encoder, question).vectors, expected)


def test_more_questions_find_their_answer_first(encoder: OnnxEncoder, samples_home: Path) -> None:
    """Over the half of the gold questions that nothing was fitted on."""
    with IndexStore(samples_home).open() as reader:
        gold = [one for one in read_gold(GOLD, "test") if one.answers]
        found = {}
        for settings in (SearchSettings(), PLAIN):
            searcher = Searcher(reader, encoder, settings)
            ranks = []
            for one in gold:
                hits = searcher.search(one.question, 10)
                names = [Path(reader.document(hit.chunk.document_id).path).name for hit in hits]
                right = [
                    at
                    for at, hit in enumerate(hits, start=1)
                    if holds(one, names[at - 1], hit.chunk.text)
                ]
                ranks.append(1 / right[0] if right else 0.0)
            found[settings.fitted_questions] = float(np.mean(ranks))
    assert found[True] > found[False] + 0.02


def test_a_model_with_other_question_layers_is_made_again(models: Path, tmp_path: Path) -> None:
    folder = tmp_path / NAME
    shutil.copytree(models / NAME, folder)
    assert not prepare(tmp_path).written
    card = json.loads((folder / CARD_FILE).read_text("utf-8"))
    (folder / CARD_FILE).write_text(json.dumps(card | {"questions": "before"}), "utf-8")
    assert prepare(tmp_path).written
    assert read_card(tmp_path) == read_card(models)


def test_thin_layers_begin_as_the_model_and_learn(
    encoder: OnnxEncoder, models: Path, samples_home: Path, lower: LowerLayers
) -> None:
    with IndexStore(samples_home).open() as reader:
        gold = [one for one in read_gold(GOLD, "dev") if one.answers][:24]
        lessons = list(own_lessons(Searcher(reader, encoder, PLAIN), gold, lower))
    assert len(lessons) >= 20
    shape, tensors = read_folder(models / NAME)
    torch.manual_seed(0)
    asker = Asker(shape, tensors, FROZEN, 4)
    plain = encoder.encode_queries([gold[0].question], tokens=True)
    first = asker([lessons[0].states])[0].detach().numpy()
    vector = first.mean(axis=0) / np.linalg.norm(first.mean(axis=0))
    assert float(vector @ plain.vectors[0]) > 0.9999
    before = _loss(asker, lessons)
    teach(asker, lessons, rounds=20)
    assert _loss(asker, lessons) < 0.95 * before
    merged = updated(tensors, asker.factors())
    changed = [name for name in tensors if not np.array_equal(merged[name], tensors[name])]
    assert {name.split(".")[0] for name in changed} == {
        f"l{n}" for n in range(FROZEN, shape.layers)
    }
    again = Asker(shape, tensors, FROZEN, 4)
    half = {
        name: (own * (0.5 if name.endswith(".out") else 1)).astype(np.float16)
        for name, own in asker.factors().items()
    }
    again.load(half, 0.5)
    assert abs(_loss(again, lessons) - _loss(asker, lessons)) < 0.05


def _loss(asker: Asker, lessons: list[Lesson]) -> float:
    states = asker([lesson.states for lesson in lessons])
    losses = [float(loss_of(*pair).detach()) for pair in zip(states, lessons, strict=True)]
    return float(np.mean(losses))
