"""A cross-encoder from a folder reorders the best hits; one that cannot be loaded says so."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError, UsageError
from index.encoders.hashing import HashingEncoder
from index.reader import Reader
from index.search.reranking import open_reranker
from index.search.searcher import Searcher
from index.search.settings import SearchSettings
from index.store import IndexStore
from index.stores.base import Scores

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
QUESTION = "How many officers were trained in Bishkek?"


class Shortest:
    """A third party's reranker: short passages first."""

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        return np.array([-len(passage) for passage in passages], np.float32)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    store = IndexStore(tmp_path_factory.mktemp("reranked"))
    with store.writer(HashingEncoder()) as writer:
        writer.add([SAMPLES])
    return store.open()


@pytest.fixture(scope="module")
def model(model_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of random weights, saved as sentence-transformers saves one."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("cross")
    (source,) = (path.parent for path in (model_home / "models").rglob("tokenizer_config.json"))
    tokenizer = AutoTokenizer.from_pretrained(source)
    torch.manual_seed(0)
    config = BertConfig(  # type: ignore[call-arg]
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=514,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    CrossEncoder(str(folder / "bert"), device="cpu").save_pretrained(str(folder / "cross"))
    return folder / "cross"


def test_a_cross_encoder_from_a_folder_orders_the_best_hits(reader: Reader, model: Path) -> None:
    settings = SearchSettings(reranker=f"cross-encoder:{model}", reranked=8)
    plain = Searcher(reader, HashingEncoder()).search(QUESTION, 12)
    hits = Searcher(reader, HashingEncoder(), settings).search(QUESTION, 12)
    assert {hit.chunk.id for hit in hits[:8]} == {hit.chunk.id for hit in plain[:8]}
    assert [hit.chunk.id for hit in hits[8:]] == [hit.chunk.id for hit in plain[8:]]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    own = open_reranker(settings.reranker)
    assert own is not None
    told = own.scores(QUESTION, [hit.chunk.text for hit in hits[:8]])
    assert np.allclose(told, scores[:8], atol=1e-4)
    assert all(hit.evidence[-1].leg == "reranker" for hit in hits[:8])


def test_a_class_of_a_third_party_is_taken(reader: Reader) -> None:
    settings = SearchSettings(reranker=f"{__name__}:Shortest", reranked=10)
    hits = Searcher(reader, HashingEncoder(), settings).search(QUESTION, 10)
    lengths = [len(hit.chunk.text) for hit in hits]
    assert lengths == sorted(lengths)


def test_what_cannot_be_loaded_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="folder of a downloaded model"):
        open_reranker(f"cross-encoder:{tmp_path / 'absent'}")
    with pytest.raises(UsageError, match="unknown"):
        open_reranker("something")
    with pytest.raises(UsageError, match="cannot be imported"):
        open_reranker("kordon_absent.module:Class")
    assert open_reranker("") is None
