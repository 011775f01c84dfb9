"""Small inline SVG plots: grouped bars with intervals, and lines over the unit square.

Colours are CSS classes s0 ... s5 of the page, so that a plot is readable in light and dark. Numbers
in labels go through the caller's format, since a Russian reader expects a comma.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

Format = Callable[[float], str]
COLOURS = 6
LEFT, BOTTOM, TOP, RIGHT = 44, 40, 10, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its interval; None is drawn as a gap."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """Points (x, y) in [0, 1]; `sizes` draws them as dots of that radius in pixels."""

    name: str
    points: Sequence[tuple[float, float]]
    sizes: Sequence[float] = ()


def bars(
    title: str, groups: Sequence[str], series: Sequence[Sequence[Bar | None]], number: Format
) -> str:
    """`series[i][j]` is the bar of series i in group j; values in [0, 1]."""
    wide = max(14, min(34, 420 // max(1, len(series) * len(groups))))
    step = wide * len(series) + 22
    width, height = LEFT + RIGHT + step * len(groups), 250
    plot = height - TOP - BOTTOM
    parts = [_frame(width, height, number)]
    for place, group in enumerate(groups):
        middle = LEFT + step * place + step / 2
        parts.append(_text(middle, height - BOTTOM + 16, group, "middle"))
        for index, own in enumerate(series):
            bar = own[place]
            if bar is None:
                continue
            x = LEFT + step * place + 11 + wide * index
            y = TOP + plot * (1 - _unit(bar.value))
            tip = f"{number(bar.value)} [{number(bar.low)}, {number(bar.high)}]"
            parts.append(
                f'<rect class="s{index % COLOURS}" x="{x}" y="{y:.1f}" width="{wide - 3}" '
                f'height="{plot * _unit(bar.value):.1f}"><title>{escape(tip)}</title></rect>'
            )
            parts.append(_whisker(x + (wide - 3) / 2, plot, bar))
    return _svg(title, width, height, parts)


def lines(
    title: str,
    series: Sequence[Line],
    x_label: str,
    y_label: str,
    number: Format,
    *,
    diagonal: bool,
) -> str:
    """Curves over the unit square; `diagonal` draws the line of perfect calibration."""
    width, height = 340, 300
    wide, high = width - LEFT - RIGHT, height - TOP - BOTTOM
    parts = [_frame(width, height, number)]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(_text(LEFT + wide * tick, height - BOTTOM + 14, number(tick), "middle"))
    if diagonal:
        parts.append(
            f'<line class="even" x1="{LEFT}" y1="{TOP + high}" x2="{LEFT + wide}" y2="{TOP}"/>'
        )
    for index, line in enumerate(series):
        at = [(LEFT + wide * _unit(x), TOP + high * (1 - _unit(y))) for x, y in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        colour = f"s{index % COLOURS}"
        parts.append(f'<polyline class="line {colour}" points="{path}"/>')
        for (x, y), size in zip(at, line.sizes, strict=False):
            parts.append(f'<circle class="{colour}" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>')
    parts.append(_text(LEFT + wide / 2, height - 6, x_label, "middle"))
    parts.append(
        f'<text transform="translate(11 {TOP + high / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(y_label)}</text>'
    )
    return _svg(title, width, height, parts)


def legend(names: Sequence[str]) -> str:
    """Which colour is which series."""
    items = "".join(
        f'<li><svg width="12" height="12" aria-hidden="true"><rect class="s{place % COLOURS}" '
        f'width="12" height="12"/></svg> {escape(name)}</li>'
        for place, name in enumerate(names)
    )
    return f'<ul class="legend">{items}</ul>'


def _frame(width: int, height: int, number: Format) -> str:
    plot = height - TOP - BOTTOM
    parts = []
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        y = TOP + plot * (1 - tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(_text(LEFT - 6, y + 4, number(tick), "end"))
    return "".join(parts)


def _whisker(x: float, plot: float, bar: Bar) -> str:
    top, low = (TOP + plot * (1 - _unit(value)) for value in (bar.high, bar.low))
    return f'<path class="whisker" d="M{x - 3} {top:.1f}h6m-3 0V{low:.1f}m-3 0h6"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg role="img" '
        f'aria-label="{escape(title)}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}">{"".join(parts)}</svg></figure>'
    )
