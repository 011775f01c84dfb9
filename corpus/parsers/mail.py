"""E-mail (.eml): subject, sender and date, then the HTML or the text part.

Headers in bare bytes and parts with a wrong charset are read as they were meant. Attachments are
named as problems: they are documents of their own.
"""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from itertools import groupby
from pathlib import Path

from corpus.encoding import decode
from corpus.errors import BrokenFile
from corpus.parsers.base import Facts, Item, Line, Parsed, Part, RawPage
from corpus.parsers.builder import RawBuilder
from corpus.parsers.html import html_text, read_html
from corpus.parsers.text import text_page

_HEADERS = ("From", "Subject", "Date", "Received", "Message-ID")
_FULLER = 2.0  # times the letters of the HTML part: then the text part holds more


def parse(path: Path, data: bytes) -> Parsed:
    """Read one message."""
    message = message_from_bytes(data, policy=policy.compat32)
    if not any(name in message for name in _HEADERS):
        raise BrokenFile(f"{path.name} is not a readable e-mail; save it again and add it anew.")
    subject, sender, sent = (header(message, name) for name in ("Subject", "From", "Date"))
    builder = RawBuilder()
    builder.block("heading", subject, 1)
    builder.block("paragraph", f"{sender}, {sent}" if sender and sent else sender or sent)
    page = _with_body(builder, message)
    attached = tuple(
        f'The attachment "{name}" of {path.name} was not read; save it and add it by itself.'
        for name in _attachments(message)
    )
    name, address = parseaddr(sender)
    facts = Facts(title=subject, date=_day(sent), publisher=name or address)
    return Parsed("email", (page,), paged=False, facts=facts, problems=attached)


def header(message: Message, name: str) -> str:
    """A header as one line of text, "" if there is none."""
    value = message.get(name)
    return "" if value is None else _readable(value)


def _readable(value: Header | str) -> str:
    """Encoded words and bare bytes decoded, also those cut in half."""
    try:
        chunks = decode_header(value)
    except HeaderParseError:
        chunks = [(str(value), None)]
    texts = []
    for charset, group in groupby(chunks, key=lambda chunk: chunk[1]):
        whole = b"".join(
            text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
            for text, _ in group
        )
        texts.append(_decoded(whole, charset))
    return " ".join("".join(texts).split())


def _decoded(data: bytes, charset: str | None) -> str:
    """Bytes by their declared charset if that fits, else as they read best."""
    if charset and charset.lower() not in ("unknown-8bit", "us-ascii", "ascii"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    found = decode(data)
    return found.text if found else data.decode("latin-1")


def _day(date: str) -> str:
    try:
        return parsedate_to_datetime(date).date().isoformat()
    except (TypeError, ValueError):
        return ""


def _with_body(builder: RawBuilder, message: Message) -> RawPage:
    """The header's blocks, followed by the fuller of the two bodies; HTML knows its structure."""
    plain = "\n\n".join(_decoded(*_bytes(part)) for part in _bodies(message, "text/plain"))
    page = text_page(plain.replace("\r\n", "\n"))
    web = RawBuilder()
    for part in _bodies(message, "text/html"):
        data, charset = _bytes(part)
        text = _decoded(data, charset) if charset else html_text(data)
        read_html(text or "", web)
    if len(web.text.split()) * _FULLER < len(plain.split()) or not web.parts:
        return _appended(builder, page)
    return _appended(builder, web.page())


def _appended(builder: RawBuilder, page: RawPage) -> RawPage:
    """The builder's blocks and then those of `page`, over one raw text."""
    offset = len(builder.text)
    items: list[Item] = list(builder.parts)
    for item in page.items:
        if isinstance(item, Line):
            items.append(replace(item, start=item.start + offset, end=item.end + offset))
        elif isinstance(item, Part):
            moved = (
                p if isinstance(p, str) else (p[0] + offset, p[1] + offset) for p in item.pieces
            )
            items.append(replace(item, pieces=tuple(moved)))
    return RawPage(builder.text + page.raw, tuple(items))


def _bytes(part: Message) -> tuple[bytes, str | None]:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b"", part.get_content_charset()


def _bodies(message: Message, kind: str) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == kind and not _is_attached(part):
            yield part


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _attachments(message: Message) -> Iterator[str]:
    """Names of what is attached; pictures inside the text are none."""
    for part in message.walk():
        if part.is_multipart() or not _is_attached(part):
            continue
        inline = part.get_content_disposition() != "attachment"
        if inline and part.get_content_maintype() == "image":
            continue
        yield _readable(part.get_filename() or "without a name")
