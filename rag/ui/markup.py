"""HTML that the interface shows; every text from documents and questions is escaped here."""

import html
import re
from collections.abc import Iterable, Sequence
from importlib import resources

from rag.ui.i18n import LANGUAGES

# Embedding and override controls could make a reader see another order of words than the source
# has; they are shown as a replacement character instead.
OVERRIDES = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="6" fill="#0d5968"/>'
    '<path d="M9 7h4v8l7-8h5l-8 9 8 9h-5l-7-8v8H9z" fill="#fff"/></svg>'
)
STYLE = f"<style>{resources.files('rag.ui').joinpath('style.css').read_text('utf-8')}</style>"

# Constant scripts, in elements of their own: nothing of a document or a question is in them.
TO_NEWEST = (
    "<script>(() => { const turns = document.querySelectorAll('[class*=\"st-key-turn-\"]');"
    " turns[turns.length - 1]?.scrollIntoView({block: 'start'}); })()</script>"
)
TO_QUOTE = (
    "<script>(() => { document.querySelector('.k-page .k-box, .k-quote mark')"
    "?.scrollIntoView({block: 'nearest'}); })()</script>"
)

# Screen readers and hyphenation go by the language of the page.
SPEAKS = {
    language: f"<script>document.documentElement.lang = '{language}'</script>"
    for language in LANGUAGES
}


def text(value: str) -> str:
    """Text as HTML that shows it and nothing else."""
    return html.escape(value.translate(OVERRIDES), quote=True)


def block(value: str, style: str = "k-text", language: str = "") -> str:
    """A block of text in one of the classes of `STYLE`."""
    tongue = f' lang="{text(language)}"' if language else ""
    return f'<div class="{style}" dir="auto"{tongue}>{text(value)}</div>'


def sentence(value: str, answer: tuple[int, int] | None) -> str:
    """A quoted sentence; the exact answer in it, a span of its characters, stands out."""
    start, end = answer or (0, 0)
    inner = text(value)
    if start < end:
        bold = f"<strong>{text(value[start:end])}</strong>"
        inner = f"{text(value[:start])}{bold}{text(value[end:])}"
    return f'<div class="k-text" dir="auto">{inner}</div>'


def notice(value: str) -> str:
    """A sentence that says what went wrong."""
    return f'<div class="k-notice" role="alert">{text(value)}</div>'


def quoted(before: str, quote: str, after: str, language: str) -> str:
    """A passage with its quote highlighted."""
    inner = f"{text(before)}<mark>{text(quote)}</mark>{text(after)}"
    return f'<div class="k-quote" dir="auto" lang="{text(language)}">{inner}</div>'


def page_picture(
    address: str, description: str, shape: float, boxes: Iterable[tuple[float, ...]] = ()
) -> str:
    """A page as an image; `boxes` (left, top, right, bottom in shares) are laid over it.

    `shape` is its height by its width, so that nothing moves when the image arrives.
    """
    marks = "".join(
        f'<span class="k-box" style="left:{left:.3%};top:{top:.3%};'
        f'width:{right - left:.3%};height:{bottom - top:.3%}"></span>'
        for left, top, right, bottom in boxes
    )
    return (
        f'<div class="k-page" style="aspect-ratio:1/{shape:.4f}">'
        f'<img src="{text(address)}" alt="{text(description)}">{marks}</div>'
    )


def scheme(theme: str) -> str:
    """Tells the browser which theme was chosen, also for what lies outside the application's own
    element, such as menus; the system's choice when it is not known."""
    known = theme if theme in ("light", "dark") else "light dark"
    return f"<style>:root {{ color-scheme: {known}; }}</style>"


def script(code: str, once: str) -> str:
    """One of the constant scripts; it runs anew when `once`, an id of ours, is another one."""
    return f"{code}<!-- {text(once)} -->"


def steps(names: Sequence[str], at: int) -> str:
    """The steps of a work in a row; step `at` is being done, those before it are."""
    marks = [
        f'<span class="k-step{" k-now" if place == at else " k-done" if place < at else ""}">'
        f"{text(name)}</span>"
        for place, name in enumerate(names)
    ]
    return f'<div class="k-steps" role="status" aria-live="polite">{"".join(marks)}</div>'


# What Streamlit reads as Markdown, emoji names, colours, icons or formulas in labels and hints.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~:$!&^=])")


def label(value: str, size: int = 200) -> str:
    """Text for a label that Streamlit reads as Markdown: on one line, shown as it stands."""
    plain = " ".join(value.translate(OVERRIDES).split())
    plain = plain if len(plain) <= size else plain[: size - 1].rstrip() + "…"
    safe = _MARKS.sub(r"\\\1", plain)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+])", r"\\\1", safe))


def hint(value: str) -> str:
    """Text for the hint of a widget, which is Markdown too."""
    return label(value, 400)
