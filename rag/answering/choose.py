"""Which sentences to show, how sure to be of them, and why not."""

from dataclasses import dataclass
from typing import Literal

from rag.answering.calibration import Calibration
from rag.answering.candidates import Candidate
from rag.answering.evidence import Evidence, judged, weigh
from rag.answering.judge import Missing
from rag.answering.options import AnswerOptions
from rag.answering.ranker import Ranker
from rag.answering.sources import Passages

Outcome = Literal["answer", "caveat", "refusal"]
_GAP = 3.0  # in the ranker's log-odds: a sentence this far behind the best adds nothing


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences to show, best first, the probability that the first answers the question, and
    what the question names that their passages do not."""

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    confidence: float
    missing: Missing
    evidence: Evidence | None


NOTHING = Choice("refusal", (), 0.0, Missing((), ()), None)


def choose(
    passages: Passages,
    language: str,
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
    confidence = calibration.probability(row)
    chosen = tuple(evidence.candidates[at] for at in near)
    return Choice(_outcome(confidence, calibration, options), chosen, confidence, missing, evidence)


def _outcome(confidence: float, calibration: Calibration, options: AnswerOptions) -> Outcome:
    if confidence >= calibration.threshold(options.precision):
        return "answer"
    if confidence >= calibration.threshold(options.caveat_precision):
        return "caveat"
    return "refusal"
