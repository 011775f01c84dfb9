"""HTML of the documents page; every text from documents is escaped on the way."""

from collections.abc import Sequence

from rag.ui.markup import text

STYLE = """<style>
.k-table { width: 100%; border-collapse: collapse; font-size: .88rem; }
.k-table th { text-align: start; font-weight: 600; color: var(--k-muted); font-size: .8rem; }
.k-table th, .k-table td { padding: .3rem .5rem .3rem 0; border-bottom: 1px solid var(--k-line);
  vertical-align: top; overflow-wrap: anywhere; }
.k-table .k-number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.k-row { display: grid; gap: .1rem .8rem; align-items: baseline; font-size: .9rem;
  grid-template-columns: minmax(12rem, 1fr) 5.4rem 3.7rem 5.4rem 4.8rem 7.6rem 9.6rem; }
.k-row > * { overflow-wrap: anywhere; min-width: 0; }
.k-row .k-number { text-align: end; font-variant-numeric: tabular-nums; }
.k-row .k-file { display: block; font-size: .8rem; color: var(--k-muted); }
.k-heads { padding-inline-end: 80px; color: var(--k-muted); font-size: .8rem; font-weight: 600; }
.k-row .k-name { font-weight: 600; }
.k-chip { display: inline-block; font-size: .8rem; padding: 0 .45rem; border-radius: 999px;
  border: 1px solid var(--k-line); white-space: nowrap; }
.k-chip.k-partly, .k-chip.k-changed, .k-chip.k-gone { border-color: var(--k-warn);
  color: var(--k-warn); }
.k-chip.k-empty, .k-chip.k-failed { border-color: var(--k-error); color: var(--k-error); }
.k-chip.k-live { border-color: var(--k-accent); color: var(--k-accent); font-weight: 600; }
h2.k-section { font-size: 1.05rem; font-weight: 600; padding: .5rem 0 .1rem; margin: 0; }
.st-key-documents-job, .st-key-quality-running { margin-top: .7rem; }
.k-list { margin: .2rem 0; padding-inline-start: 1.1rem; font-size: .86rem; }
.k-list li { overflow-wrap: anywhere; }
.k-dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem;
  font-size: .88rem; }
.k-dl, .k-dl dt, .k-dl dd { margin: 0 !important; padding: 0 !important; font-weight: 400; }
.k-dl dt { color: var(--k-muted); }
.k-dl dd { overflow-wrap: anywhere; }
.k-extract { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; font-size: .92rem;
  border-inline-start: 3px solid var(--k-line); padding: .1rem .8rem; }
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-doc-"]) { border-bottom: 1px solid
  var(--k-line); padding-bottom: .15rem; }
[data-testid="InputInstructions"] { display: none; }
@media (max-width: 900px) {
  .k-row { grid-template-columns: 1fr 1fr; }
  .k-row > :first-child { grid-column: 1 / -1; }
  .k-row .k-number { text-align: start; }
  .k-row [data-name]::before { content: attr(data-name) ": "; color: var(--k-muted); }
  .k-heads { display: none; }
}
</style>"""


# A document opens at its beginning, wherever in the list the reader was.
TO_TOP = "<script>document.querySelector('.stMain')?.scrollTo(0, 0)</script>"


def uploader_style(drop: str, limit: str, browse: str) -> str:
    """The uploader's own English words in the reader's language; the strings are ours."""
    return (
        "<style>"
        '[data-testid="stFileUploaderDropzone"] button > * { display: none; }'
        f'[data-testid="stFileUploaderDropzone"] button::after {{ content: "{browse}"; }}'
        '[data-testid="stFileUploaderDropzoneInstructions"] * { display: none; }'
        '[data-testid="stFileUploaderDropzoneInstructions"]::after '
        f'{{ content: "{drop} · {limit}"; display: block; font-size: .88rem; }}'
        "</style>"
    )


def heads(names: Sequence[str]) -> str:
    """The heads above the rows of the list; those after the second are of numbers or short."""
    cells = "".join(
        f'<span class="{"k-number" if at in (2, 3) else ""}">{text(name)}</span>'
        for at, name in enumerate(names)
    )
    return f'<div class="k-row k-heads">{cells}</div>'


def row(title: str, file: str, cells: Sequence[tuple[str, str]], state: str) -> str:
    """A document in the list. `cells` are (name, value) of language, pages, passages, label and
    date; the names are shown on narrow screens, which have no heads. `state` is HTML already.
    """
    shown = "".join(
        f'<span class="{"k-number" if at in (1, 2) else ""}" data-name="{text(name)}" dir="auto">'
        f"{text(value)}</span>"
        for at, (name, value) in enumerate(cells)
    )
    return (
        f'<div class="k-row"><span dir="auto"><span class="k-name">{text(title)}</span>'
        f'<span class="k-file">{text(file)}</span></span>{shown}<span>{state}</span></div>'
    )


def section(title: str) -> str:
    """The heading of a part of the page."""
    return f'<h2 class="k-section">{text(title)}</h2>'


def chip(name: str, kind: str) -> str:
    """A small word with a border; `kind` is one of our own names."""
    return f'<span class="k-chip k-{text(kind)}">{text(name)}</span>'


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and values, one pair a line; empty values are left out."""
    items = "".join(
        f'<dt>{text(name)}</dt><dd dir="auto">{text(value)}</dd>' for name, value in pairs if value
    )
    return f'<dl class="k-dl">{items}</dl>'


def listed(items: Sequence[str]) -> str:
    """A list of texts."""
    return (
        '<ul class="k-list">'
        + "".join(f'<li dir="auto">{text(item)}</li>' for item in items)
        + "</ul>"
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table of texts; columns in `numbers` stand to the right."""

    def cell(kind: str, at: int, value: str) -> str:
        style = ' class="k-number"' if at in numbers else ""
        return f'<{kind}{style} dir="auto">{text(value)}</{kind}>'

    head = "".join(cell("th", at, name) for at, name in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(cell("td", at, value) for at, value in enumerate(values)) + "</tr>"
        for values in rows
    )
    return f'<table class="k-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
