"""HTML pages with navigation, aside and footer, and e-mail messages."""

from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from samplekit.source import Piece, Sample, no_break, plain


def write_html(sample: Sample) -> bytes:
    """A page of a web site; only `<article>` is what a reader came for."""
    language = "ru" if sample.output.endswith("_ru.html") else "en"
    links = "".join(f'<li><a href="#">{escape(name)}</a></li>' for name in sample.strings("nav"))
    asides = "".join(f"<p>{escape(text)}</p>" for text in sample.strings("aside"))
    page = f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{escape(sample.text("title"))} | QALQAN</title>
<meta name="author" content="{escape(sample.text("author"))}">
<meta property="article:published_time" content="{sample.text("date")}">
<meta property="og:site_name" content="QALQAN">
<style>body {{ font-family: serif }} nav li {{ display: inline }}</style>
</head>
<body>
<header><nav><ul>{links}</ul></nav></header>
<main>
<article>
{_markup(sample.pieces)}
</article>
<aside>{asides}</aside>
</main>
<footer><p>{escape(sample.text("foot"))}</p></footer>
<script>document.body.className = "ready";</script>
</body>
</html>
"""
    return page.encode("utf-8")


def write_mail_text(sample: Sample) -> bytes:
    """A message with a plain text part only."""
    message = _message(sample)
    message.set_content(sample.body.strip() + "\n", cte="base64")
    return message.as_bytes()


def write_mail_html(sample: Sample) -> bytes:
    """A newsletter with an HTML part; its text part only says where to read it."""
    message = _message(sample)
    message.set_content("This newsletter is best read in a program that shows HTML messages.\n")
    markup = _markup(sample.pieces)
    foot = escape(sample.text("foot"))
    html = f"<html><body>\n{markup}\n<hr><p><small>{foot}</small></p>\n</body></html>\n"
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary("----=_kordon_sample_part")
    return message.as_bytes()


def _message(sample: Sample) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = sample.text("subject")
    message["From"] = sample.text("sender")
    message["To"] = sample.text("to")
    message["Date"] = sample.text("sent")
    message["Message-ID"] = f"<{sample.output}@sample.example>"
    return message


def _markup(pieces: tuple[Piece, ...]) -> str:
    return "\n".join(_element(piece) for piece in pieces)


def _element(piece: Piece) -> str:
    if piece.kind == "heading":
        return f"<h{piece.level}>{_inline(piece.lines[0])}</h{piece.level}>"
    if piece.kind == "list":
        items = "".join(f"<li>{_inline(line.removeprefix('- '))}</li>" for line in piece.lines)
        return f"<ul>{items}</ul>"
    if piece.kind == "table":
        head, *body = (_row(row, "th" if i == 0 else "td") for i, row in enumerate(piece.rows))
        return f"<table>\n{head}\n" + "\n".join(body) + "\n</table>"
    return "\n".join(f"<p>{_inline(line)}</p>" for line in piece.lines)


def _row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_inline(cell)}</{tag}>" for cell in cells) + "</tr>"


def _inline(text: str) -> str:
    return escape(no_break(plain(text)), quote=False).replace("\u00a0", "&nbsp;")
