"""Progress bars on a real terminal."""

import os
import pty
import subprocess
import sys


def run_on_a_terminal(shell, *arguments: str) -> tuple[int, str]:
    """Exit code and what the terminal showed of stderr."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "rag.cli", *arguments],
        stdout=subprocess.DEVNULL, stderr=terminal, env=shell.environment(),
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    while True:
        try:
            piece = os.read(controller, 4096)
        except OSError:  # Linux reports the closed terminal so
            break
        if not piece:
            break
        shown += piece
    os.close(controller)
    return process.wait(60), shown.decode()


def test_bars_show_units_rate_and_time_left(fresh) -> None:
    code, shown = run_on_a_terminal(fresh, "index", "add", str(fresh.documents))
    assert code == 0, shown
    assert "3/3" in shown
    assert "documents" in shown
    assert "100%" in shown
    assert "/s]" in shown or "s/ document" in shown


def test_quiet_shows_nothing(fresh) -> None:
    assert run_on_a_terminal(fresh, "index", "add", str(fresh.documents), "--quiet") == (0, "")
