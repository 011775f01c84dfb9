"""HTML of the search page; every text from documents and queries is escaped on the way."""

import re
from collections.abc import Sequence

from rag.ui.markup import text
from rag.ui.search_marks import Mark

LENGTH = 460  # characters of a passage shown among the results
_BLANKS = re.compile(r"\s+")
STYLE = """<style>
[class*="st-key-hit-"] { gap: .1rem !important; padding: .7rem .9rem .3rem !important; }
[class*="st-key-hit-"] button { min-height: 1.7rem; padding: 0; color: var(--k-accent); }
.k-hit { line-height: 1.5; overflow-wrap: anywhere; }
.k-hit .k-passage { margin: .2rem 0; }
.k-counts { width: 100%; font-size: .86rem; border-collapse: collapse; }
.k-counts td { padding: .1rem .4rem .1rem 0; border-bottom: 1px solid var(--k-line);
  overflow-wrap: anywhere; }
.k-counts td + td { text-align: end; font-variant-numeric: tabular-nums; }
.st-key-search-columns [data-testid="stColumn"]:has(.st-key-source) > div { height: 100%; }
.st-key-search-columns [data-testid="stLayoutWrapper"]:has(> .st-key-source) {
  position: sticky; top: 3.5rem; max-height: calc(100vh - 5rem); overflow-y: auto; }
@media (max-width: 640px) {
  .st-key-search-columns [data-testid="stLayoutWrapper"]:has(> .st-key-source) {
    position: fixed; inset: 3.2rem 0 0 0; max-height: none; z-index: 999; padding: .5rem;
    background: light-dark(#fff, #11181a); }
}
[data-testid="InputInstructions"] { display: none; }
.k-hit mark, .k-legend mark { background: var(--k-mark); color: var(--k-mark-text);
  padding: 0 .1em; border-radius: 2px; }
.k-hit .k-kin, .k-legend .k-kin { text-decoration: underline dotted 2px var(--k-accent);
  text-underline-offset: .2em; }
.k-why { margin: .1rem 0 0; padding: 0 0 0 1rem; font-size: .82rem; color: var(--k-muted); }
.k-why li { margin: 0; }
.k-rank { color: var(--k-muted); font-variant-numeric: tabular-nums; margin-right: .4rem; }
.k-legend { font-size: .82rem; color: var(--k-muted); }
</style>"""


def window(passage: str, marks: Sequence[Mark], length: int = LENGTH) -> tuple[int, int]:
    """The part of a passage that is shown: the stretch with the most marks, whole words."""
    if len(passage) <= length:
        return 0, len(passage)
    starts = [0, *(max(0, mark.start - length // 5) for mark in marks)]
    latest = len(passage) - length

    def worth(start: int) -> int:
        inside = (m for m in marks if start <= m.start and m.end <= start + length)
        return sum(3 if mark.kind == "word" else 1 for mark in inside)

    begin = min(max(starts, key=worth), latest)
    end = begin + length
    while 0 < begin < len(passage) and not passage[begin - 1].isspace():
        begin -= 1
    while end < len(passage) and not passage[end].isspace() and end - begin < length + 40:
        end += 1
    return begin, min(end, len(passage))


def marked(passage: str, marks: Sequence[Mark], start: int, end: int) -> str:
    """The characters [start, end) of a passage with the marks that lie in them."""
    parts, at = [], start
    for mark in marks:
        if mark.start < at or mark.end > end:
            continue
        parts.append(_flat(passage[at : mark.start]))
        inner = _flat(passage[mark.start : mark.end])
        parts.append(
            f"<mark>{inner}</mark>"
            if mark.kind == "word"
            else f'<span class="k-kin">{inner}</span>'
        )
        at = mark.end
    parts.append(_flat(passage[at:end]))
    before = "… " if start else ""
    after = " …" if end < len(passage) else ""
    return f"{before}{''.join(parts)}{after}"


def _flat(part: str) -> str:
    """Text as HTML with its line breaks and blanks made one space: results are read at a glance."""
    return text(_BLANKS.sub(" ", part))


def hit(
    rank: int,
    title: str,
    facts: str,
    passage: str,
    marks: Sequence[Mark],
    language: str,
    reasons: Sequence[str],
) -> str:
    """One result: title, facts, passage with its marks, and why it is here."""
    start, end = window(passage, marks)
    why = "".join(f'<li dir="auto">{text(reason)}</li>' for reason in reasons)
    return (
        f'<div class="k-hit"><div class="k-title" dir="auto"><span class="k-rank">{rank}.</span>'
        f'{text(title)}</div><div class="k-facts" dir="auto">{text(facts)}</div>'
        f'<div class="k-passage" dir="auto" lang="{text(language)}">'
        f'{marked(passage, marks, start, end)}</div><ul class="k-why">{why}</ul></div>'
    )


def legend(word: str, kindred: str) -> str:
    """What the two kinds of marks mean."""
    return (
        f'<div class="k-legend"><mark>{text(word)}</mark> &nbsp; '
        f'<span class="k-kin">{text(kindred)}</span></div>'
    )
