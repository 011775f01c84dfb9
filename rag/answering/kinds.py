"""What a question can ask for, and a sentence can offer.

A question for a date is answered by a sentence with a date (see `question_kinds` and `offers`).
"""

from typing import Literal

Kind = Literal[
    "person", "body", "place", "date", "duration", "frequency", "money", "percent", "count", "law",
    "definition", "reason", "manner", "boolean", "list", "other",
]  # fmt: skip

# Kinds whose answer can be cut out of the sentence.
SPANNED: frozenset[Kind] = frozenset(
    ("person", "body", "place", "date", "duration", "frequency", "money", "percent", "count", "law")
)

FIGURES: frozenset[Kind] = frozenset(("date", "duration", "frequency", "money", "percent", "count"))
