"""`kordon doctor`: one line per finding, and the finding is right."""

import json
import socket
from pathlib import Path

import pytest

from rag.doctor import disk, packages, port


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


def test_room_is_measured_where_the_home_will_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disk(tmp_path / "a" / "b").state == "ok"
    monkeypatch.setattr("rag.doctor.LITTLE_SPACE", 10**18)
    assert disk(tmp_path).state == "note"
