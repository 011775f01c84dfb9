"""A sentence with a wrong quote, held against what the sources really say.

Small models translate a quote, change a word of it or take a heading for one. The quote is then
lost, the sentence need not be: it is checked anew, in full, beside the source sentences that are
nearest to it. What is shown is again the source's own wording.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from index.sentences import sentence_spans
from rag.generation.checks.checker import Checker
from rag.generation.types import Claim, Source, Verdict
from rag.generation.work import Work

_TRIED = 2  # nearest sentences of the sources
_LEAST = 20  # characters of a sentence that can bear another one out


def requoted(failed: Sequence[Verdict], checker: Checker, work: Work) -> Iterator[Verdict]:
    """The verdicts that another quote from the same sources makes good."""
    lost = [verdict for verdict in failed if verdict.reason not in ("language", "link")]
    places = list(_sentences(work.sources)) if lost else []
    if not places:
        return
    texts = [text for _, text in places]
    encoded = checker.vectors.encoder.encode_passages(
        [*texts, *(verdict.claim.sentence for verdict in lost)]
    ).vectors
    known = encoded[: len(texts)]
    for verdict, vector in zip(lost, encoded[len(texts) :], strict=True):
        for at in np.argsort(-(known @ vector), kind="stable")[:_TRIED].tolist():
            source, text = places[at]
            claim = Claim(text, source.marker, verdict.claim.sentence)
            again = checker.check(claim, work.sources, work.language, work.meant)
            if again.supported:
                yield again
                break


def _sentences(sources: Sequence[Source]) -> Iterator[tuple[Source, str]]:
    for source in sources:
        chunk = source.hit.chunk
        for start, end in sentence_spans(chunk.text, chunk.language):
            if end - start >= _LEAST:
                yield source, source.framed[start:end]
