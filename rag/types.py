"""What `rag` produces: an answer whose every sentence carries citations."""

from dataclasses import dataclass, field

from corpus.errors import KordonError
from index.types import Hit


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `document.text[start:end] == quote`, on page `page`."""

    marker: str
    chunk_id: str
    document_id: str
    document: str
    title: str
    page: int
    page_label: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence shown, resting on the citations with these markers (at least one).

    `highlights` are spans of `text` that match the question; `answer` is the span of the exact
    answer, or None. `glosses` explain wordings of a sentence in the other language: (start, end,
    what `text[start:end]` means in the question's language).
    """

    text: str
    markers: tuple[str, ...]
    highlights: tuple[tuple[int, int], ...] = ()
    answer: tuple[int, int] | None = None
    glosses: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a question. Raises `KordonError` if a marker has no citation.

    `answered` False is a refusal: `sentences` is empty and `related` holds the nearest passages.
    `confidence` is the calibrated probability that the passages answer the question.
    `understood` is the question that was answered, in full: it differs from `question` for a
    follow-up and is what the next follow-up builds on; "" means as asked.
    `timings_ms` by stage. `notice` is one sentence for the reader (why refused, a caveat), or "".
    """

    question: str
    language: str
    answered: bool
    confidence: float
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    related: tuple[Hit, ...]
    generation: int
    answerer: str
    prompt_digest: str = ""
    notice: str = ""
    lead: str = ""
    understood: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {citation.marker for citation in self.citations}
        for sentence in self.sentences:
            if not sentence.markers or not known.issuperset(sentence.markers):
                raise KordonError("A sentence of the answer has no citation; it is not shown.")
