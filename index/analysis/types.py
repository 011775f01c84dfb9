"""What analysis produces: terms with the place in the text they come from."""

from dataclasses import dataclass
from typing import Literal

TermKind = Literal["word", "number", "date", "code", "reference", "name", "pair"]


@dataclass(frozen=True, slots=True)
class Term:
    """One index term and the span `text[start:end]` it comes from; several may share a span.

    Words are stems in lower case; the other kinds begin with a sign that no word begins with:
    numbers "#1234.5", dates "@2021-05-20", codes "=kgz/k50", references "=art:218", keys of
    capitalised words "~cxvoronkov" (see `index.analysis.names`), pairs "&benefici_owner". So the
    scripts keep words of the two languages apart, numbers and codes are common to both, and names
    are found across.
    """

    term: str
    start: int
    end: int
    kind: TermKind
