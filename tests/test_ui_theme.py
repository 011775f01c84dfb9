"""The theme's contrasts, computed as WCAG 2.2 says, and the same colours in the style sheet."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
STYLE = (ROOT / "rag" / "ui" / "style.css").read_text("utf-8")
TEXT, LARGE = 4.5, 3.0  # level AA; the second for large text and for parts of controls


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_on_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_stand_out_from_every_ground(mode: str) -> None:
    theme = THEME[mode]
    grounds = {theme["backgroundColor"], theme["secondaryBackgroundColor"]}
    grounds |= {theme["sidebar"][k] for k in ("backgroundColor", "secondaryBackgroundColor")}
    names = [name for name in theme if name.endswith("TextColor") or name == "textColor"]
    for ground in grounds:
        for name in (*names, "linkColor", "primaryColor"):
            assert contrast(theme[name], ground) >= TEXT, (mode, name, ground)


@pytest.mark.parametrize(("mode", "place"), [("light", 0), ("dark", 1)])
def test_the_style_sheet_keeps_to_it(mode: str, place: int) -> None:
    pairs = dict(re.findall(r"--k-([a-z-]+): light-dark\(([^)]+)\)", STYLE))
    own = {name: value.split(",")[place].strip() for name, value in pairs.items()}
    theme = THEME[mode]
    assert own["accent"] == theme["primaryColor"] and own["line"] == theme["borderColor"]
    ground, second = theme["backgroundColor"], theme["secondaryBackgroundColor"]
    for name in ("accent", "muted", "warn", "error"):
        assert min(contrast(own[name], ground), contrast(own[name], second)) >= TEXT, name
    for back in ("warn-back", "error-back"):
        assert contrast(theme["textColor"], own[back]) >= TEXT
    assert contrast(own["warn"], own["warn-back"]) >= LARGE


def test_marked_words_can_be_read() -> None:
    mark = dict(re.findall(r"--k-(mark[a-z-]*): (#\w+)", STYLE))
    assert contrast(mark["mark"], mark["mark-text"]) >= TEXT
