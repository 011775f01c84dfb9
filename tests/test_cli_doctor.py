"""`kordon doctor`: one line per finding, and the finding is right."""

import json
import os
import shutil
import socket
from pathlib import Path

import pytest

from corpus.errors import ModelError
from index.encoders.hashing import HashingEncoder
from index.encoders.registry import open_encoder
from index.models.setup import NAME
from index.store import IndexStore
from rag.doctor import disk, index, packages, parts, port
from rag.settings import Settings, load


def states(text: str) -> dict[str, str]:
    return {line.split()[1].rstrip(":"): line.split()[0] for line in text.splitlines()}


def test_a_good_installation_is_good(shell) -> None:
    done = shell("doctor")
    found = states(done.stdout)
    assert {"python", "settings", "model", "index", "disk", "port", "tesseract"} <= set(found)
    assert found["python"] == found["settings"] == found["model"] == found["index"] == "ok"
    listed = json.loads(shell("doctor", "--json").stdout)
    assert {item["what"]: item["state"] for item in listed} == found


def test_a_wrong_setting_is_a_finding(shell) -> None:
    done = shell("doctor", KORDON_APP_PORT="eighty")
    assert done.returncode == 1
    assert states(done.stdout)["settings"] == "fail"
    assert "app.port" in done.stdout


def test_another_model_than_the_index_was_made_with_is_a_finding(fresh) -> None:
    assert states(fresh("doctor").stdout)["index"] == "note"
    done = fresh("doctor", KORDON_EMBEDDER="default")
    assert done.returncode == 1
    assert states(done.stdout)["model"] == "fail"
    assert "kordon setup" in done.stdout


def test_packages_are_compared_with_their_pins(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_text("# pins\nclick==0.1\nno-such-package==1.0\n")
    (finding,) = packages(tmp_path)
    assert finding.state == "fail"
    assert "click is" in finding.text
    assert "no-such-package" not in finding.text
    (finding,) = packages(None)
    assert finding.state == "note"


def test_a_taken_port_is_noticed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert port("127.0.0.1", number).state == "note"
    assert port("127.0.0.1", number).state == "ok"


@pytest.mark.parametrize("address", ["300.1.1.1", "no-such-host.invalid", "a..b", "203.0.113.1"])
def test_an_address_of_nobody_here_is_one_sentence(shell, address: str) -> None:
    done = shell("app", KORDON_APP_ADDRESS=address)
    assert done.returncode == 1
    assert done.stderr == (
        f"{address} is no address of this machine; set app.address to one that is, such as "
        "127.0.0.1.\n"
    )
    assert states(shell("doctor", KORDON_APP_ADDRESS=address).stdout)["port"] == "fail"


def test_the_interface_does_not_start_on_a_taken_port(shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        done = shell("app", "--port", str(number))
    assert done.returncode == 1
    assert done.stderr.startswith(f"127.0.0.1:{number} is taken (")
    assert done.stderr.count("\n") == 1


def test_room_is_measured_where_the_home_will_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disk(tmp_path / "a" / "b").state == "ok"
    monkeypatch.setattr("rag.doctor.LITTLE_SPACE", 10**18)
    assert disk(tmp_path).state == "note"


def cut(path: Path) -> None:
    data = path.read_bytes()[:100_000]
    path.unlink()  # it is a link to the sound one
    path.write_bytes(data)


def flip(path: Path) -> None:
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(b"[" + data[1:])


@pytest.mark.parametrize(
    ("name", "break_it"),
    [
        ("tokenizer.json", Path.unlink),
        ("tokenizer.json", cut),
        ("tokenizer.json", flip),
        ("onnx/questions.onnx", cut),
        ("model.safetensors", cut),
        ("model.safetensors", Path.unlink),
    ],
)
def test_a_damaged_model_is_a_finding_and_a_sentence(fresh, models: Path, name, break_it) -> None:
    assert fresh("index", "add", fresh.documents).returncode == 0
    folder = fresh.home / "models" / NAME
    shutil.copytree(models / NAME, folder, copy_function=lambda a, b: Path(b).symlink_to(a))
    break_it(folder / name)
    default = {"KORDON_EMBEDDER": "default"}
    done = fresh("doctor", **default)
    found = states(done.stdout)
    assert done.returncode == 1 and "Something went wrong" not in done.stdout + done.stderr
    assert (found["model"], found["parts"], found["index"]) == ("fail", "ok", "note")
    assert f"{name} of the model is" in done.stdout and "kordon setup" in done.stdout
    with pytest.raises(ModelError, match="model is damaged.*type: kordon setup"):
        open_encoder("default", fresh.home / "models")


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("answerer", "magic", "use extractive"),
        ("answerer", "os:path", "correct the setting answerer"),
        ("search.glossary_file", "/nonexistent.tsv", "correct it or search.glossary_file"),
        ("search.reranker", "nothing", 'use "cross-encoder:FOLDER"'),
        ("search.reranker", "os:path", "is no reranker"),
        ("index.vectors", "annoy", "use one of: exact"),
        ("index.terms", "annoy", "use one of: tantivy"),
        ("index.tokens", "os:path", "correct index.tokens"),
    ],
)
def test_what_a_setting_names_is_opened(tmp_path: Path, key: str, value: str, remedy: str) -> None:
    variable = "KORDON_" + key.replace(".", "_").upper()
    settings = load({"KORDON_HOME": str(tmp_path), variable: value}, tmp_path)
    (finding,) = parts(settings)
    assert (finding.state, finding.what) == ("fail", key)
    assert remedy in finding.text
    (finding,) = parts(load({"KORDON_HOME": str(tmp_path)}, tmp_path))
    assert finding.state == "ok" and "extractive" in finding.text


