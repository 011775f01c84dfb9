"""Mean token vectors per language: those we ship for the default encoder, or an index's own.

`index/data/token_means.npz` holds one mean per language, over general text: the mean of texts on
one subject would take the subject off too. `python -m index.stores.token_means MODELS DATA` makes
it again.
"""

import json
import re
import sys
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from index.types import Vectors

_FILE = "token_means.npz"
COMMON = "*"  # the mean of all languages, for those without one of their own
# Means of unlike encoders are as good as perpendicular; those of one encoder agree to .9 and more.
_SAME_ENCODER = 0.8
_LEAST = 20
_TEXTS = 200
_CHARACTERS = 1_500


@lru_cache(maxsize=1)
def shipped() -> dict[str, Vectors]:
    """The shipped means by language code, (d,) each."""
    source = files("index").joinpath("data", _FILE)
    with as_file(source) as path, np.load(path, allow_pickle=False) as held:
        return {name: held[name].astype(np.float32) for name in held.files}


def means_like(tokens: Vectors) -> dict[str, Vectors] | None:
    """The shipped means if these (t, d) tokens are evidently of the encoder they were made with."""
    known = shipped()
    some = next(iter(known.values()), None)
    if some is None or len(tokens) < _LEAST or tokens.shape[1] != len(some):
        return None
    own = tokens.mean(axis=0)
    for mean in known.values():
        lengths = float(np.linalg.norm(own) * np.linalg.norm(mean))
        if lengths > 0 and float(own @ mean) / lengths >= _SAME_ENCODER:
            return dict(known)
    return None


def fit(models: Path, data: Path, target: Path) -> None:
    """Write the means of the default encoder over general text in both languages to `target`.

    `data` holds `tydiqa/` (Apache 2.0) and `muserc/` (MIT): 200 paragraphs of each, evenly spread.
    """
    from index.encoders.registry import open_encoder

    encoder = open_encoder("default", models)
    means = {}
    for language, texts in (("en", _tydiqa(data)), ("ru", _muserc(data))):
        some = texts[:: max(1, len(texts) // _TEXTS)][:_TEXTS]
        held = [encoder.encode_passages([text], tokens=True).tokens[0] for text in some]
        means[language] = np.concatenate(held).mean(axis=0)
    means[COMMON] = np.mean(list(means.values()), axis=0)
    with target.open("wb") as file:
        np.savez(file, allow_pickle=False, **means)


def _tydiqa(data: Path) -> list[str]:
    held = json.loads((data / "tydiqa" / "tydiqa.goldp.en.train.json").read_text("utf-8"))
    texts = [part["context"] for entry in held["data"] for part in entry["paragraphs"]]
    return [text[:_CHARACTERS] for text in dict.fromkeys(texts)]


def _muserc(data: Path) -> list[str]:
    lines = (data / "muserc" / "train.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["passage"]["text"] for line in lines]
    return [re.sub(r"\(\d+\) ?", "", text)[:_CHARACTERS] for text in texts]


if __name__ == "__main__":
    fit(Path(sys.argv[1]), Path(sys.argv[2]), Path(__file__).parents[1] / "data" / _FILE)
