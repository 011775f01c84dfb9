"""Writes an ordinary sentence-transformers folder from weights, without importing torch.

Also reads one back (a folder downloaded from a model hub has the same form).
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from corpus.errors import ModelError
from index.models.wheel import Matrix, ModelShape

# our name -> Hugging Face's name (BertModel)
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
WORD_EMBEDDINGS = EMBEDDINGS["emb.word"]
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
PROMPTS = {"query": "query: ", "passage": "passage: "}


def tensor_names(layers: int) -> dict[str, str]:
    """Every tensor: our name to Hugging Face's."""
    names = dict(EMBEDDINGS)
    for layer in range(layers):
        for ours, theirs in LAYER.items():
            names[f"l{layer}.{ours}.w"] = f"encoder.layer.{layer}.{theirs}.weight"
            names[f"l{layer}.{ours}.b"] = f"encoder.layer.{layer}.{theirs}.bias"
    return names


def write_folder(
    folder: Path, shape: ModelShape, tensors: Mapping[str, Matrix], tokenizer_json: str
) -> None:
    """Write configuration, weights and tokenizer; `SentenceTransformer(folder)` loads them."""
    from safetensors.numpy import save_file

    arrays = {
        theirs: np.ascontiguousarray(_reshaped(ours, tensors[ours], shape))
        for ours, theirs in tensor_names(shape.layers).items()
    }
    # Mean pooling does without BERT's pooler; left out, a loader would draw it at random and warn.
    arrays["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), np.float32)
    arrays["pooler.dense.bias"] = np.zeros(shape.hidden, np.float32)
    save_file(arrays, folder / WEIGHTS_FILE, metadata={"format": "pt"})
    (folder / TOKENIZER_FILE).write_text(tokenizer_json, encoding="utf-8")
    (folder / "1_Pooling").mkdir(exist_ok=True)
    for name, content in _configuration(shape).items():
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (folder / name).write_text(text + "\n", encoding="utf-8")


def read_folder(folder: Path) -> tuple[ModelShape, dict[str, Matrix]]:
    """Shape and float32 tensors under our names; ModelError when it is another kind of model."""
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "bert":
        raise ModelError(
            f"{folder} is not a BERT model; use sentence-transformers:{folder} instead."
        )
    shape = ModelShape(
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        feed_forward=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
        types=config["type_vocab_size"],
        norm_epsilon=config["layer_norm_eps"],
    )
    stored = load_file(folder / WEIGHTS_FILE)
    names = tensor_names(shape.layers)
    return shape, {ours: stored[theirs].astype(np.float32) for ours, theirs in names.items()}


def map_word_embeddings(folder: Path) -> Matrix:
    """(vocabulary, hidden) float32 rows, memory-mapped out of the weights file."""
    path = folder / WEIGHTS_FILE
    with path.open("rb") as file:
        header_length = int.from_bytes(file.read(8), "little")
        if header_length > path.stat().st_size:
            raise ModelError("The embedding model is damaged; type: kordon setup")
        header = json.loads(file.read(header_length))
    entry = header[WORD_EMBEDDINGS]
    start = 8 + header_length + entry["data_offsets"][0]
    return np.memmap(path, np.float32, "r", offset=start, shape=tuple(entry["shape"]))


def _reshaped(name: str, values: Matrix, shape: ModelShape) -> Matrix:
    """Matrices as (outputs, inputs), vectors as they are."""
    if name.startswith("emb.") and ".ln." not in name:
        return values.reshape(-1, shape.hidden)
    if name.endswith(".b") or "ln." in name:
        return values
    return values.reshape(-1, shape.feed_forward if ".fo." in name else shape.hidden)


def _configuration(shape: ModelShape) -> dict[str, object]:
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "attention_probs_dropout_prob": 0.1,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "hidden_size": shape.hidden,
            "initializer_range": 0.02,
            "intermediate_size": shape.feed_forward,
            "layer_norm_eps": shape.norm_epsilon,
            "max_position_embeddings": shape.positions,
            "model_type": "bert",
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "pad_token_id": 1,
            "bos_token_id": 0,
            "eos_token_id": 2,
            "type_vocab_size": shape.types,
            "vocab_size": shape.vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.models.Normalize",
            },
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False,
            "pooling_mode_max_tokens": False,
        },
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "default_prompt_name": None},
    }
