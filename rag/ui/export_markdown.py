"""A chat as Markdown with footnotes; every text in it is shown as text by any reader."""

import re

from rag.ui.chat_exports import Part, parts, plain
from rag.ui.chats import Chat
from rag.ui.i18n import Translator

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&:@=$^!])")
_START = re.compile(r"^([-+]|\d{1,9}(?=[.)]))")
_ADDRESS = re.compile(r"(?i)\bwww\.")


def escaped(text: str) -> str:
    """Text on one line that Markdown shows as it stands: no markup, no HTML, no links."""
    safe = _SIGNS.sub(r"\\\1", plain(text))
    safe = _ADDRESS.sub(lambda found: found.group().replace(".", r"\."), safe)
    found = _START.match(safe)
    if found is None:
        return safe
    sign, rest = found.group(), safe[found.end() :]
    return f"\\{sign}{rest}" if sign in "-+" else f"{sign}\\{rest}"


def to_markdown(chat: Chat, say: Translator, zone: str = "") -> str:
    """The whole chat; times are those of `zone`."""
    blocks = [f"# {escaped(chat.title)}"]
    notes: list[str] = []
    for part in parts(chat, say, zone):
        blocks += _blocks(part, say)
        for line in part.lines:
            for note in line.notes:
                quote = f" «{escaped(note.quote)}»" if note.quote else ""
                notes.append(f"[^{note.number}]: {escaped(note.source)}.{quote}")
    return "\n\n".join((*blocks, *notes)) + "\n"


def _blocks(part: Part, say: Translator) -> list[str]:
    blocks = [f"## {escaped(part.question)}", f"*{escaped(part.asked)}*"]
    if part.understood:
        blocks.append(escaped(say.t("ask.understood", question=part.understood)))
    if part.lead:
        blocks.append(escaped(part.lead) if part.answered else f"**{escaped(part.lead)}**")
    if not part.answered and part.lines:
        blocks.append(escaped(part.notice or say.t("ask.related")))
    for line in part.lines:
        marks = "".join(f"[^{note.number}]" for note in line.notes)
        blocks.append(f"> {escaped(line.text)}{marks}")
        blocks.append("<!-- -->")  # or the quotes would run together
    if part.lines:
        blocks.pop()
    if part.answered and part.notice:
        blocks.append(escaped(part.notice))
    if part.confidence:
        blocks.append(f"*{escaped(part.confidence)}*")
    return blocks