def test_what_is_no_encoder_or_reranker_is_said(shell) -> None:
    for variable, kind in (("EMBEDDER", "encoder"), ("SEARCH_RERANKER", "reranker")):
        for name in ("os:path", "os:getcwd", "builtins:str"):
            chosen = {f"KORDON_{variable}": name}
            done = shell("search", "border", **chosen)
            assert f"'{name}' is no {kind}" in done.stderr and len(done.stderr.splitlines()) == 1
        done = shell("doctor", **chosen)
        assert done.returncode == 1 and f"is no {kind}" in done.stdout


@pytest.fixture
def twice(tmp_path: Path) -> IndexStore:
    """An index of two generations."""
    store = IndexStore(tmp_path / "home")
    for number in (1, 2):
        (tmp_path / f"{number}.txt").write_text(f"The officer found {number} parcels in May.")
        with store.writer(HashingEncoder()) as writer:
            writer.add([tmp_path / f"{number}.txt"])
    return store


def examined(store: IndexStore) -> tuple[str, str]:
    finding = index(Settings(home=store.layout.root.parent), HashingEncoder().card)
    return finding.state, finding.text


def test_a_lost_generation_is_a_finding_with_the_way_back(twice: IndexStore) -> None:
    assert examined(twice) == ("ok", "generation 2, 2 documents")
    manifest = twice.layout.folder(2) / "manifest.json"
    manifest.unlink()
    state, text = examined(twice)
    assert state == "fail" and text.endswith("type `kordon index rollback`.")
    shutil.rmtree(manifest.parent)
    assert examined(twice) == (state, text)
    twice.layout.current.write_text("99\n")
    state, text = examined(twice)
    assert state == "fail" and "99" in text and "`kordon index rollback`" in text
    assert twice.rollback() == 1
    shutil.rmtree(twice.layout.folder(1))
    state, text = examined(twice)
    assert state == "fail" and "kordon index add" in text and "rollback" not in text


def test_a_lost_pointer_names_what_is_there(shell, twice: IndexStore) -> None:
    twice.layout.current.unlink()
    home = {"KORDON_HOME": str(twice.layout.root.parent)}
    for order in (["doctor"], ["search", "parcels"], ["index", "repair"], ["index", "gc", "--now"]):
        done = shell(*order, **home)
        assert done.returncode == 1, order
        assert "(1, 2)" in done.stdout + done.stderr
        assert "`kordon index rollback`" in done.stdout + done.stderr
    assert twice.layout.numbers() == [1, 2]
    assert twice.rollback() == 2


@pytest.mark.parametrize("part", ["index/CURRENT", "index/generations", "index/generations/000002"])
def test_a_missing_permission_is_named(
    twice: IndexStore, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    shut = twice.layout.root.parent / part
    refuse_below(monkeypatch, shut)
    if part == "index/generations":
        twice.layout.current.unlink()
    state, text = examined(twice)
    assert state == "fail" and "no permission to read" in text and str(shut) in text


def refuse_below(monkeypatch: pytest.MonkeyPatch, shut: Path) -> None:
    """As if this user might not read there; root, who runs the tests, may."""
    reading, opening, listing = Path.read_text, os.open, Path.iterdir

    def guarded(wrapped):
        def call(path, *rest, **more):
            if Path(path).is_relative_to(shut):
                raise PermissionError(13, "Permission denied", str(path))
            return wrapped(path, *rest, **more)

        return call

    monkeypatch.setattr(Path, "read_text", guarded(reading))
    monkeypatch.setattr(os, "open", guarded(opening))
    monkeypatch.setattr(Path, "iterdir", guarded(listing))
