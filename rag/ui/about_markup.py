"""HTML of the page about the system."""

from collections.abc import Sequence

from rag.ui.markup import text

STYLE = """<style>
.k-opening { padding-top: .6rem; max-width: 60rem; line-height: 1.5; }
.k-tiles { display: flex; flex-wrap: wrap; gap: .8rem 2.4rem; margin: .2rem 0 .4rem; }
.k-tiles .k-big { font-size: 1.6rem; font-weight: 600; line-height: 1.2;
  font-variant-numeric: tabular-nums; }
.k-tiles .k-small { font-size: .82rem; color: var(--k-muted); }
.k-shares { font-size: .88rem; display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr 2.5rem;
  gap: .2rem .6rem; align-items: center; }
.k-shares > span:first-child, .k-shares .k-what { overflow-wrap: anywhere; }
.k-shares .k-bar { height: .55rem; border-radius: 2px; background: var(--k-accent); }
.k-shares .k-count { text-align: end; font-variant-numeric: tabular-nums; color: var(--k-muted); }
.k-points { max-width: 54rem; display: grid; gap: .35rem; counter-reset: step; }
.k-points > div { padding-inline-start: 1.6rem; position: relative; line-height: 1.5; }
.k-points > div::before { content: "–"; position: absolute; inset-inline-start: .3rem;
  color: var(--k-muted); }
.k-points.k-numbered > div::before { counter-increment: step; content: counter(step) "."; }
</style>"""


def tiles(values: Sequence[tuple[str, str]]) -> str:
    """Large numbers with what they count."""
    items = "".join(
        f'<div><div class="k-big">{text(value)}</div><div class="k-small">{text(name)}</div></div>'
        for value, name in values
    )
    return f'<div class="k-tiles">{items}</div>'


def shares(rows: Sequence[tuple[str, int, str]]) -> str:
    """Values as bars: (name, count, count as it is read)."""
    most = max((count for _, count, _ in rows), default=1)
    items = "".join(
        f'<span class="k-what" dir="auto">{text(name)}</span>'
        f'<span><span class="k-bar" style="display:block;width:{100 * count / most:.1f}%"></span>'
        f'</span><span class="k-count">{text(shown)}</span>'
        for name, count, shown in rows
    )
    return f'<div class="k-shares">{items}</div>'


def steps(items: Sequence[str], ordered: bool = True) -> str:
    """Sentences as a list."""
    inner = "".join(f'<div role="listitem">{text(item)}</div>' for item in items)
    return f'<div role="list" class="k-points{" k-numbered" if ordered else ""}">{inner}</div>'
