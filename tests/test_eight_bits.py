"""What graphs of 8 bits lose against full precision. The shipped model and readers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoders.joint_reader import (
    AGAIN,
    FIRST,
    JointReader,
    LowerLayers,
    Matchable,
    Plan,
    Said,
)
from index.encoders.onnx_encoder import OnnxEncoder
from index.encoders.onnx_session import open_session
from index.models.folder import read_folder
from index.models.joint_graph import write_joint_graph
from index.models.onnx_graph import write_graph
from index.models.setup import NAME

pytest.importorskip("torch")

from rag.answering.fitting.reading_graph import read_graph

ROOT = Path(__file__).parents[1]
QUESTIONS = (
    "Who opened the meeting on drug control?",
    "Сколько сотрудников обучили в 2024 году?",
    "How long must records be kept?",
)
TEXTS = (
    "The event was opened by Mr. Kairat Example, the Minister of Foreign Affairs.",
    "В 2024 году программа обучила 594 сотрудника; женщин среди них 28 процентов.",
    "They are kept for at least five years after the business relationship ends.",
    "Код: Т-03 | Признак: Дробление переводов одному получателю | Порог: 5 переводов за 7 дней",
)


def read_whole(plan: Plan, encoder: OnnxEncoder, lower: Path, joint: Path) -> np.ndarray:
    """The log-odds of every token of every text to answer every question, without other signs."""
    layers = LowerLayers(encoder, open_session(lower, 1), told=plan.told)
    reader = JointReader(layers, open_session(joint, 1), room=plan.room)
    none = np.zeros((0, 384), np.float32), np.zeros((0, 2), np.int32)
    texts = [Matchable(text, *none) for text in TEXTS]
    found = []
    for question in QUESTIONS:
        said = [
            Said(np.zeros((len(question), 2), np.float32), np.zeros((len(text), 1), np.float32))
            for text in TEXTS
        ]
        found += [odds for odds, _ in reader.read(Matchable(question, *none), texts, said)]
    return np.concatenate(found)


@pytest.mark.parametrize("plan", [FIRST, AGAIN], ids=["first", "again"])
def test_a_reader_says_nearly_what_it_does_in_full_precision(
    encoder: OnnxEncoder, models: Path, tmp_path: Path, plan: Plan
) -> None:
    folder, shipped = models / NAME, ROOT / "index" / "data" / plan.graph
    shape, tensors = read_folder(folder)
    lower, joint = tmp_path / "lower.onnx", tmp_path / "joint.onnx"
    write_graph(lower, replace(shape, layers=plan.lower), tensors)
    upper = replace(shape, layers=shape.layers - plan.lower)
    write_joint_graph(joint, upper, read_graph(shipped))
    exact = read_whole(plan, encoder, lower, joint)
    ours = read_whole(plan, encoder, folder / plan.lower_graph, shipped)
    assert np.abs(ours - exact).mean() < 0.3  # of odds from -20 to 5; decision 0323
    assert np.corrcoef(ours, exact)[0, 1] > 0.998
