"""Which sentences to show, how sure to be of them, and why not."""

from dataclasses import dataclass
from typing import Literal

from index.reader import Reader
from rag.answering.calibration import Calibration
from rag.answering.candidates import Candidate
from rag.answering.evidence import Evidence, judged, weigh
from rag.answering.judge import Missing
from rag.answering.kinds import asks_for_each
from rag.answering.listing import Value, disagreeing, for_each_place
from rag.answering.options import AnswerOptions
from rag.answering.ranker import Ranker, Row
from rag.answering.sources import Passages

Outcome = Literal["answer", "caveat", "refusal"]
_GAP = 3.0  # in the ranker's log-odds: a sentence this far behind the best adds nothing


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences to show, best first, the probability that the first answers the question, and
    what the question names that their passages do not. `values` are given when documents disagree,
    newest first, and are then what the sentences say."""

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    confidence: float
    missing: Missing
    evidence: Evidence | None
    values: tuple[Value, ...] = ()


NOTHING = Choice("refusal", (), 0.0, Missing((), ()), None)


def choose(
    passages: Passages,
    language: str,
    reader: Reader,
    ranker: Ranker,
    calibration: Calibration,
    options: AnswerOptions,
) -> Choice:
    """The sentences that answer best, and one of three outcomes by the wanted precision."""
    evidence = weigh(passages, language, ranker)
    if evidence is None:
        return NOTHING
    order = evidence.order()
    best = float(evidence.scores[order[0]])
    near = [at for at in order if best - evidence.scores[at] <= _GAP][: options.sentences]
    cited = list(dict.fromkeys(evidence.candidates[at].passage for at in near))
    weights = ranker.token_weights(passages.question)
    row, missing = judged(evidence, passages, cited, weights)
    confidence = calibration.right.probability(row)
    outcome = _outcome(row, calibration, options)
    chosen = tuple(evidence.candidates[at] for at in near)
    values = disagreeing(evidence, passages, reader) if outcome != "refusal" else ()
    if values:
        chosen = tuple(value.candidate for value in values)
    elif outcome != "refusal" and asks_for_each(passages.query.text):
        chosen = for_each_place(evidence, passages) or chosen
    return Choice(outcome, chosen, confidence, missing, evidence, values)


def _outcome(row: Row, calibration: Calibration, options: AnswerOptions) -> Outcome:
    """Refusal unless the passages probably hold an answer; a caveat unless the best sentence is
    probably it."""
    answerable, right = calibration.answerable, calibration.right
    if answerable.probability(row) < answerable.threshold(options.answerable_precision):
        return "refusal"
    if right.probability(row) < right.threshold(options.precision):
        return "caveat"
    return "answer"
