"""What analysis produces: terms with the place in the text they come from."""

from dataclasses import dataclass
from typing import Literal

TermKind = Literal["word", "number", "date", "code", "reference"]


@dataclass(frozen=True, slots=True)
class Term:
    """One index term and the span `text[start:end]` it comes from; several may share a span.

    Words are stems in lower case; the other kinds begin with a sign that no word begins with:
    numbers "#1234.5", dates "@2021-05-20", codes "=kgz/k50", references "=art:218". So the
    scripts keep words of the two languages apart and everything else is common to both.
    """

    term: str
    start: int
    end: int
    kind: TermKind
