"""HTML of the quality page: tables, plots and single questions."""

import base64
import re
from collections.abc import Sequence

from rag.ui.markup import text
from rag.ui.quality_logic import Case, Side

STYLE = """<style>
.k-figures { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums;
  width: 100%; }
.k-figures th, .k-figures td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid
  var(--k-line); text-align: end; vertical-align: top; }
.k-figures th { font-size: .8rem; color: var(--k-muted); font-weight: 600; }
.k-figures th:first-child, .k-figures td:first-child { text-align: start; min-width: 10rem;
  overflow-wrap: anywhere; }
.k-figures td, .k-figures small { white-space: nowrap; }
.k-figures td:first-child { white-space: normal; }
.k-figures small { display: block; color: var(--k-muted); font-size: .75rem; }
.k-figures .k-worse { color: var(--k-error); font-weight: 600; }
.k-figures .k-better { color: var(--k-accent); font-weight: 600; }
.k-wide { overflow-x: auto; }
.k-plots, .k-plots .plots { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; }
.k-plots figure { margin: 0; max-width: 100%; overflow-x: auto; }
.k-plots img { max-width: 100%; height: auto; }
.k-plots figcaption { font-weight: 600; font-size: .9rem; margin-bottom: .3rem; }
.k-plots .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem;
  padding: 0; margin: .2rem 0; font-size: .84rem; width: 100%; }
.k-plots .legend li { margin: 0; overflow-wrap: anywhere; }
.k-case { display: grid; gap: .3rem 1.2rem; font-size: .9rem;
  grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
.k-case > div { min-width: 0; overflow-wrap: anywhere; }
.k-case .k-run { font-size: .8rem; color: var(--k-muted); }
.k-case blockquote { margin: .2rem 0; padding-inline-start: .6rem;
  border-inline-start: 3px solid var(--k-line); }
.k-case blockquote small { display: block; color: var(--k-muted); }
@media (max-width: 640px) { .k-figures { font-size: .8rem; } }
</style>"""
LONGEST = 420  # characters of a quote
_SVG = re.compile(r"<svg\b(?P<attributes>[^>]*)>(?P<inner>.*?)</svg>", re.DOTALL)
_LABEL = re.compile(r'aria-label="([^"]*)"')
# The interface lets no SVG into the page itself, so a plot is a picture with its own colours.
PLOT = """<style>svg{background:#fff;color:#1b2426;font-family:"Source Sans",sans-serif}
text{font-size:11px;fill:#56636a}.grid{stroke:#d5dcdd}.even{stroke:#56636a;stroke-dasharray:4 4}
.whisker{stroke:#1b2426;fill:none}.s0{fill:#0d5968;stroke:#0d5968}.s1{fill:#b4631a;stroke:#b4631a}
.s2{fill:#4c6fae;stroke:#4c6fae}.s3{fill:#8a4f8f;stroke:#8a4f8f}.s4{fill:#a3261c;stroke:#a3261c}
.s5{fill:#6b7787;stroke:#6b7787}.line{fill:none;stroke-width:2}
@media(prefers-color-scheme:dark){svg{background:#141b1d;color:#e4eaeb}text{fill:#a3b1b5}
.grid{stroke:#3a484b}.even{stroke:#a3b1b5}.whisker{stroke:#e4eaeb}
.s0{fill:#6cc0cd;stroke:#6cc0cd}.s1{fill:#f0b26a;stroke:#f0b26a}.s2{fill:#93b3ea;stroke:#93b3ea}
.s3{fill:#cf9ad4;stroke:#cf9ad4}.s4{fill:#ff9c92;stroke:#ff9c92}.s5{fill:#aab4bf;stroke:#aab4bf}
.line{fill:none}}</style>"""


def plots(figures: str) -> str:
    """Figures made by the evaluation (their labels are escaped there)."""
    return f'<div class="k-plots">{_SVG.sub(_picture, figures)}</div>'


def _picture(match: re.Match[str]) -> str:
    """An SVG figure as an image."""
    attributes = match["attributes"]
    label = _LABEL.search(attributes)
    whole = f'<svg xmlns="http://www.w3.org/2000/svg"{attributes}>{PLOT}{match["inner"]}</svg>'
    data = base64.b64encode(whole.encode()).decode()
    alt = label[1] if label else ""
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{alt}">'


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose cells are HTML already; see `cell` and `interval`."""
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="k-wide"><table class="k-figures"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def cell(value: str, note: str = "", style: str = "") -> str:
    """A value with a small note below it; `style` is one of our own class names."""
    shown = f'<span class="{text(style)}">{text(value)}</span>' if style else text(value)
    return f"{shown}<small>{text(note)}</small>" if note else shown


def case(found: Case, names: Sequence[str], expected: str, sides: Sequence[Sequence[str]]) -> str:
    """A question with what each run made of it, side by side; `sides` are lines about each."""
    columns = "".join(
        f'<div><div class="k-run">{text(name)}</div>'
        + "".join(f'<div dir="auto">{text(line)}</div>' for line in lines)
        + _quotes(side)
        + "</div>"
        for name, lines, side in zip(names, sides, found.sides, strict=True)
    )
    return (
        f'<div class="k-title" dir="auto">{text(found.text)}</div>'
        f'<div class="k-facts" dir="auto">{text(found.pair)} · {text(found.id)} · '
        f'{text(expected)}</div><div class="k-case">{columns}</div>'
    )


def _quotes(side: Side) -> str:
    return "".join(
        f'<blockquote dir="auto">{text(_short(quote))}<small>{text(document)}</small></blockquote>'
        for quote, document in side.quotes
    )


def _short(quote: str) -> str:
    return quote if len(quote) <= LONGEST else f"{quote[:LONGEST].rsplit(None, 1)[0]} …"
