"""HTML tables: everything put into them is escaped here, in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(slots=True)
class Cell:
    """A cell; `text` aligns left, `long` wraps, `small` stands below, `mark` colours it."""

    content: str
    text: bool = False
    long: bool = False
    small: str = ""
    mark: str = ""
    value: float | None = None
    best: bool = False

    def html(self) -> str:
        """The cell as HTML."""
        names = [
            name
            for name, on in (("text", self.text), ("long", self.long), ("best", self.best))
            if on
        ]
        names += [self.mark] if self.mark else []
        kind = f' class="{" ".join(names)}"' if names else ""
        small = f"<small>{escape(self.small)}</small>" if self.small else ""
        return f"<td{kind}>{escape(self.content)}{small}</td>"


def table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A table that scrolls by itself when it is wider than the page."""
    left = [bool(rows) and rows[0][place].text for place in range(len(heads))]
    head = "".join(
        f'<th scope="col"{" class=text" if is_text else ""}>{escape(name)}</th>'
        for name, is_text in zip(heads, left, strict=True)
    )
    body = "".join(
        f"<tr{_opens(rows, place)}>{''.join(cell.html() for cell in row)}</tr>"
        for place, row in enumerate(rows)
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _opens(rows: Sequence[Sequence[Cell]], place: int) -> str:
    """A stronger line where the first column changes between runs of equal ones."""
    if place and rows[place][0].text and rows[place][0].content != rows[place - 1][0].content:
        return ' class="opens"'
    return ""
