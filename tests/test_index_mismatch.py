"""An index of another embedding model is refused with what differs and what to type."""

import dataclasses
from pathlib import Path

import pytest

from corpus.errors import IndexError_
from corpus.progress import Silent
from rag.assemble import assemble
from rag.settings import load


def test_searching_with_another_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = {"KORDON_HOME": str(tmp_path / "home"), "KORDON_EMBEDDER": "hashing"}
    settings = load(home, tmp_path)
    (tmp_path / "one.txt").write_text("The officer found the parcels at the border in the morning.")
    kordon = assemble(settings)
    with kordon.writer(Silent()) as writer:
        writer.add([tmp_path / "one.txt"])
    assert kordon.search("parcels at the border")
    (tmp_path / "narrow_encoder.py").write_text(
        "import dataclasses\n"
        "from index.encoders.hashing import HashingEncoder\n"
        "class Narrow(HashingEncoder):\n"
        "    def __init__(self, models):\n"
        "        super().__init__()\n"
        "    @property\n"
        "    def card(self):\n"
        "        return dataclasses.replace(super().card, dimension=64)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    other = dataclasses.replace(settings, embedder="narrow_encoder:Narrow")
    with pytest.raises(IndexError_, match=r"dimension 128 in the index, 64 .*kordon index rebuild"):
        assemble(other).search("parcels")
